//! Steps 7 to 10 without a cluster, as processes that start processes. A debug build keeps to
//! small ladders; `crates/rehearsal/check.sh` looks at what only a release build can show.

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Stdio};

use regex_lite::Regex;
use tempfile::TempDir;

use crate::support::{Ran, Running, example, root, run};

fn matches(text: &str, pattern: &str) {
    let regex = Regex::new(pattern).expect("a valid pattern");
    assert!(regex.is_match(text), "{pattern}:\n{text}");
}

fn number(text: &str, pattern: &str) -> f64 {
    let regex = Regex::new(pattern).expect("a valid pattern");
    let found = regex.captures(text).unwrap_or_else(|| panic!("{pattern}:\n{text}"));
    found[1].replace(',', "").parse().expect("a number")
}

/// A copy of `k8s`, with one text of one file replaced.
fn manifests(file: &str, old: &str, new: &str) -> TempDir {
    let copy = tempfile::tempdir().expect("a folder");
    copy_folder(&root().join("k8s"), copy.path());
    let path = copy.path().join(file);
    let text = fs::read_to_string(&path).expect("a manifest");
    assert!(text.contains(old), "{file} has {old:?}");
    fs::write(&path, text.replace(old, new)).expect("written");
    copy
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copied");
        }
    }
}

fn rehearse(step: &str, manifests: &TempDir, args: &[&str]) -> Ran {
    let folder = manifests.path().to_str().expect("UTF-8");
    run(step, &[&["--manifests", folder, "--action-seconds", "0.2"], args].concat())
}

