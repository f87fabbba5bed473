use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result, bail};

use crate::catalogue::Exercise;
use crate::saved::advice;

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

    /// Where the attendee's progress is kept.
    pub(crate) fn marks(&self) -> PathBuf {
        self.root.join(".workshop.json")
    }

    /// What is in the attendee's file now.
    pub(crate) fn content(&self, exercise: &Exercise) -> Result<Vec<u8>> {
        let file = self.file(exercise);
        match fs::read(&file) {
            Ok(content) => Ok(content),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                bail!("{}", lost(exercise))
            }
            Err(error) => {
                let advice = advice(&error);
                Err(error).with_context(|| format!("{} cannot be read{advice}", typed(exercise)))
            }
        }
    }

    /// The exercises whose files are gone.
    pub(crate) fn lost(&self) -> impl Iterator<Item = &'static Exercise> {
        crate::catalogue::ALL.iter().filter(|exercise| !self.file(exercise).exists())
    }
}

/// The attendee's file as one types it in the folder of the clone.
pub(crate) fn typed(exercise: &Exercise) -> String {
    format!("crates/workshop/exercises/{}.rs", exercise.name)
}

/// What to say of an exercise whose file is gone.
pub(crate) fn lost(exercise: &Exercise) -> String {
    let file = typed(exercise);
    format!(
        "{file} is gone, or has another name now. Give it its name back, or get the starter: git \
         checkout {file}"
    )
}
