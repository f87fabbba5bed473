use std::env;
use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener};
use std::thread;
use std::time::Duration;

use anyhow::Result;
use sysinfo::Disks;

use super::finding::Finding;
use super::probe::{Answer, ask, command, first_line};
use crate::bounded::Ending;
use crate::compile::{build, cargo, last_lines};
use crate::desk::{Desk, typed};
use crate::terminal::Terminal;

const PATIENCE: Duration = Duration::from_secs(10);
/// Everything that one builds on the day, debug and release, tests and benches.
const DISK: u64 = 4_000_000_000;
/// Below this a timeline loses its shape.
const NARROW: u16 = 80;

pub(crate) fn rust() -> Finding {
    const WHAT: &str = "Rust";
    const UPDATE: &str = "rustup update stable; or install it from https://rustup.rs";
    let needed = env!("CARGO_PKG_RUST_VERSION");
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut rustc = std::process::Command::new(rustc);
    rustc.arg("--version");
    let Answer::Said(said) = ask(rustc, PATIENCE) else {
        return Finding::bad(WHAT, "rustc does not answer", UPDATE);
    };
    let version = said.split(' ').nth(1).unwrap_or_default();
    if numbers(version) < numbers(needed) {
        return Finding::bad(WHAT, format!("{version} is older than {needed}"), UPDATE);
    }
    Finding::good(WHAT, format!("{version}, and {needed} is enough"))
}

fn numbers(version: &str) -> Vec<u32> {
    version.split(['.', '-']).map_while(|part| part.parse().ok()).collect()
}

pub(crate) fn disk(desk: &Desk) -> Finding {
    const WHAT: &str = "Disk";
    let here = desk.root().canonicalize().unwrap_or_else(|_| desk.root().to_owned());
    let disks = Disks::new_with_refreshed_list();
    let holds = |disk: &&sysinfo::Disk| here.starts_with(disk.mount_point());
    let disk = disks.iter().filter(holds).max_by_key(|disk| disk.mount_point().as_os_str().len());
    let gigabytes = |bytes: u64| format!("{:.1} GB", bytes as f64 / 1e9);
    match disk.map(sysinfo::Disk::available_space) {
        Some(free) if free < DISK => Finding::bad(
            WHAT,
            format!("{} free, and the day needs {}", gigabytes(free), gigabytes(DISK)),
            "cargo clean, in this and in other projects",
        ),
        Some(free) => Finding::good(WHAT, format!("{} free", gigabytes(free))),
        None => Finding::missing(
            WHAT,
            "the system does not say how much is free",
            format!("see that there are {}", gigabytes(DISK)),
        ),
    }
}

pub(crate) fn cores() -> Finding {
    const WHAT: &str = "Cores";
    match thread::available_parallelism().map_or(1, usize::from) {
        1 => Finding::missing(
            WHAT,
            "one: everything works, but nothing runs in parallel",
            "give a virtual machine two or more",
        ),
        cores => Finding::good(WHAT, cores.to_string()),
    }
}

/// The shop listens on both, because `localhost` may mean either.
pub(crate) fn port(port: u16) -> [Finding; 2] {
    [
        ("Port on IPv4", IpAddr::from(Ipv4Addr::LOCALHOST)),
        ("Port on IPv6", IpAddr::from(Ipv6Addr::LOCALHOST)),
    ]
    .map(|(what, address)| match TcpListener::bind((address, port)) {
        Ok(_) => Finding::good(what, format!("{port} is free")),
        Err(error) if error.kind() == ErrorKind::AddrInUse => Finding::bad(
            what,
            format!("{port} is taken"),
            format!("{}; or open each shop with -- --port {}", who_listens(port), other(port)),
        ),
        // A machine without IPv6 serves on IPv4, and curl finds that out by itself.
        Err(error) if address.is_ipv6() => {
            Finding::missing(what, format!("not here ({error})"), "nothing: IPv4 will do")
        }
        Err(error) => Finding::bad(
            what,
            format!("{port} cannot be opened ({error})"),
            format!("open each shop with -- --port {}", other(port)),
        ),
    })
}

fn other(port: u16) -> u16 {
    port.checked_add(1).unwrap_or(8081)
}

fn who_listens(port: u16) -> String {
    if cfg!(windows) {
        format!("netstat -ano | findstr :{port} says by whom")
    } else {
        format!("lsof -i :{port} says by whom")
    }
}

