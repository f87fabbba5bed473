//! Each example runs once as a process, without a server.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::support::{Running, assert_snapshot, cargo, example, finish, masked, metadata, run};

#[test]
fn each_step_on_a_paused_clock_prints_its_snapshot() {
    let one = run("step1", &["--paused"]);
    assert_snapshot(&one.stdout, "step1.txt");
    for step in ["step2", "step3", "step4", "step5"] {
        let three = run(step, &["--customers", "3", "--paused"]);
        assert_eq!(three.code, Some(0), "{}", three.stderr);
        assert_eq!(three.stderr, "");
        assert_snapshot(&three.stdout, &format!("{step}.txt"));
    }
}

#[test]
fn a_crowd_does_not_flood_the_terminal() {
    let crowd = run("step2", &["--customers", "1000", "--paused"]);
    assert_snapshot(&crowd.stdout, "step2-1000.txt");
    let crowd = run("step5", &["--customers", "30000", "--paused"]);
    assert_snapshot(&crowd.stdout, "step5-30000.txt");
}

#[test]
fn a_bare_cargo_run_says_which_examples_there_are() {
    let said = finish(cargo(&["run", "--quiet"]));
    assert_eq!((said.code, said.stderr.as_str()), (Some(0), ""));
    let metadata = metadata();
    let packages = metadata["packages"].as_array().expect("packages");
    let targets = packages.iter().filter(|package| package["source"].is_null());
    let targets = targets.flat_map(|package| package["targets"].as_array().expect("targets"));
    let mut examples = targets.filter(|target| target["kind"][0] == "example").peekable();
    assert!(examples.peek().is_some());
    for example in examples {
        let name = example["name"].as_str().expect("a name");
        assert!(said.stdout.contains(&format!(" --example {name} ")), "{name}: {}", said.stdout);
    }
}

#[test]
fn help_is_worth_reading() {
    assert_snapshot(&run("step1", &["--help"]).stdout, "step1-help.txt");
    assert_snapshot(&run("step4", &["--help"]).stdout, "step4-help.txt");
}

/// The one test of a step on the real clock. The bounds are wide: machines are noisy.
#[test]
#[expect(clippy::disallowed_methods, reason = "this is what a stopwatch beside the terminal shows")]
fn step_5_takes_two_real_seconds() {
    let began = Instant::now();
    let ran = run("step5", &["--customers", "3"]);
    let took = began.elapsed();
    assert!((Duration::from_secs(2)..Duration::from_secs(20)).contains(&took), "{took:?}");
    let paused = run("step5", &["--customers", "3", "--paused"]).stdout;
    let (head, said) = paused.split_once("The clock is paused").expect("it says so");
    let (_, said) = said.split_once('\n').expect("more lines follow");
    // The customers' tasks run on several workers, which take turns as they like.
    assert_eq!(sorted(&ran.stdout), sorted(&format!("{head}{said}")));
}

fn sorted(text: &str) -> Vec<String> {
    let mut lines: Vec<_> = masked(text).lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

#[test]
fn short_actions_are_short() {
    let ran = run("step2", &["--customers", "2", "--action-seconds", "0.05"]);
    assert!(ran.stdout.contains("Took 0.3 s to serve coffee to 2 customers"), "{}", ran.stdout);
}

#[test]
fn output_that_is_no_terminal_is_plain() {
    let ran = run("step4", &["--customers", "2", "--paused"]);
    assert!(ran.stdout.is_ascii(), "{}", ran.stdout);
    assert!(!ran.stdout.contains('\x1b'), "{}", ran.stdout);
}

/// `script` gives a program a terminal.
#[cfg(target_os = "linux")]
fn in_a_terminal(columns: u16, no_color: bool, flags: &str) -> String {
    let program = crate::support::program("step4").display();
    let line = format!("stty rows 24 cols {columns}; {program} --customers 2 --paused {flags}");
    let mut script = std::process::Command::new("script");
    script.args(["-qec", &line, "/dev/null"]).stdin(Stdio::null());
    script.env_remove("NO_COLOR").env("TERM", "xterm");
    if no_color {
        script.env("NO_COLOR", "1");
    }
    finish(script).stdout.replace('\r', "")
}

#[test]
#[cfg(target_os = "linux")]
fn a_terminal_gets_colour_and_emoji_unless_it_asks_for_none() {
    let fancy = in_a_terminal(80, false, "");
    assert!(fancy.contains('\x1b') && fancy.contains('☕'), "{fancy}");
    let plain = run("step4", &["--customers", "2", "--paused"]).stdout;
    assert_eq!(in_a_terminal(80, true, ""), plain);
    assert_eq!(in_a_terminal(80, false, "--plain"), plain);
}

#[test]
#[cfg(target_os = "linux")]
fn the_timeline_fits_a_narrow_terminal() {
    let narrow = in_a_terminal(50, true, "");
    let (_, end) = narrow.split_once("Took ").expect("it was served");
    assert!(end.lines().all(|line| line.len() <= 50), "{narrow}");
}

#[test]
fn a_picture_is_written_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("coffee.svg");
    let ran = run("step1", &["--paused", "--svg", path.to_str().expect("UTF-8")]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let svg = std::fs::read_to_string(&path).expect("it was written");
    let document = roxmltree::Document::parse(&svg).expect("it is XML");
    let title = document.descendants().find(|node| node.has_tag_name("title"));
    let title = title.and_then(|title| title.text());
    assert_eq!(title, Some("Step 1: Took 6.0 s to serve coffee to 1 customer"));
    let files = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(files, 1, "nothing else is left behind");
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    for args in
        [&["--customers", "3", "--paused"][..], &["--customers", "3", "--action-seconds", "0.2"]]
    {
        let mut command = example("step2", args);
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
        let mut first = String::new();
        let stdout = child.stdout.take().expect("it is piped");
        BufReader::new(stdout).read_line(&mut first).expect("UTF-8");
        assert!(first.starts_with("Step 2"), "{first}");

        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(0));
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    }
}

