//! The pictures and the figures that are committed are the ones that the commands write, to the byte.

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
fn the_committed_figures_are_the_ones_that_are_computed() {
    let folder = tempfile::tempdir().expect("a folder");
    let ran = run("figures", &[folder.path().to_str().expect("UTF-8")]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let read = |path| fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    let computed = read(folder.path().join("exact.json"));
    let committed = read(root().join("slides/figures/exact.json"));
    assert_eq!(committed, computed, "out of date: cargo run --example figures");
    assert!(computed.contains(r#""customers": 3, "value": 18.000, "unit": "s""#), "{computed}");
}

#[test]
fn a_folder_that_does_not_exist_is_an_error() {
    for what in ["pictures", "figures"] {
        let ran = run(what, &["no/such/folder"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
        let said = format!("error: the {what} cannot be written to ");
        assert!(ran.stderr.starts_with(&said), "{}", ran.stderr);
    }
}