pub(crate) fn curl() -> Finding {
    const WHAT: &str = "curl";
    let program = if cfg!(windows) { "curl.exe" } else { "curl" };
    match ask(command(program, &["--version"]), PATIENCE) {
        Answer::Said(said) if said.starts_with("curl ") => {
            let version: Vec<_> = first_line(&said).split(' ').take(2).collect();
            let type_it = match cfg!(windows) {
                true => "; in PowerShell type curl.exe, because curl alone is something else there",
                false => "",
            };
            Finding::good(WHAT, version.join(" ") + type_it)
        }
        Answer::Said(said) => Finding::bad(
            WHAT,
            format!("the program of that name is another one: {}", first_line(&said)),
            "install curl from https://curl.se, or order on the live page in a browser",
        ),
        _ => Finding::bad(
            WHAT,
            "not there",
            "sudo apt install curl, brew install curl, or from https://curl.se",
        ),
    }
}

/// A file of this name in a folder above chooses the toolchain for the clone, too.
pub(crate) fn toolchain(desk: &Desk) -> Finding {
    const WHAT: &str = "Toolchain";
    let root = desk.root().canonicalize().unwrap_or_else(|_| desk.root().to_owned());
    let files = root
        .ancestors()
        .skip(1)
        .flat_map(|folder| ["rust-toolchain.toml", "rust-toolchain"].map(|name| folder.join(name)));
    match files.into_iter().find(|file| file.is_file()) {
        None => Finding::good(WHAT, "no file in a folder above chooses another one"),
        Some(file) => Finding::missing(
            WHAT,
            format!("{} chooses it for this folder, too", file.display()),
            "clone the workshop somewhere else, or type cargo +stable workshop",
        ),
    }
}

/// An editor that renames, or a click in the wrong place.
pub(crate) fn exercises(desk: &Desk) -> Finding {
    const WHAT: &str = "Exercises";
    let lost: Vec<_> = desk.lost().map(typed).collect();
    match lost.len() {
        0 => Finding::good(WHAT, "all files are there"),
        some => Finding::bad(
            WHAT,
            format!("{some} gone, or renamed: {}", lost.join(", ")),
            format!("git checkout {}", lost.join(" ")),
        ),
    }
}

pub(crate) fn dependencies(desk: &Desk) -> Finding {
    const WHAT: &str = "Dependencies";
    let mut fetch = cargo(desk);
    fetch.args(["fetch", "--locked", "--offline", "--quiet"]);
    match ask(fetch, Duration::from_secs(60)) {
        Answer::Said(_) => Finding::good(WHAT, "all are on this machine"),
        Answer::Failed(said) => {
            let reason = first_line(&said).trim_start_matches("error: ");
            Finding::bad(
                WHAT,
                format!("not all are on this machine ({reason})"),
                "with a network: cargo fetch --locked",
            )
        }
        Answer::Absent => Finding::bad(WHAT, "cargo is not there", "https://rustup.rs"),
        Answer::Silent => {
            Finding::bad(WHAT, "cargo does not answer", "try again: cargo fetch --locked")
        }
    }
}

/// The proof of the above: the largest shop and all that the exercises need, without the
/// network.
pub(crate) fn offline_build(desk: &Desk, terminal: &Terminal) -> Result<Finding> {
    const WHAT: &str = "Build without network";
    const PROOF: [&str; 6] = [
        "--offline",
        "--locked",
        "--package=cli",
        "--package=examiner",
        "--example=step5",
        "--lib",
    ];
    const SLOW: &str = "Building step 5 without the network; the first time takes a minute";
    terminal.mention(&terminal.wrapped(SLOW, ""));
    let ran = build(desk, &PROOF, &[], terminal)?;
    Ok(match ran.ending {
        Ending::Exited(status) if status.success() => Finding::good(WHAT, "step 5 is built"),
        Ending::Exited(_) if ran.stderr.contains("linker") => Finding::bad(
            WHAT,
            "the system's linker is missing",
            "sudo apt install build-essential; xcode-select --install; or Visual Studio's C++ tools",
        ),
        Ending::Exited(_) => {
            let reason = last_lines(&ran.stderr, 1);
            Finding::bad(
                WHAT,
                format!("cargo fails ({})", reason.trim()),
                "with a network: cargo fetch --locked; then see cargo build --example step5",
            )
        }
        _ => Finding::bad(WHAT, "cargo is not done after a quarter of an hour", "try again"),
    })
}

pub(crate) fn terminal(terminal: &Terminal) -> Finding {
    const WHAT: &str = "Terminal";
    let colour = if terminal.colour() { "with colour" } else { "without colour" };
    match Terminal::width() {
        Some(columns) if columns < NARROW => Finding::missing(
            WHAT,
            format!("{columns} columns, {colour}: timelines are drawn, but narrow"),
            format!("make it {NARROW} columns wide"),
        ),
        Some(columns) => Finding::good(WHAT, format!("{columns} columns, {colour}")),
        None => Finding::good(WHAT, format!("the output is no terminal, so 80 columns, {colour}")),
    }
}
