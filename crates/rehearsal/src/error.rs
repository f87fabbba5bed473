use std::io;
use std::path::PathBuf;

use customers::Closed;
use thiserror::Error;

/// Why a manifest cannot be rehearsed. Each message ends with what to do.
#[derive(Debug, Error)]
pub enum ManifestError {
    /// A file cannot be read.
    #[error("the manifest {path} cannot be read: {source}. Look at --manifests", path = path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A file is not YAML.
    #[error("the manifest {path} is no YAML: {why}. Mend that line", path = path.display())]
    Yaml {
        /// The file.
        path: PathBuf,
        /// What the parser says, with the line.
        why: String,
    },
    /// A field that is needed is missing.
    #[error("the manifest {path} lacks {field}. Add it, such as {example}", path = path.display())]
    Lacks {
        /// The file or folder.
        path: PathBuf,
        /// The field, from the top.
        field: String,
        /// How it could look.
        example: &'static str,
    },
    /// A field has a value that cannot be rehearsed.
    #[error("the manifest {path} has a wrong {field}: {why}", path = path.display())]
    Wrong {
        /// The file or folder.
        path: PathBuf,
        /// The field, from the top.
        field: String,
        /// What is wrong, and what to try.
        why: String,
    },
    /// Kustomize can do more than the rehearsal.
    #[error(
        "the manifest {path} uses {field}, which the rehearsal does not know. Let kubectl build \
         it: kubectl kustomize {folder} > built.yaml, then --built built.yaml",
        path = path.display(), folder = path.parent().unwrap_or(path).display()
    )]
    Unknown {
        /// The file.
        path: PathBuf,
        /// What it uses.
        field: String,
    },
}

/// Why a rehearsal ended early. Each message ends with what to do.
#[derive(Debug, Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    #[error("the shop cannot start: {0}")]
    NoStart(String),
    #[error("{0}. Look at the limits of the manifest, and whether this machine has other work")]
    NotReady(String),
    #[error("stopped at the --time-limit of {0} s, and the shops are closed. Try a longer one")]
    TimeOver(f64),
    #[error("the output cannot be written: {0}. Look where it goes, a full disk perhaps")]
    Output(io::Error),
    #[error(transparent)]
    Closed(#[from] Closed),
    #[error("the operating system refuses what is needed: {0}. Close other programs and try again")]
    System(io::Error),
}
