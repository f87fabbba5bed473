//! Wrong flags, taken ports, places that cannot be written: a sentence each, and nothing half-done.

use std::net::{Ipv4Addr, TcpListener};

use crate::support::{Shop, run};

#[test]
fn a_wrong_flag_is_a_usage_error() {
    for (args, sentence) in [
        (&["--customers", "0"][..], "0 customers are too few; try 3"),
        (&["--customers", "-3"], "not a whole number from 1 to 4294967295"),
        (&["--customers", "three"], "not a whole number from 1 to 4294967295"),
        (&["--customers", "99999999999"], "not a whole number from 1 to 4294967295"),
        (&["--customers", "100001"], "step4 -- --customers 100001 --max-customers 100001"),
        (&["--customers", "3", "--port", "8081"], "cannot be used with"),
        (&["--max-customers", "0"], "0 customers are too few"),
        (&["--port", "99999"], "not a port from 0 to 65535; try 8081"),
        (&["--port", "abc"], "not a port from 0 to 65535; try 8081"),
        (&["--address", "here"], "invalid IP address"),
        (&["--action-seconds", "0"], "not a number of seconds from 0.001 to 3600"),
        (&["--action-seconds", "NaN"], "not a number of seconds from 0.001 to 3600"),
        (&["--paused"], "step4 -- --customers 3 --paused"),
        (&["--svg", "coffee.svg"], "step4 -- --customers 3 --svg FILE"),
        (&["--colour"], "unexpected argument '--colour' found"),
    ] {
        let ran = run("step4", args);
        assert_eq!(ran.code, Some(2), "{args:?}");
        assert_eq!(ran.stdout, "", "{args:?}");
        assert!(ran.stderr.starts_with("error: "), "{args:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(sentence), "{args:?}: {}", ran.stderr);
        assert!(ran.stderr.ends_with("For more information, try '--help'.\n"), "{}", ran.stderr);
    }
}

#[test]
fn step_1_has_no_shop_to_open() {
    let ran = run("step1", &["--port", "8080"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("unexpected argument '--port' found"), "{}", ran.stderr);
}

#[test]
fn a_port_that_another_shop_has_is_told_as_such() {
    let shop = Shop::open("step2", &[]);
    let port = shop.port.to_string();
    let ran = run("step4", &["--port", &port]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
    let sentence =
        format!("error: port {port} is taken: step 2 is still running in another terminal");
    assert!(ran.stderr.starts_with(&sentence), "{}", ran.stderr);
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
}

#[test]
fn a_port_that_another_program_has_is_told_as_such() {
    // It accepts, and never says a word.
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let port = silent.local_addr().expect("it is bound").port().to_string();
    let ran = run("step4", &["--port", &port]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
    let sentence = format!("error: port {port} is taken by another program. To see which: ");
    assert!(ran.stderr.starts_with(&sentence), "{}", ran.stderr);
    assert!(ran.stderr.contains("cargo run --example step4 -- --port "), "{}", ran.stderr);
}

#[test]
#[cfg(target_os = "linux")]
fn a_shop_on_another_address_is_recognised_there() {
    let first = Shop::open("step2", &["--address", "127.0.0.2"]);
    let port = first.port.to_string();
    let ran = run("step4", &["--address", "127.0.0.2", "--port", &port]);
    assert!(ran.stderr.contains("step 2 is still running"), "{}", ran.stderr);
}

#[test]
fn an_address_of_another_machine_is_refused() {
    // 192.0.2.1 is reserved for documentation: no machine has it.
    let ran = run("step4", &["--address", "192.0.2.1", "--port", "0"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
    assert!(ran.stderr.starts_with("error: the shop cannot open on 192.0.2.1"), "{}", ran.stderr);
}

#[test]
fn a_picture_that_cannot_be_written_is_an_error_before_the_brewing() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path().to_str().expect("UTF-8");
    for (path, why) in [
        (here.to_owned(), "it is not a file"),
        (format!("{here}/missing/"), "it is not a file"),
        (format!("{here}/missing/coffee.svg"), "there is no such folder"),
        (format!("{here}/{}.svg", "c".repeat(300)), ""),
    ] {
        let ran = run("step1", &["--svg", &path]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{path}");
        let sentence = format!("error: the picture {path} cannot be written: {why}");
        assert!(ran.stderr.starts_with(&sentence), "{}", ran.stderr);
    }
    let left = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(left, 0, "nothing half-written");
}

#[test]
#[cfg(unix)]
fn a_picture_takes_the_place_of_files_only_and_follows_links() {
    use std::fs;
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let draw =
        |name: &str| run("step1", &["--paused", "--svg", path(name).to_str().expect("UTF-8")]);

    let made = std::process::Command::new("mkfifo").arg(path("pipe")).status().expect("it runs");
    assert!(made.success());
    assert_eq!(draw("pipe").code, Some(1));
    assert!(!fs::metadata(path("pipe")).expect("it is still there").is_file());

    fs::write(path("real.svg"), "old").expect("written");
    std::os::unix::fs::symlink(path("real.svg"), path("link.svg")).expect("linked");
    assert_eq!(draw("link.svg").code, Some(0));
    assert!(path("link.svg").is_symlink());
    assert!(fs::read_to_string(path("real.svg")).expect("read").starts_with("<svg"));
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_an_error() {
    let mut command = crate::support::example("step1", &["--paused"]);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has one");
    let output = command.stdout(full).output().expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.starts_with("error: the output cannot be written: "), "{stderr}");
}

#[test]
#[cfg(target_os = "linux")]
fn an_error_that_cannot_be_written_does_not_panic() {
    let mut command = crate::support::example("step1", &["--svg", "no/such/folder.svg"]);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has one");
    let status = command.stderr(full).status().expect("it runs");
    assert_eq!(status.code(), Some(1));
}
