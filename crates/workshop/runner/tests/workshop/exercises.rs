//! Every starter fails, every solution passes, every wrong attempt gets a sentence that helps.

use std::process::Command;

use crate::support::{Clone, assert_snapshot, files, finish, root, text};

/// The figures of the exercises that run on the real clock, and on real threads.
fn masked(sentence: &str) -> String {
    let mut words: Vec<_> = sentence.split(' ').map(str::to_owned).collect();
    for i in 1..words.len() {
        if words[i].starts_with('%') || (words[i] == "s" && sentence.contains("grinding")) {
            words[i - 1] = "N".to_owned();
        }
        // Two figures of a verdict may be broken differently into lines, not into words.
        if words[i] == "s," && sentence.contains("grinding") {
            words[i - 1] = "N".to_owned();
        }
        if words[i] == "after" && sentence.contains("several threads") {
            words[i - 1] = "N".to_owned();
            words[i + 1] = "N".to_owned();
        }
    }
    words.join(" ")
}

/// One file that shows all sentences side by side, as whoever writes an exercise wants to read them.
#[test]
fn each_starter_and_each_wrong_attempt_fails_with_the_sentence_it_should_give() {
    let clone = Clone::lend();
    let mut said = String::new();
    let attempts = files("attempts");
    for exercise in files("starters") {
        clone.write(&exercise, &text(&format!("starters/{exercise}")));
        let (passed, sentence) = clone.verdict(&exercise);
        assert!(!passed, "the starter of {exercise} passes");
        said += &format!("{exercise}\n  {}\n", masked(&sentence));
        let own = attempts.iter().filter(|attempt| attempt.starts_with(&exercise));
        let mut count = 0;
        for attempt in own {
            clone.write(&exercise, &text(&format!("attempts/{attempt}")));
            // Real threads may miss each other for once, on a busy machine: that is the lesson.
            let tries = if exercise.starts_with("10-") { 5 } else { 1 };
            let mut verdicts = (0..tries).map(|_| clone.verdict(&exercise));
            let failed = verdicts.find(|(passed, _)| !passed);
            let (_, sentence) = failed.unwrap_or_else(|| panic!("{attempt} passes {tries} times"));
            said += &format!("{attempt}\n  {}\n", masked(&sentence));
            count += 1;
        }
        assert!(count > 0, "{exercise} needs a wrong attempt");
    }
    assert_snapshot(&said, "failing.txt");
}

#[test]
fn each_solution_passes_and_the_last_says_that_all_are_done() {
    let clone = Clone::lend();
    let mut said = String::new();
    for exercise in files("starters") {
        clone.write(&exercise, &text(&format!("solutions/{exercise}")));
        let (passed, sentence) = clone.verdict(&exercise);
        assert!(passed, "the solution of {exercise} fails: {sentence}");
        said += &format!("{exercise}\n  {}\n", masked(&sentence));
    }
    assert_snapshot(&said, "passing.txt");
    let list = clone.run(&["list"]).stdout;
    assert!(list.contains("\n10 of 10 are passed."), "{list}");
    let done = clone.run(&[]).stdout;
    assert!(done.starts_with("10 of 10 exercises are passed."), "{done}");
}

/// The work is shared among the cores, and the worker is as free as with one thread.
#[test]
fn rayon_solves_the_grinder_too() {
    let clone = Clone::lend();
    clone.solve(
        "08-grinder",
        "let threads = std::num::NonZeroUsize::new(2).expect(\"not zero\");
    grinder::on_rayon(&grinder::Pool::new(threads)?, sack).await",
    );
    let (passed, sentence) = clone.verdict("08-grinder");
    assert!(passed, "{sentence}");
}

#[test]
fn solutions_and_attempts_are_as_clean_as_the_rest() {
    let clone = Clone::lend();
    for exercise in files("starters") {
        clone.write(&exercise, &text(&format!("solutions/{exercise}")));
    }
    let mut clippy = Command::new(env!("CARGO"));
    // The lints that starters need to be spared do not spare solutions.
    const STRICT: [&str; 6] = [
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
    for folder in ["starters", "solutions", "attempts"] {
        rustfmt.args(
            files(folder).iter().map(|f| format!("crates/workshop/exercises/{folder}/{f}.rs")),
        );
    }
    let ran = finish(rustfmt);
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
}

/// In what a clone brings along. (Whoever has begun the exercises has changed them, and does not
/// run this.)
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
