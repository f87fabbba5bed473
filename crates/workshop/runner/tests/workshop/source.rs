//! The verdict is about the bytes in the file, whatever its time stamp says.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use crate::support::{Clone, finish, text};

const YEAR: Duration = Duration::from_secs(365 * 86_400);

fn set_modified(path: &Path, time: SystemTime) {
    let file = File::options().write(true).open(path).expect("it is there");
    file.set_modified(time).expect("it is ours");
}

/// A clone in which exercise 3 has been solved and checked, and then, later, reset to the starter and
/// checked. The solution lies beside it, a year old.
fn clone_with_an_old_solution() -> (Clone, std::path::PathBuf) {
    let clone = Clone::lend();
    let kept = clone.folder().join("03-join.yours-1.rs");
    fs::write(&kept, text("solutions/03-join")).expect("it can be written");
    set_modified(&kept, SystemTime::now() - YEAR);
    assert!(!clone.verdict("03-join").0, "the starter");
    (clone, kept)
}

#[test]
fn a_version_that_is_moved_back_is_checked_although_it_is_older() {
    let (clone, kept) = clone_with_an_old_solution();
    fs::rename(kept, clone.folder().join("03-join.rs")).expect("it can be moved");
    let (passed, sentence) = clone.verdict("03-join");
    assert!(passed, "{sentence}");
}

#[test]
#[cfg(unix)]
fn a_copy_that_keeps_its_time_stamp_is_checked() {
    let (clone, kept) = clone_with_an_old_solution();
    let mut copy = Command::new("cp");
    copy.arg("-p").arg(kept).arg(clone.folder().join("03-join.rs"));
    assert_eq!(finish(copy).code, Some(0));
    let (passed, sentence) = clone.verdict("03-join");
    assert!(passed, "{sentence}");
}

#[test]
fn an_old_starter_that_comes_back_does_not_pass_by_the_solution_before() {
    let clone = Clone::lend();
    let file = clone.folder().join("03-join.rs");
    clone.write("03-join", &text("solutions/03-join"));
    assert!(clone.verdict("03-join").0);
    clone.write("03-join", &text("starters/03-join"));
    set_modified(&file, SystemTime::now() - YEAR);
    assert!(!clone.verdict("03-join").0, "it is the starter");
    clone.write("03-join", "this is no Rust at all");
    set_modified(&file, SystemTime::now() - YEAR);
    let (passed, sentence) = clone.verdict("03-join");
    assert!(!passed && sentence.contains("does not compile"), "{sentence}");
    let list = clone.run(&["list"]).stdout;
    assert!(list.contains("join             changed since it passed"), "{list}");
}

/// What was built lies in the future of every later edit.
#[test]
fn a_clock_that_was_set_back_does_not_matter() {
    let clone = Clone::lend();
    let file = clone.folder().join("03-join.rs");
    set_modified(&file, SystemTime::now() + YEAR);
    assert!(!clone.verdict("03-join").0, "the starter");
    clone.write("03-join", &text("solutions/03-join"));
    set_modified(&file, SystemTime::now() - YEAR);
    let (passed, sentence) = clone.verdict("03-join");
    assert!(passed, "{sentence}");
}

#[test]
#[cfg(unix)]
fn a_symlink_that_leads_elsewhere_now_is_followed() {
    let (clone, kept) = clone_with_an_old_solution();
    let file = clone.folder().join("03-join.rs");
    fs::remove_file(&file).expect("it can be removed");
    std::os::unix::fs::symlink(kept, &file).expect("a link can be made");
    let (passed, sentence) = clone.verdict("03-join");
    fs::remove_file(&file).expect("it can be removed");
    assert!(passed, "{sentence}");
}

