use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::process;

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
        let picture = Self { asked: asked.to_owned(), file, folder };
        picture.temporary().and_then(|(_, path)| fs::remove_file(path)).map_err(failed)?;
        Ok(picture)
    }

    /// Writes the picture. Returns its path as the user named it.
    pub(crate) fn write(self, svg: &str) -> Result<PathBuf, Error> {
        // In the same folder, because a rename does not cross file systems.
        let written = self.temporary().and_then(|(mut file, path)| {
            let written =
                file.write_all(svg.as_bytes()).and_then(|()| fs::rename(&path, &self.file));
            // After a rename there is nothing left to remove.
            written.inspect_err(|_| drop(fs::remove_file(&path)))
        });
        match written {
            Ok(()) => Ok(self.asked),
            Err(source) => Err(Error::Picture { path: self.asked, source }),
        }
    }

    /// A new file beside the picture, named after this process.
    fn temporary(&self) -> io::Result<(File, PathBuf)> {
        let path = self.folder.join(format!(".coffee-{}.svg", process::id()));
        Ok((File::create_new(&path)?, path))
    }
}
