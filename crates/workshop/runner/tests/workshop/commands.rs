//! Each command as a process, and what it prints.

use std::fs;
use std::process::Command;

use crate::attempts;
use crate::support::{Clone, assert_snapshot, finish, text};

#[test]
fn an_attendee_goes_through_the_first_exercises() {
    let clone = Clone::lend();
    let said = |args: &[&str]| {
        let ran = clone.run(args);
        format!("$ cargo workshop {}\n{}{}\n", args.join(" "), ran.stdout, errors(&ran.stderr))
    };
    let mut story = said(&[]);
    story += &said(&["check"]);
    story += &said(&["hint"]);
    story += &said(&["hint", "1"]);
    story += &said(&["solution", "1"]);
    clone.write("01-in-turn", &attempts::text_of("01-in-turn", "wrong_all_at_once"));
    story += &said(&["check", "1"]);
    clone.write("01-in-turn", &text("solutions/01-in-turn"));
    story += &said(&["check", "in-turn"]);
    story += &said(&["solution", "1"]);
    story += &said(&["list"]);
    story += &said(&["reset", "1"]);
    story += &said(&["reset", "1"]);
    story += &said(&["list"]);
    assert_snapshot(&story, "story.txt");
}

/// What cargo says while it compiles is no error.
fn errors(stderr: &str) -> &str {
    stderr.find("error: ").map_or("", |start| &stderr[start..])
}

#[test]
fn help_is_worth_reading() {
    let clone = Clone::lend();
    let mut help = String::new();
    for command in [&["--help"][..], &["watch", "--help"], &["reset", "--help"]] {
        help += &clone.run(command).stdout;
    }
    assert_snapshot(&help, "help.txt");
}

#[test]
fn what_is_typed_wrong_gets_a_sentence() {
    let clone = Clone::lend();
    for (args, says) in [
        (&["check", "14"][..], "there is no exercise 14: they are 1 to 13"),
        (&["hint", "nonsense"], "there is no exercise nonsense"),
        (&["hint", "1", "--tier", "4"], "4 is not in 1..=3"),
        (&["watch", "--poll", "0"], "not a number of seconds from 0.05 to 60"),
        (&["reset"], "<EXERCISE>"),
        (&["reset", "1", "--all"], "cannot be used with"),
        (&["solution"], "<EXERCISE>"),
        (&["chekc"], "check"),
    ] {
        let ran = clone.run(args);
        assert_eq!(ran.code, Some(2), "{args:?}");
        let said = ran.stderr.replace('\n', " ");
        assert!(said.contains(says), "{args:?}: {said}");
    }
    let mut elsewhere = clone.command(&["list"]);
    elsewhere.arg("--root").arg(clone.root().join("crates"));
    let mut elsewhere = Command::new(elsewhere.get_program());
    elsewhere.args(["list", "--root"]).arg(clone.root().join("crates"));
    let ran = finish(elsewhere);
    assert!(ran.stderr.contains("there are no exercises in"), "{}", ran.stderr);
}

#[test]
fn hints_come_one_by_one_and_are_remembered() {
    let clone = Clone::lend();
    let counts: Vec<_> = (0..4).map(|_| clone.run(&["hint", "3"]).stdout).collect();
    let tiers = |said: &String| {
        ["A nudge", "The idea", "The shape of the code"]
            .iter()
            .filter(|t| said.contains(**t))
            .count()
    };
    assert_eq!(counts.iter().map(tiers).collect::<Vec<_>>(), [1, 2, 3, 3]);
    assert!(clone.run(&["list"]).stdout.contains("join             to do, 3 hints"));
    assert_eq!(tiers(&clone.run(&["hint", "4", "--tier", "2"]).stdout), 2);
}

