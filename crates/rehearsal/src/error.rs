use std::io::{self, ErrorKind};
use std::path::PathBuf;

use customers::Closed;
use thiserror::Error;

/// Why a manifest cannot be rehearsed. Each message ends with what to do.
#[derive(Debug, Error)]
pub enum ManifestError {
    /// A file cannot be read.
    #[error(
        "the manifest {path} cannot be read: {source}. {}", advice(source), path = path.display()
    )]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A file is too long to be a manifest.
    #[error(
        "the manifest {path} is longer than {megabytes} MB, or endless. Give the file that kubectl \
         kustomize has written", path = path.display()
    )]
    TooLong {
        /// The file.
        path: PathBuf,
        /// The bound.
        megabytes: u64,
    },
    /// A file is in no encoding that is known here.
    #[error(
        "the manifest {path} is no text: neither UTF-8 nor UTF-16 with its mark. Save it as UTF-8",
        path = path.display()
    )]
    NotText {
        /// The file.
        path: PathBuf,
    },
    /// A file is not YAML.
    #[error("the manifest {path} is no YAML: {why}. Mend that line", path = path.display())]
    Yaml {
        /// The file.
        path: PathBuf,
        /// What the parser says, with the line.
        why: String,
    },
    /// A map has a key twice.
    #[error(
        "the manifest {path} has {key} twice in one map, again in line {line}. Leave one out",
        path = path.display()
    )]
    Twice {
        /// The file.
        path: PathBuf,
        /// The key.
        key: String,
        /// Where it stands again.
        line: usize,
    },
    /// A value means different things to different versions of YAML.
    #[error(
        "the manifest {path} has {text} in line {line}, which is another value in YAML 1.1 than in \
         1.2. Put it in quotes, or write a plain decimal number", path = path.display()
    )]
    Ambiguous {
        /// The file.
        path: PathBuf,
        /// The value.
        text: String,
        /// Where it stands.
        line: usize,
    },
    /// What is needed is not there.
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
    /// A field is outside the grammar of our own manifests.
    #[error(
        "the manifest {path} has {field}, which cannot be rehearsed. Leave it out, or mend its name",
        path = path.display()
    )]
    Outside {
        /// The file or folder.
        path: PathBuf,
        /// The field, from the top.
        field: String,
    },
    /// A patch is for no resource, or for several.
    #[error(
        "the patch {path} is for {target}, and the resources have {hits} of them. Mend its \
         apiVersion, kind or name, so that it is for exactly one", path = path.display()
    )]
    Misses {
        /// The file.
        path: PathBuf,
        /// What it is for: version, kind and name.
        target: String,
        /// How many of those there are.
        hits: usize,
    },
    /// Kustomize and YAML can do more than the rehearsal.
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

/// What to do about a file that cannot be read.
fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::NotFound => {
            "Look at --manifests or --built, and at the name in kustomization.yaml"
        }
        ErrorKind::PermissionDenied => "Allow it with chmod a+rX, or look at --manifests",
        ErrorKind::IsADirectory => {
            "It is a folder: give --built a file, and --manifests the folder k8s"
        }
        _ => "Try to read it with another program, such as cat",
    }
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
