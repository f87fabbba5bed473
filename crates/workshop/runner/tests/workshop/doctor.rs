//! The doctor finds what is wrong, says what to type, and its exit code tells.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::{env, fs};

use crate::support::{Clone, finish, text};

#[test]
fn a_taken_port_is_found_and_everything_else_is_looked_at() {
    let clone = Clone::lend();
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let ran = clone.run(&["doctor", "--port", &port]);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    let said = &ran.stdout;
    assert!(said.contains(&format!("FAIL  Port on IPv4: {port} is taken")), "{said}");
    assert!(said.contains(&format!("-> lsof -i :{port}")) || cfg!(windows), "{said}");
    for good in ["Rust: ", "curl: ", "Dependencies: all", "Build without network: step 5 is built"]
    {
        assert!(said.contains(&format!("ok    {good}")), "{good}\n{said}");
    }
    for looked_at in [
        "Disk: ",
        "Cores: ",
        "Terminal: ",
        "docker or podman: ",
        "kubectl: ",
        "Chromium: ",
        "Node.js: ",
    ] {
        assert!(said.contains(looked_at), "{looked_at}\n{said}");
    }
    drop(taken);
    let ran = clone.run(&["doctor", "--port", &port]);
    assert!(ran.stdout.contains(&format!("ok    Port on IPv4: {port} is free")), "{}", ran.stdout);
}

#[test]
fn a_file_that_is_gone_and_a_toolchain_of_the_folder_above_are_found() {
    let clone = Clone::lend();
    let file = clone.folder().join("03-join.rs");
    fs::remove_file(&file).expect("it can be removed");
    let above = clone.root().with_file_name("rust-toolchain.toml");
    fs::write(&above, "").expect("it can be written");
    let mut doctor = clone.command(&["doctor", "--port", "0"]);
    // Cargo is not to obey the file for this.
    doctor.env("RUSTUP_TOOLCHAIN", "stable").env("http_proxy", "http://127.0.0.1:9");
    doctor.env_remove("no_proxy").env_remove("NO_PROXY");
    let ran = finish(doctor);
    fs::remove_file(above).expect("it can be removed");
    let said = ran.stdout.replace("\n      ", " ");
    assert_eq!(ran.code, Some(1), "{said}");
    let checkout = "git checkout crates/workshop/exercises/03-join.rs";
    assert!(said.contains("FAIL  Exercises: 1 gone, or renamed"), "{said}");
    assert!(said.contains(checkout), "{said}");
    assert!(said.contains("none  Toolchain: ") && said.contains("chooses it for this"), "{said}");
    assert!(said.contains("FAIL  Proxy: http_proxy is set, also for localhost"), "{said}");

    let ran = clone.run(&["check", "3"]);
    assert_eq!(ran.code, Some(2), "{}", ran.stdout);
    assert!(ran.stderr.replace('\n', " ").contains(checkout), "{}", ran.stderr);
    clone.write("01-in-turn", &text("solutions/01-in-turn"));
    assert!(clone.verdict("01-in-turn").0, "the other exercises do not need it");
}

/// A cargo that has fetched nothing, and may not.
#[test]
fn without_network_it_says_what_to_fetch() {
    let clone = Clone::lend();
    let home = clone.root().with_file_name("empty-cargo-home");
    let _ = fs::remove_dir_all(&home);
    fs::create_dir_all(&home).expect("a folder can be made");
    let mut doctor = clone.command(&["doctor", "--port", "0"]);
    doctor.env("CARGO_HOME", &home).env("CARGO_NET_OFFLINE", "true");
    let ran = finish(doctor);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    let said = ran.stdout;
    assert!(said.contains("FAIL  Dependencies: not all are on this machine"), "{said}");
    assert!(said.contains("-> with a network: cargo fetch --locked\n"), "{said}");
    assert!(said.contains("FAIL  Build without network: "), "{said}");
    // A machine may lack more than that.
    let failed = said.lines().filter(|line| line.starts_with("FAIL  ")).count();
    assert!(said.contains(&format!("{failed} problems; their fixes are shown above.")), "{said}");
}

/// An engine that does not answer, and a curl that is something else.
#[test]
#[cfg(unix)]
fn programs_that_hang_or_lie_do_not_hold_it_up() {
    use std::os::unix::fs::PermissionsExt;

    let clone = Clone::lend();
    let folder = clone.root().with_file_name("programs");
    fs::create_dir_all(&folder).expect("a folder can be made");
    for (name, script) in [
        ("docker", "#!/bin/sh\nexec sleep 60\n"),
        ("podman", "#!/bin/sh\nexit 1\n"),
        ("curl", "#!/bin/sh\necho something else\n"),
        ("rustc", "#!/bin/sh\necho 'rustc 1.70.0 (old)'\n"),
    ] {
        let path = folder.join(name);
        fs::write(&path, script).expect("it can be written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it is ours");
    }
    let path = env::var_os("PATH").expect("there is one");
    let folders = [folder].into_iter().chain(env::split_paths(&path));
    let mut doctor = clone.command(&["doctor", "--port", "0"]);
    doctor.env("PATH", env::join_paths(folders).expect("no colons"));
    // The real compiler for the real build: only the doctor's own question meets the old one.
    doctor.env("CARGO_BUILD_RUSTC", Path::new(env!("CARGO")).with_file_name("rustc"));
    let ran = finish(doctor);
    let said = ran.stdout;
    assert_eq!(ran.code, Some(1), "{said}");
    assert!(said.contains("FAIL  Rust: 1.70.0 is older than 1.88"), "{said}");
    assert!(said.contains("-> rustup update stable"), "{said}");
    assert!(said.contains("FAIL  curl: the program of that name is another one"), "{said}");
    assert!(
        said.contains("none  docker or podman: podman is there, but its daemon is not"),
        "{said}"
    );
}
