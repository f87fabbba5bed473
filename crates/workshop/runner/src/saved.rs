use std::io::{self, ErrorKind, Write};
use std::path::Path;

use tempfile::Builder;

/// Writes the whole file or none of it, however the program ends. A file that is there keeps its mode,
/// a new one gets the usual one.
pub(crate) fn save(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = usual_mode(&mut Builder::new()).tempfile_in(folder)?;
    file.write_all(content)?;
    if let Ok(before) = path.metadata() {
        file.as_file().set_permissions(before.permissions())?;
    }
    file.persist(path)?;
    Ok(())
}

/// A temporary file is for its owner only, unless one says otherwise. The umask still applies.
#[cfg(unix)]
fn usual_mode<'a, 'b>(builder: &'b mut Builder<'a, 'a>) -> &'b mut Builder<'a, 'a> {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(std::fs::Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn usual_mode<'a, 'b>(builder: &'b mut Builder<'a, 'a>) -> &'b mut Builder<'a, 'a> {
    builder
}

/// What to do about an error of the file system, where that is known.
pub(crate) fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::PermissionDenied => ": look whose it is, and whether it may be written",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => ": the disk is full",
        ErrorKind::ReadOnlyFilesystem => ": the file system is mounted for reading only",
        _ => "",
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_new_file_has_the_usual_mode_and_an_old_one_keeps_its_own() {
        let folder = tempfile::tempdir().expect("a folder");
        let (ours, usual) = (folder.path().join("ours"), folder.path().join("usual"));
        let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode();
        fs::write(&usual, "").expect("it can be written");
        save(&ours, b"one").expect("saved");
        assert_eq!(mode(&ours), mode(&usual), "as the umask has it");
        fs::set_permissions(&ours, fs::Permissions::from_mode(0o640)).expect("ours");
        save(&ours, b"two").expect("saved");
        assert_eq!(mode(&ours) & 0o777, 0o640);
        assert_eq!(fs::read_to_string(&ours).expect("it is there"), "two");
    }
}
