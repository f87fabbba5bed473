use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::Error;

/// A place for a picture that is drawn later. It is claimed before the work begins, so that a
/// wrong path is an error at once and not after a minute of brewing; and the file appears whole
/// or not at all.
#[derive(Debug)]
pub(crate) struct Picture {
    path: PathBuf,
    file: NamedTempFile,
}

impl Picture {
    pub(crate) fn claim(path: &Path) -> Result<Self, Error> {
        // The kind alone: the rest would name a temporary file that nobody asked for.
        let failed = |kind| Error::Picture { path: path.to_owned(), source: io::Error::from(kind) };
        if path.is_dir() {
            return Err(failed(ErrorKind::IsADirectory));
        }
        // The same folder, because a rename does not cross file systems.
        let folder = match path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        let file = beside(folder).map_err(|error| failed(error.kind()))?;
        Ok(Self { path: path.to_owned(), file })
    }

    pub(crate) fn draw(mut self, svg: &str) -> Result<(), Error> {
        let written = self.file.write_all(svg.as_bytes());
        let path = &self.path;
        written
            .and_then(|()| self.file.persist(path).map_err(|error| error.error))
            .map_err(|source| Error::Picture { path: path.clone(), source })?;
        Ok(())
    }
}

fn beside(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".coffee-").suffix(".svg");
    // A temporary file is private by default; a picture is to be looked at.
    #[cfg(unix)]
    let builder = {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666))
    };
    builder.tempfile_in(folder)
}