#[test]
fn more_hints_than_there_are_is_no_panic() {
    let clone = Clone::lend();
    let marks = r#"{"03-join": {"passed": false, "hints": 255}}"#;
    fs::write(clone.root().join(".workshop.json"), marks).expect("it can be written");
    let ran = clone.run(&["hint", "3"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.contains("These are all hints."), "{}", ran.stdout);
}

#[test]
fn a_reset_that_changes_nothing_leaves_the_mark() {
    let clone = Clone::lend();
    let path = clone.root().join(".workshop.json");
    let source = verdict::fingerprint(text("starters/03-join").as_bytes());
    let marks = format!(r#"{{"03-join": {{"passed": true, "source": "{source}"}}}}"#);
    fs::write(&path, marks).expect("it can be written");
    assert!(clone.run(&["reset", "3"]).stdout.contains("nothing to do"));
    assert!(clone.run(&["list"]).stdout.contains("\n1 of 13 are passed."));
    clone.write("03-join", "mine");
    let said = clone.run(&["reset", "3"]).stdout.replace('\n', " ");
    assert!(said.contains("The exercise is to do again."), "{said}");
    assert!(clone.run(&["list"]).stdout.contains("\n0 of 13 are passed."));
}

#[test]
fn a_solution_is_refused_until_the_exercise_is_passed_or_one_insists() {
    let clone = Clone::lend();
    let refused = clone.run(&["solution", "3"]);
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(2), ""));
    assert!(refused.stderr.contains("once you have passed it"), "{}", refused.stderr);
    let solution = text("solutions/03-join");
    assert_eq!(clone.run(&["solution", "3", "--peek"]).stdout, solution);
    clone.write("03-join", &solution);
    assert!(clone.verdict("03-join").0);
    assert_eq!(clone.run(&["solution", "3"]).stdout, solution);
}

#[test]
fn reset_keeps_every_version_and_overwrites_none() {
    let clone = Clone::lend();
    for mine in ["one", "two"] {
        clone.write("03-join", mine);
        assert_eq!(clone.run(&["reset", "3"]).code, Some(0));
    }
    clone.write("05-two-machines", "three");
    fs::remove_file(clone.folder().join("02-spawn.rs")).expect("it can be removed");
    let all = clone.run(&["reset", "--all"]).stdout;
    assert_eq!(all.matches("is the starter again").count(), 2, "{all}");
    for (kept, mine) in [
        ("03-join.yours-1", "one"),
        ("03-join.yours-2", "two"),
        ("05-two-machines.yours-1", "three"),
    ] {
        let path = clone.folder().join(kept.to_owned() + ".rs");
        assert_eq!(fs::read_to_string(path).expect("it was kept"), mine);
    }
    for exercise in ["02-spawn", "03-join", "05-two-machines"] {
        let now = fs::read_to_string(clone.folder().join(exercise.to_owned() + ".rs"));
        assert_eq!(
            now.expect("it is there").replace("\r\n", "\n"),
            text(&format!("starters/{exercise}"))
        );
    }
    assert!(clone.run(&["reset", "--all"]).stdout.contains("nothing to do"));
}

#[test]
fn progress_that_cannot_be_read_is_a_sentence_and_an_empty_list() {
    let clone = Clone::lend();
    fs::write(clone.root().join(".workshop.json"), "{ half of it").expect("it can be written");
    let ran = clone.run(&["list"]);
    assert_eq!(ran.code, Some(0));
    let said = ran.stderr.replace('\n', " ");
    assert!(said.contains("your progress cannot be read"), "{said}");
    assert!(ran.stdout.contains("\n0 of 13 are passed."), "{}", ran.stdout);
    assert_eq!(clone.run(&["list"]).stderr, "", "it says so once");
}

/// Through the alias, as one types it.
#[test]
fn the_alias_works_and_the_exit_code_tells() {
    let clone = Clone::lend();
    let workshop = |args: &[&str]| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.arg("workshop").args(args);
        clone.prepare(&mut cargo);
        finish(cargo)
    };
    let list = workshop(&["list"]);
    assert_eq!(list.code, Some(0), "{}", list.stderr);
    assert!(list.stdout.contains("\n0 of 13 are passed."), "{}", list.stdout);
    let check = workshop(&["check", "3"]);
    assert_eq!(check.code, Some(1), "{}", check.stderr);
    assert!(!check.stderr.contains("process didn't exit"), "{}", check.stderr);
}