#[test]
#[cfg(unix)]
fn stopping_step_3_loses_its_coffees_and_says_how_many() {
    let args = ["--customers", "3", "--action-seconds", "60"];
    let mut running = Running::start(example("step3", &args));
    running.until("Took ");
    running.interrupt();
    let (code, said) = running.ended();
    assert_eq!(code, Some(130));
    assert!(said.contains("\n3 of 3 lost. Their tasks had no owner"), "{said}");
}

#[test]
#[cfg(unix)]
fn stopping_another_step_cancels_what_was_under_way() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("coffee.svg");
    let mut command = example("step4", &["--customers", "3", "--action-seconds", "2"]);
    command.arg("--svg").arg(&path);
    let mut running = Running::start(command);
    running.until("Coffee paid for");
    running.interrupt();
    let (code, said) = running.ended();
    assert_eq!(code, Some(130));
    assert_eq!(said.matches("espresso cancelled").count(), 3, "{said}");
    assert!(said.contains("\nStopped after "), "{said}");
    assert!(said.contains("\n3 of 3 lost. Dropping a future stops"), "{said}");
    let svg = std::fs::read_to_string(&path).expect("it was written");
    assert!(svg.contains(", 3 of 3 customers lost</title>"), "the picture does not lie");
}

#[test]
#[cfg(target_os = "linux")]
fn a_crowd_in_a_terminal_gets_a_progress_bar() {
    let program = crate::support::program("step4").display();
    let line = format!("{program} --customers 11 --action-seconds 0.3");
    let mut script = std::process::Command::new("script");
    script.args(["-qec", &line, "/dev/null"]).stdin(Stdio::null());
    script.env_remove("NO_COLOR").env("TERM", "xterm");
    let said = finish(script).stdout;
    assert!(said.contains("/33 actions"), "{said}");
    assert!(!said.contains("Coffee paid for"), "{said}");
}

/// A pipe that is open and never read: every write waits, also the first.
#[test]
#[cfg(target_os = "linux")]
fn ctrl_c_ends_an_example_whose_output_is_blocked() {
    for flags in [&["--port", "0"][..], &["--customers", "3"]] {
        let program = crate::support::program("step2");
        let mut shell = std::process::Command::new("sh");
        // As much as a pipe holds, so that nothing goes in after it.
        shell.args(["-c", "head -c 65536 /dev/zero; exec \"$@\"", "sh"]).arg(program).args(flags);
        shell.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = shell.spawn().expect("it runs");
        let pid = child.id();
        let listens = || {
            let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
            let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
            let caught = caught.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
            status.contains("step2") && caught.is_some_and(|mask| mask & 0b10 != 0)
        };
        let mut patience = (0..600).map(|_| pause());
        assert!(patience.by_ref().any(|()| listens()), "{flags:?}: it never listens");
        let ended = patience.find_map(|()| {
            let kill = std::process::Command::new("kill").args(["-INT", &pid.to_string()]).status();
            assert!(kill.is_ok());
            child.try_wait().expect("it is our child")
        });
        let _ = child.kill();
        let _ = child.wait();
        assert_eq!(ended.and_then(|status| status.code()), Some(130), "{flags:?}");
    }
}

#[cfg(target_os = "linux")]
#[expect(clippy::disallowed_methods, reason = "another process is looked at, now and again")]
fn pause() {
    std::thread::sleep(Duration::from_millis(100));
}
