//! Every starter fails, every solution passes, every wrong attempt gets a sentence that helps.

use std::process::Command;

use crate::attempts::{self, Judged};
use crate::support::{Clone, assert_snapshot, files, finish, root, text};

/// Figures of the real clock.
fn masked(sentence: &str) -> String {
    let mut words: Vec<_> = sentence.split(' ').map(str::to_owned).collect();
    for i in 1..words.len() {
        let unit = words[i].trim_end_matches([',', '.']);
        let is_real = sentence.contains("grinding took") && ["s", "%"].contains(&unit);
        if is_real || unit == "ms" {
            words[i - 1] = "N".to_owned();
        }
    }
    words.join(" ")
}

/// Two files that show all sentences side by side, as the author of an exercise wants to read them.
#[test]
fn each_answer_is_judged_as_it_should_be() {
    let clone = Clone::lend();
    let (mut passing, mut failing) = (String::new(), String::new());
    let mut wrong = Vec::new();
    for Judged { attempt, passed, sentence } in attempts::judge(&clone, attempts::all()) {
        let name = format!("{} {}", attempt.exercise, attempt.name);
        if passed != attempt.should_pass() {
            wrong.push(format!("{name}: {sentence}"));
        }
        let said = if passed { &mut passing } else { &mut failing };
        *said += &format!("{name}\n  {}\n", masked(&sentence));
    }
    assert_snapshot(&failing, "failing.txt");
    assert_snapshot(&passing, "passing.txt");
    assert!(wrong.is_empty(), "judged wrongly:\n{}", wrong.join("\n"));
}

/// The lesson of exercise 11 is what rustc says.
#[test]
fn what_rustc_refuses_is_shown_with_its_reason() {
    let clone = Clone::lend();
    for (attempt, says) in attempts::refused().iter().zip([
        ["future cannot be sent between threads safely", "`Rc<"],
        ["future cannot be sent between threads safely", "await occurs here, with `mut coins`"],
        ["`orders` does not live long enough", "argument requires that `orders` is borrowed"],
    ]) {
        clone.write(&attempt.exercise, &attempt.text);
        let ran = clone.run(&["check", &attempt.exercise]);
        assert_eq!(ran.code, Some(1), "{}", attempt.name);
        for words in says.into_iter().chain(["does not compile"]) {
            assert!(ran.stdout.contains(words), "{}: {words}\n{}", attempt.name, ran.stdout);
        }
    }
    assert_eq!(attempts::refused().len(), 3);
}

#[test]
fn each_exercise_has_wrong_and_right_attempts() {
    for exercise in files("starters") {
        let count = |kind: &str| {
            let own = attempts::all().into_iter().filter(|attempt| attempt.exercise == exercise);
            own.filter(|attempt| attempt.name.starts_with(kind)).count()
        };
        assert!(count("wrong_") >= 3, "{exercise}: {} wrong attempts", count("wrong_"));
        assert!(count("right_") >= 1, "{exercise}: no right attempt but the solution");
    }
}

#[test]
fn each_solution_passes_and_the_last_says_that_all_are_done() {
    let clone = Clone::lend();
    for exercise in files("starters") {
        clone.write(&exercise, &text(&format!("solutions/{exercise}")));
        let (passed, sentence) = clone.verdict(&exercise);
        assert!(passed, "the solution of {exercise} fails: {sentence}");
    }
    let list = clone.run(&["list"]).stdout;
    let all = files("starters").len();
    assert!(list.contains(&format!("\n{all} of {all} are passed.")), "{list}");
    let done = clone.run(&[]).stdout;
    assert!(done.starts_with(&format!("{all} of {all} exercises are passed.")), "{done}");
}

#[test]
fn solutions_and_attempts_are_as_clean_as_the_rest() {
    let clone = Clone::lend();
    for exercise in files("starters") {
        clone.write(&exercise, &text(&format!("solutions/{exercise}")));
    }
    let mut clippy = Command::new(env!("CARGO"));
    // The lints that starters need to be spared do not spare solutions.
    const STRICT: [&str; 7] = [
        "clippy::await_holding_lock",
        "dead_code",
        "unreachable_code",
        "unused_imports",
        "unused_mut",
        "unused_variables",
        "warnings",
    ];
    clippy.args(["clippy", "--quiet", "--package", "exercises", "--bins", "--"]);
    clone.prepare(&mut clippy);
    clippy.args(STRICT.iter().flat_map(|lint| ["-D", lint]));
    let ran = finish(clippy);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);

    let mut rustfmt = Command::new("rustfmt");
    rustfmt.args(["--check", "--edition", "2024"]).current_dir(root());
    for folder in ["starters", "solutions"] {
        rustfmt.args(
            files(folder).iter().map(|f| format!("crates/workshop/exercises/{folder}/{f}.rs")),
        );
    }
    rustfmt.args(files("starters").iter().map(|f| attempts::folder().join(f).with_extension("rs")));
    let ran = finish(rustfmt);
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
}

/// In what a clone brings along. (An attendee who has begun the exercises has changed them, and does
/// not run this.)
#[test]
fn the_attendees_files_are_the_starters() {
    for exercise in files("starters") {
        assert_eq!(text(&exercise), text(&format!("starters/{exercise}")), "{exercise}");
    }
    let solutions = files("solutions");
    assert_eq!(files("starters"), solutions);
    assert_eq!(files("hints").len(), solutions.len());
}

/// The README's commands do not compile what an attendee has not finished.
#[test]
fn a_broken_exercise_breaks_no_other_command() {
    let clone = Clone::lend();
    clone.write("04-nested-joins", "this is no Rust");
    let cargo = |args: &[&str]| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(args);
        clone.prepare(&mut cargo);
        finish(cargo)
    };
    let ran = cargo(&["run", "--quiet", "--example", "step1", "--", "--paused"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let ran = cargo(&["test", "--quiet", "-p", "exercises", "-p", "coffee", "--no-run"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    clone.write("03-join", &text("solutions/03-join"));
    assert!(clone.verdict("03-join").0, "nor the other exercises");
}

#[test]
fn every_link_of_the_guide_leads_somewhere() {
    let folder = root().join("crates/workshop/exercises");
    let guide = std::fs::read_to_string(folder.join("README.md")).expect("there is a guide");
    let links = guide.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let links: Vec<_> = links.filter(|link| !link.starts_with("http")).collect();
    assert!(links.len() >= files("starters").len(), "each exercise is named: {links:?}");
    for link in links {
        assert!(folder.join(link).exists(), "{link}");
    }
}
