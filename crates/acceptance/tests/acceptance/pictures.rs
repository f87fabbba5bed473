//! The pictures that are committed are the ones that the command draws, to the byte.

use std::fs;

use crate::support::{root, run};

#[test]
fn the_committed_pictures_are_the_ones_that_are_drawn() {
    let folder = tempfile::tempdir().expect("a folder");
    let ran = run("pictures", &[folder.path().to_str().expect("UTF-8")]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let drawn: Vec<_> = fs::read_dir(folder.path()).expect("a folder").collect();
    assert!(drawn.len() >= 6, "five steps and all together");
    for picture in drawn {
        let picture = picture.expect("a file");
        let committed = root().join("slides/pictures").join(picture.file_name());
        let read = |path| fs::read_to_string(path).unwrap_or_default();
        assert_eq!(
            read(picture.path()),
            read(committed.clone()).replace("\r\n", "\n"),
            "{} is out of date: cargo run --example pictures",
            committed.display()
        );
    }
}

#[test]
fn a_folder_that_does_not_exist_is_an_error() {
    let ran = run("pictures", &["no/such/folder"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
    assert!(ran.stderr.starts_with("error: the pictures cannot be written to "), "{}", ran.stderr);
}
