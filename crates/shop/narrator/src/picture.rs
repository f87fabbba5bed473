use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use tempfile::NamedTempFile;

use crate::Error;

/// A place for a picture that is drawn later. It is examined before the work begins, so that a
/// wrong path is an error at once and not after a minute of brewing; and the file appears whole
/// or not at all.
#[derive(Debug)]
pub(crate) struct Picture {
    asked: PathBuf,
    file: PathBuf,
    folder: PathBuf,
}

impl Picture {
    /// Checks that a file can be written there.
    pub(crate) fn claim(asked: &Path) -> Result<Self, Error> {
        let failed = |source| Error::Picture { path: asked.to_owned(), source };
        // What a link leads to is to be written, not the link.
        let file = match fs::canonicalize(asked) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => asked.to_owned(),
            Err(error) => return Err(failed(error)),
        };
        // A rename would replace a device or a pipe by a file.
        let separated = asked.to_string_lossy().ends_with(['/', MAIN_SEPARATOR]);
        if separated || (file.exists() && !file.is_file()) {
            return Err(failed(io::Error::other("it is not a file")));
        }
        let folder = match file.parent() {
            Some(folder) if folder != Path::new("") => folder.to_owned(),
            _ => PathBuf::from("."),
        };
        if !folder.is_dir() {
            return Err(failed(io::Error::other("there is no such folder")));
        }
        // The kind alone: the rest would name a temporary file that the user does not know.
        let unwritable = |error: io::Error| failed(error.kind().into());
        temporary(&folder).map_err(unwritable)?;
        Ok(Self { asked: asked.to_owned(), file, folder })
    }

    /// Writes the picture. Returns its path as the user named it.
    pub(crate) fn write(self, svg: &str) -> Result<PathBuf, Error> {
        let write = || {
            // In the same folder, because a rename does not cross file systems.
            let mut whole = temporary(&self.folder)?;
            whole.write_all(svg.as_bytes())?;
            whole.persist(&self.file).map_err(|error| error.error)
        };
        match write() {
            Ok(_) => Ok(self.asked),
            Err(source) => Err(Error::Picture { path: self.asked, source }),
        }
    }
}

fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".coffee-").suffix(".svg");
    // A temporary file is private by default; a picture is to be looked at.
    #[cfg(unix)]
    let builder = {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666))
    };
    builder.tempfile_in(folder)
}
