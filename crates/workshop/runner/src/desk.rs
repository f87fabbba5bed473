use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::catalogue::Exercise;
use crate::progress::Progress;
use crate::terminal::Terminal;

/// Where things lie in the clone.
#[derive(Debug)]
pub(crate) struct Desk {
    root: PathBuf,
}

impl Desk {
    /// The clone: the one asked for, else the one whose `cargo workshop` was typed.
    pub(crate) fn find(root: Option<&Path>) -> Result<Self> {
        let root = match root {
            Some(root) => root.to_owned(),
            None => {
                // Cargo's own word first: a clone that was moved still carries the old path inside.
                let here = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
                let here = here.unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
                here.ancestors().nth(3).map(Path::to_owned).unwrap_or(here)
            }
        };
        let desk = Self { root };
        if !desk.folder().is_dir() {
            bail!(
                "there are no exercises in {}: type cargo workshop in the folder of your clone",
                desk.root.display()
            );
        }
        Ok(desk)
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of the attendee's files.
    pub(crate) fn folder(&self) -> PathBuf {
        self.root.join("crates/workshop/exercises")
    }

    /// The attendee's file.
    pub(crate) fn file(&self, exercise: &Exercise) -> PathBuf {
        self.folder().join(exercise.name).with_extension("rs")
    }

    pub(crate) fn progress(&self, terminal: &Terminal) -> Progress {
        Progress::read(self.root.join(".workshop.json"), terminal)
    }
}

/// The attendee's file as one types it in the folder of the clone.
pub(crate) fn typed(exercise: &Exercise) -> String {
    format!("crates/workshop/exercises/{}.rs", exercise.name)
}