/// The attendee runs cargo by hand, with another content in between.
#[test]
fn a_build_by_hand_in_between_does_not_matter() {
    let clone = Clone::lend();
    let file = clone.folder().join("03-join.rs");
    clone.write("03-join", &text("solutions/03-join"));
    assert!(clone.verdict("03-join").0);
    clone.write("03-join", &text("starters/03-join"));
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--package", "exercises", "--bin", "03-join"]);
    clone.prepare(&mut cargo);
    assert_eq!(finish(cargo).code, Some(0));
    clone.write("03-join", &text("solutions/03-join"));
    set_modified(&file, SystemTime::now() - YEAR);
    let (passed, sentence) = clone.verdict("03-join");
    assert!(passed, "{sentence}");
}

#[test]
fn a_main_that_does_not_hand_the_answer_in_is_told_so() {
    let clone = Clone::lend();
    let solution = text("solutions/03-join");
    clone.write(
        "03-join",
        &solution.replace("examiner::exam!(joined(serve))", "examiner::joined(serve)"),
    );
    let (passed, sentence) = clone.verdict("03-join");
    assert!(!passed && sentence.contains("does main still end in examiner::exam!"), "{sentence}");
}

#[test]
fn a_passed_exercise_that_has_changed_since_is_shown_and_checked_again() {
    let clone = Clone::lend();
    clone.write("01-in-turn", &text("solutions/01-in-turn"));
    assert!(clone.verdict("01-in-turn").0);
    let welcome = clone.run(&[]).stdout;
    assert!(welcome.contains("\nExercise 2: spawn."), "{welcome}");
    clone.write("01-in-turn", &(text("solutions/01-in-turn") + "\n// one more thought\n"));
    let list = clone.run(&["list"]).stdout;
    assert!(list.contains(">  1  in-turn          changed since it passed"), "{list}");
    assert!(list.contains("\n0 of 13 are passed."), "{list}");
    let check = clone.run(&["check"]).stdout;
    assert!(check.starts_with("Exercise 1 of 13"), "{check}");
    assert!(clone.run(&["list"]).stdout.contains("\n1 of 13 are passed."));
}

#[test]
#[cfg(unix)]
fn files_that_are_written_keep_the_usual_mode() {
    use std::os::unix::fs::PermissionsExt;

    let clone = Clone::lend();
    let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    let usual = mode(&clone.folder().join("Cargo.toml"));
    clone.write("03-join", "mine");
    assert_eq!(clone.run(&["reset", "3"]).code, Some(0));
    assert_eq!(clone.run(&["hint", "3"]).code, Some(0));
    for path in ["03-join.rs", "03-join.yours-1.rs"].map(|name| clone.folder().join(name)) {
        assert_eq!(mode(&path), usual, "{}", path.display());
    }
    assert_eq!(mode(&clone.root().join(".workshop.json")), usual);
}

#[test]
fn an_empty_file_gets_a_sentence() {
    let clone = Clone::lend();
    clone.write("03-join", "\n");
    let (passed, sentence) = clone.verdict("03-join");
    assert!(!passed && sentence.contains("03-join.rs is empty"), "{sentence}");
}

/// Another profile or flag than ours is not taken for a crash of the exercise.
#[test]
fn where_panics_abort_the_verdict_is_the_same() {
    let clone = Clone::lend();
    let mut check = clone.command(&["check", "3"]);
    check.env("CARGO_PROFILE_DEV_PANIC", "abort");
    let said = finish(check).stdout;
    assert!(said.contains("is still to do"), "{said}");
}

#[test]
fn what_the_code_prints_is_that_of_the_shop_in_the_picture() {
    let clone = Clone::lend();
    let code = "for order in shop.orders(customers) {
        println!(\"order {}\", order.customer());
        order.pay_for_coffee().await;
        eprintln!(\"paid\");
        order.make_espresso().await;
        dbg!(order.customer());
        order.steam_milk().await;
    }";
    clone.solve("01-in-turn", code);
    let ran = clone.run(&["check", "1"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    let said = ran.stdout;
    assert!(
        said.contains("Your code printed, in the shop below:\norder 1\norder 2\norder 3\n"),
        "{said}"
    );
    assert_eq!(said.matches("paid").count(), 3, "{said}");
    assert_eq!(said.matches("order.customer() = ").count(), 3, "{said}");
    assert!(!said.contains("order 4"), "{said}");
}
