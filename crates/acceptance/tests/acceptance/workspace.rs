//! Rules about the workspace as a whole, whose breach no other test would notice.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{metadata, root};

fn strings<'a>(values: &'a Value, key: &str) -> Vec<&'a str> {
    let values = values.as_array().expect("an array");
    values.iter().filter_map(|value| value[key].as_str()).collect()
}

/// `rust-version` is the lowest that the lock file allows: no dependency needs a newer Rust, and
/// at least one needs exactly this one, or edition 2024 does.
#[test]
fn the_rust_version_is_the_lowest_that_the_lock_file_allows() {
    let version = |text: &str| -> Vec<u32> {
        let parts: Vec<u32> = text.split('.').map(|part| part.parse().expect("a number")).collect();
        parts[..2].to_vec()
    };
    let metadata = metadata();
    let packages = metadata["packages"].as_array().expect("packages");
    let (ours, theirs): (Vec<_>, Vec<_>) = packages.iter().partition(|p| p["source"].is_null());
    let needed = theirs.iter().filter_map(|p| p["rust_version"].as_str()).map(version).max();
    let edition_2024 = version("1.85");
    let needed = needed.expect("some dependency says what it needs").max(edition_2024);
    for package in ours {
        let stated = package["rust_version"].as_str().expect("inherited from the workspace");
        assert_eq!(version(stated), needed, "{}", package["name"]);
    }
    let workflow = fs::read_to_string(root().join(".github/workflows/ci.yml")).expect("a workflow");
    let stated = format!("toolchain: \"{}.{}\"", needed[0], needed[1]);
    assert!(workflow.contains(&stated), "the workflow must test {stated}");
}

/// Arrows run one way. A crate may use those to its left.
const ORDER: &[&str] = &[
    "program",
    "measured",
    "serving",
    "rush",
    "timeline",
    "pack-delivery",
    "coffee",
    "executor",
    "grinder",
    "sequential",
    "spawned",
    "joined",
    "nested-joins",
    "table",
    "batched",
    "menu",
    "traps",
    "counter",
    "live",
    "narrator",
    "cli",
    "server",
    "customers",
    "rehearsal",
    "server-fuzz",
    "verdict",
    "examiner",
    "exercises",
    "runner",
    "examples",
    "benches",
    "acceptance",
];
const STEP_CRATES: [&str; 4] = ["sequential", "spawned", "joined", "nested-joins"];

#[test]
fn arrows_between_the_crates_run_one_way() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().expect("packages");
    let ours: Vec<_> = packages.iter().filter(|p| p["source"].is_null()).collect();
    let rank = |name: &str| ORDER.iter().position(|other| *other == name);
    for package in ours {
        let name = package["name"].as_str().expect("a name");
        let own = rank(name).unwrap_or_else(|| panic!("say in ORDER where {name} belongs"));
        for dependency in strings(&package["dependencies"], "name") {
            let Some(other) = rank(dependency) else { continue };
            assert!(other < own, "{name} must not use {dependency}");
            let step = STEP_CRATES.contains(&name) && dependency != "coffee";
            assert!(!step, "{name} knows of no other step");
        }
    }
}

/// `kit` is the ground, and knows nothing of coffee. A case study stands on it, and on nothing else
/// of this workspace.
#[test]
fn the_kit_and_the_case_studies_depend_on_the_kit_alone() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().expect("packages");
    let folder = |package: &Value| {
        let path = package["manifest_path"].as_str().expect("a path").replace('\\', "/");
        path.split_once("/crates/").map_or(String::new(), |(_, path)| path.to_owned())
    };
    let ours: Vec<_> = packages.iter().filter(|p| p["source"].is_null()).collect();
    let in_kit = |package: &Value| folder(package).starts_with("kit/");
    let kit: Vec<_> = ours.iter().filter(|package| in_kit(package)).collect();
    assert!(kit.len() >= 3, "the kit is not where it is looked for");
    for package in &ours {
        if !in_kit(package) && !folder(package).starts_with("case-studies/") {
            continue;
        }
        for dependency in strings(&package["dependencies"], "name") {
            let other = ours.iter().find(|other| other["name"] == dependency);
            let allowed = other.is_none_or(|other| in_kit(other));
            assert!(allowed, "{} must not use {dependency}", package["name"]);
        }
    }
}

#[test]
fn packages_inherit_what_the_workspace_says() {
    for package in metadata()["packages"].as_array().expect("packages") {
        if !package["source"].is_null() {
            continue;
        }
        let path = package["manifest_path"].as_str().expect("a path");
        let manifest = fs::read_to_string(path).expect("a manifest");
        for key in ["version", "edition", "rust-version", "license", "publish"] {
            assert!(manifest.contains(&format!("{key}.workspace = true")), "{path}: {key}");
        }
        // An attendee's unfinished file needs a `todo!`, and names what it does not use yet.
        let own_lints = package["name"] == "exercises"
            && manifest.contains("[lints.rust]\nunsafe_code = \"forbid\"");
        let lints = own_lints || manifest.contains("[lints]\nworkspace = true");
        assert!(lints, "{path}: lints");
        // Or `cargo bench -- --noplot` stops at a libtest that does not know the flag.
        let library = Path::new(path).with_file_name("src").join("lib.rs").exists();
        assert!(!library || manifest.contains("[lib]\nbench = false"), "{path}: bench = false");
        let (_, dependencies) = manifest.split_once("dependencies]").expect("dependencies");
        assert!(!dependencies.contains("version ="), "{path}: a version belongs in the root");
    }
}

#[test]
fn a_step_fits_on_a_screen_and_the_counter_in_a_lesson() {
    let lines = |folder: &str, code_only: bool| -> usize {
        let files = fs::read_dir(root().join(folder).join("src")).expect("a crate");
        let count = |path: &Path| {
            let text = fs::read_to_string(path).expect("a source file");
            let is_code = |line: &&str| !line.trim().is_empty() && !line.trim().starts_with("//");
            text.lines().filter(|line| !code_only || is_code(line)).count()
        };
        files.map(|file| count(&file.expect("a file").path())).sum()
    };
    for step in STEP_CRATES {
        let lines = lines(&format!("crates/steps/{step}"), false);
        assert!(lines <= 40, "{step} has {lines} lines: it must stay a screenful");
    }
    for (lesson, screenful) in [("batched", 40), ("table", 50)] {
        let lines = lines(&format!("crates/lessons/{lesson}"), true);
        assert!(lines <= screenful, "{lesson} has {lines} lines of code: it must stay a screenful");
    }
    let lines = lines("crates/shop/counter", true);
    assert!(lines <= 200, "the counter has {lines} lines of code: at most 200 fit in a lesson");
}

#[test]
fn no_user_has_to_download_a_toolchain() {
    for file in ["rust-toolchain", "rust-toolchain.toml"] {
        assert!(!root().join(file).exists(), "{file} would start a download in the classroom");
    }
}
