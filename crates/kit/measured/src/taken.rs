use std::process::Command;
use std::thread::available_parallelism;
use std::time::SystemTime;
use std::{env, fs};

use serde::{Deserialize, Serialize};

/// Where and when something was measured: a measured figure without this is a rumour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// The processor.
    pub machine: String,
    /// How many cores the program could use.
    pub cores: usize,
    /// The operating system.
    pub system: String,
    /// The compiler's name and version.
    pub compiler: String,
    /// The day, as in 2026-01-31.
    pub date: String,
    /// What to type to measure it again.
    pub command: String,
}

impl Taken {
    /// Here and today, by this command.
    #[must_use]
    pub fn now(command: &str) -> Self {
        let today = humantime::format_rfc3339(SystemTime::now()).to_string();
        Self {
            machine: machine().unwrap_or_else(|| env::consts::ARCH.to_owned()),
            cores: available_parallelism().map_or(1, Into::into),
            system: env::consts::OS.to_owned(),
            compiler: compiler().unwrap_or_else(|| "an unknown compiler".to_owned()),
            date: today.chars().take_while(|sign| *sign != 'T').collect(),
            command: command.to_owned(),
        }
    }

    /// All of it in one line, for a caption.
    #[must_use]
    pub fn caption(&self) -> String {
        let Self { machine, cores, system, compiler, date, .. } = self;
        let cores = if *cores == 1 { "1 core".to_owned() } else { format!("{cores} cores") };
        format!("Measured on {machine}, {cores}, {system}, {compiler}, {date}")
    }
}

fn machine() -> Option<String> {
    let known = fs::read_to_string("/proc/cpuinfo").ok()?;
    let name = known.lines().find(|line| line.starts_with("model name"))?;
    Some(name.split_once(':')?.1.trim().to_owned())
}

/// `rustc 1.85.0`, without the commit.
fn compiler() -> Option<String> {
    let version = Command::new("rustc").arg("--version").output().ok()?;
    let version = String::from_utf8(version.stdout).ok()?;
    let words: Vec<_> = version.split_whitespace().take(2).collect();
    (words.len() == 2).then(|| words.join(" "))
}