fn is_plain_and_narrow(text: &str) {
    assert!(!text.contains('\x1b'), "{text}");
    for line in text.lines().filter(|line| !line.starts_with("  ")) {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn each_step_rehearses_its_own_manifest() {
    for (step, row) in [
        ("step7", r"(?m)^         3  2\.002 s +0\.\d{3} s +\d+\.\d\d MB$"),
        ("step8", r"(?m)^       300  3\.782 s +0\.\d{3} s +\d+\.\d\d MB$"),
        ("step9", r"(?m)^       300  - +0\.\d{3} s +\d+\.\d\d MB$"),
        ("step10", r"(?m)^coffee-shop-2 +300  - +0\.\d{3} s +\d+\.\d\d MB$"),
    ] {
        let ran = run(step, &["--action-seconds", "0.2"]);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{}", ran.stdout);
        matches(&ran.stdout, row);
        assert!(ran.stdout.contains("This is a debug build"), "{}", ran.stdout);
        assert!(ran.stdout.contains(&format!("kubectl apply -k k8s/{step}\n")), "{}", ran.stdout);
        is_plain_and_narrow(&ran.stdout);
        in_the_guide(&ran.stdout);
    }
}

/// What it says of a cluster is what the guide says.
fn in_the_guide(text: &str) {
    let guide = fs::read_to_string(root().join("k8s/README.md")).expect("there is a guide");
    let (_, commands) = text.split_once("The same in a cluster").expect("the last paragraph");
    let commands: Vec<_> = commands.lines().filter_map(|line| line.strip_prefix("  ")).collect();
    assert!(commands.len() >= 2, "{commands:?}");
    for command in commands {
        // The guide says in words that it is a pod's name.
        assert!(guide.contains(command.trim_end_matches(" NAME")), "{command}");
    }
}

#[test]
fn with_capacity_auto_the_shop_refuses_and_stays() {
    // A debug build serves no more than 3,000, and they fit into 10Mi.
    let small = manifests("step8/deployment.yaml", "memory: 10Mi", "memory: 9Mi");
    let ran = rehearse("step8", &small, &["--customers", "3000"]);
    let (_, auto) = ran.stdout.split_once("CAPACITY=auto").expect("the second half");
    matches(auto, r"(?m)^     3,000  - +422 ");
    matches(auto, r"(?m)^Refused means 503.*Restarts with CAPACITY=auto: 0\.$");
}

#[test]
fn a_shop_past_its_limit_is_killed_and_restarted() {
    let small = run("step7", &["--action-seconds", "0.2"]);
    let idle = number(&small.stdout, r"(?m)^         3 .* (\d+\.\d\d) MB$");
    // The rehearsal adds this for the debug build, in MiB. Three thousand customers take 2.4 MB or more,
    // and a shop at rest differs by a few hundred kB: this is in the middle.
    let added = if cfg!(target_os = "linux") { 1 } else { 8 };
    let limit = ((idle * 1e6) as u64 + 1_500_000).saturating_sub(added << 20);
    let manifests = manifests("step8/deployment.yaml", "memory: 10Mi", &format!("memory: {limit}"));
    let ran = rehearse("step8", &manifests, &["--customers", "3,3000,3"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{}", ran.stdout);
    let row = r"(?m)^     3,000  OOM-killed +died +\d+\.\d\d MB$";
    matches(&ran.stdout, row);
    let text = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    matches(
        &text,
        r"killed by the rehearsal at \d+\.\d\d MB; in a cluster the kernel does it, exit code 137\. Restart 1 came at once; ready after",
    );
    let after = ran.stdout.split("Restart 1").nth(1).expect("it goes on");
    matches(after, r"(?m)^         3  2\.002 s +0\.\d{3} s ");
}

#[test]
fn there_are_as_many_shops_as_the_manifest_says() {
    let three = manifests("step10/deployment.yaml", "replicas: 2", "replicas: 3");
    let ran = rehearse("step10", &three, &["--customers", "3"]);
    for replica in 1..=3 {
        matches(&ran.stdout, &format!(r"(?m)^coffee-shop-{replica} +3  - +0\.\d{{3}} s "));
    }
    let two = manifests("step7/deployment.yaml", "replicas: 1", "replicas: 2");
    let ran = rehearse("step7", &two, &[]);
    matches(&ran.stdout, "(?m)^The orders go to the first shop, as with port-forward.$");
}

#[test]
fn killing_one_of_two_loses_what_it_had_accepted_and_no_more() {
    let ran = run("step10", &["--kill-one", "--action-seconds", "0.5"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{}", ran.stdout);
    let row = |replica: &str, column: usize| {
        let line = ran.stdout.lines().find(|line| line.starts_with(replica)).expect("its row");
        line.split_whitespace().nth(column).expect("a column").parse::<u32>().expect("a number")
    };
    let [lost, spared] = ["coffee-shop-1 ", "coffee-shop-2 "].map(|replica| row(replica, 3));
    assert!((1..=40).contains(&lost) && spared == 0, "{}", ran.stdout);
    let served = row("coffee-shop-1 ", 2) + row("coffee-shop-2 ", 2);
    assert_eq!(served + lost, 200, "{}", ran.stdout);
    assert!(row("coffee-shop-2 ", 2) > 100, "the other one went on: {}", ran.stdout);
    assert!(ran.stdout.contains("orders that no shop took: 0\n"), "{}", ran.stdout);
    in_the_guide(&ran.stdout);
}

#[test]
fn a_rollout_loses_nothing() {
    let manifests = manifests("base/deployment.yaml", "seconds: 5", "seconds: 1");
    let ran = rehearse("step10", &manifests, &["--rollout"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{}", ran.stdout);
    let text = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("orders 0 were lost and 0 refused."), "{}", ran.stdout);
    for replica in 1..=4 {
        matches(&ran.stdout, &format!(r"(?m)^coffee-shop-{replica} +\d+ "));
    }
    in_the_guide(&ran.stdout);
}

/// So the one above could fail: it is the manifest that carries it.
#[test]
fn a_rollout_without_a_drain_refuses_orders() {
    let hasty = manifests("base/deployment.yaml", "seconds: 5", "seconds: 0");
    let path = hasty.path().join("base/deployment.yaml");
    let text = fs::read_to_string(&path).expect("a manifest");
    let drain = "- name: DRAIN_DELAY\n              value: \"3\"";
    assert!(text.contains(drain), "{text}");
    fs::write(&path, text.replace(drain, &drain.replace('3', "0"))).expect("written");
    let ran = rehearse("step10", &hasty, &["--rollout"]);
    let text = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(number(&text, r"orders \d+ were lost and (\d+) refused\.") > 0.0, "{}", ran.stdout);
}

#[test]
fn what_cannot_be_rehearsed_is_one_sentence() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let right = tempfile::tempdir().expect("a folder");
    copy_folder(&root().join("k8s"), right.path());
    let empty = tempfile::tempdir().expect("a folder");
    for (manifests, args, sentences) in [
        (
            &right,
            &["--port", &port][..],
            &["the shop cannot start: port ", "is taken by another"][..],
        ),
        (&empty, &[], &["the manifest ", "kustomization.yaml cannot be read: "]),
        (
            &manifests("step8/deployment.yaml", "memory: 10Mi", "ephemeral-storage: 10Mi"),
            &[],
            &["lacks spec.template.spec.containers[coffee-shop].resources.limits.memory. Add it"],
        ),
        (
            &manifests("step8/deployment.yaml", "memory: 10Mi", "memory: 10MB"),
            &[],
            &["resources.limits.memory: '10MB' is no quantity; try 10Mi"],
        ),
        (
            &manifests("step8/deployment.yaml", "value: unlimited", "value: endless"),
            &[],
            &["the shop cannot start: invalid value 'endless' for '--capacity <CAPACITY>'"],
        ),
        (
            &manifests("step8/kustomization.yaml", "namespace:", "namePrefix: x\nnamespace:"),
            &[],
            &["uses namePrefix, which the rehearsal does not know. Let kubectl build it"],
        ),
        (
            &right,
            &["--time-limit", "0.5"],
            &["stopped at the --time-limit of 0.5 s, and the shops are closed."],
        ),
    ] {
        let ran = rehearse("step8", manifests, args);
        assert_eq!(ran.code, Some(1), "{}", ran.stdout);
        assert!(ran.stderr.starts_with("error: "), "{}", ran.stderr);
        assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
        for sentence in sentences {
            assert!(ran.stderr.contains(sentence), "{sentence}: {}", ran.stderr);
        }
    }
}

#[test]
fn the_plan_names_what_is_not_rehearsed() {
    let ran = run("step10", &["--plan"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    for line in [
        "replicas       2 shops",
        "requests       CPU 2, memory 1024M",
        "not rehearsed  Ingress",
        "not rehearsed  spec.template.spec.containers[coffee-shop].env[PORT]",
        "not rehearsed  spec.template.spec.containers[coffee-shop].readinessProbe",
        "not rehearsed  spec.template.spec.topologySpreadConstraints",
    ] {
        assert!(ran.stdout.lines().any(|said| said == line), "{line}:\n{}", ran.stdout);
    }
}

/// A pipe that is open and never written, and a device that never ends.
#[test]
#[cfg(target_os = "linux")]
fn a_manifest_without_an_end_ends_with_a_sentence() {
    let ran = run("step7", &["--plan", "--built", "/dev/zero"]);
    let sentence = "error: the manifest /dev/zero is longer than 4 MB, or endless. Give";
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.starts_with(sentence), "{}", ran.stderr);
    let mut command = example("step7", &["--built", "/dev/stdin", "--time-limit", "0.5"]);
    let mut child = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    let _open = child.stdin.take();
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(said.starts_with("error: stopped at the --time-limit of 0.5 s"), "{said}");
}

#[test]
fn wrong_flags_are_usage_errors() {
    for (step, args, sentence) in [
        ("step8", &["--customers", "0"][..], "not a whole number from 1 to 3000; try 3"),
        (
            "step8",
            &["--customers", "3000000"],
            "a debug build serves 1 to 3000; for more add --release",
        ),
        ("step8", &["--customers", "many"], "not a whole number from 1 to 3000; try 3"),
        ("step8", &["--customers", "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1"], "more than 16 orders"),
        ("step8", &["--port", "0"], "0 is not in 1..=65000"),
        ("step8", &["--kill-one"], "unexpected argument '--kill-one'"),
        ("step10", &["--kill-one", "--rollout"], "cannot be used with"),
        ("step10", &["--kill-one", "--customers", "3"], "cannot be used with"),
        ("step10", &["--rollout", "--customers", "3"], "cannot be used with"),
    ] {
        let ran = run(step, args);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{args:?}");
        assert!(ran.stderr.contains(sentence), "{args:?}: {}", ran.stderr);
    }
}

/// A shop as a rehearsal starts it, and the other end of its standard input.
fn shop_of_a_rehearsal() -> (Running, ChildStdin) {
    let mut command = example("step7", &["--port", "0", "--log-format", "json"]);
    command.env("COFFEE_SHOP_OF_A_REHEARSAL", "yes").stdin(Stdio::piped());
    let (mut shop, stdin) = Running::start_spoken_to(command);
    shop.until("\"message\":\"open\"");
    (shop, stdin)
}

/// As it is asked to where there is no SIGTERM.
#[test]
fn a_shop_that_is_told_to_close_closes_in_order() {
    let (shop, mut stdin) = shop_of_a_rehearsal();
    stdin.write_all(b"close\n").expect("it listens");
    let (code, log) = shop.ended();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("\"message\":\"closed\""), "{log}");
}

#[test]
fn a_shop_whose_rehearsal_is_gone_ends_at_once() {
    let (shop, stdin) = shop_of_a_rehearsal();
    drop(stdin);
    let (code, log) = shop.ended();
    assert_eq!(code, Some(1), "{log}");
    assert!(!log.contains("closing"), "{log}");
}

/// However a rehearsal ends, its shops end, too.
#[cfg(target_os = "linux")]
mod no_process_is_left {
    use std::process::{Child, Command};
    use std::thread;
    use std::time::Duration;

    use super::*;
    use crate::support::{PATIENCE, program};

    /// A program of its own, so that its processes can be told from others.
    struct Copy {
        _folder: TempDir,
        program: PathBuf,
    }

    impl Copy {
        fn of(step: &str) -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            let copy = folder.path().join(step);
            fs::copy(program(step), &copy).expect("copied");
            Self { _folder: folder, program: copy }
        }

        fn start(&self, args: &[&str]) -> Child {
            let mut command = Command::new(&self.program);
            command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            command.spawn().expect("it starts")
        }

        fn processes(&self) -> usize {
            let processes = fs::read_dir("/proc").expect("Linux has it").flatten();
            let ours = processes.filter(|process| {
                fs::read_link(process.path().join("exe")).is_ok_and(|exe| exe == self.program)
            });
            ours.count()
        }

        fn until_there_are(&self, number: usize) {
            let mut waited = Duration::ZERO;
            while self.processes() != number {
                assert!(waited < PATIENCE, "{} are left", self.processes());
                waited += rest(20);
            }
        }
    }

    #[expect(clippy::disallowed_methods, reason = "a test waits for processes, and is no worker")]
    fn rest(millis: u64) -> Duration {
        let time = Duration::from_millis(millis);
        thread::sleep(time);
        time
    }

    fn signal(child: &Child, name: &str) {
        let sent = Command::new("kill").args([name, &child.id().to_string()]).status();
        assert!(sent.expect("kill runs").success());
    }

    #[test]
    fn after_ctrl_c_sigterm_sigkill_and_the_time_limit() {
        for (name, code) in [("-INT", Some(130)), ("-TERM", Some(130)), ("-KILL", None)] {
            let copy = Copy::of("step10");
            let mut rehearsal = copy.start(&["--action-seconds", "600"]);
            copy.until_there_are(3);
            // In the midst of an order, and not of a start.
            rest(500);
            signal(&rehearsal, name);
            assert_eq!(rehearsal.wait().expect("it ends").code(), code);
            copy.until_there_are(0);
        }
        let copy = Copy::of("step10");
        let mut rehearsal = copy.start(&["--action-seconds", "600", "--time-limit", "1"]);
        assert_eq!(rehearsal.wait().expect("it ends").code(), Some(1));
        copy.until_there_are(0);
    }

    #[test]
    fn after_a_start_that_fails_and_after_success() {
        let taken = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let port = taken.local_addr().expect("an address").port().to_string();
        for (args, code) in [(&["--port", &port][..], 1), (&["--rollout"], 0)] {
            let copy = Copy::of("step10");
            let mut rehearsal = copy.start(&[&["--action-seconds", "0.1"], args].concat());
            assert_eq!(rehearsal.wait().expect("it ends").code(), Some(code), "{args:?}");
            assert_eq!(copy.processes(), 0, "{args:?}");
        }
    }
}
