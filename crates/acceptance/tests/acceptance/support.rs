//! Runs examples as processes, each bounded in time, and makes what they print comparable.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use regex_lite::Regex;
use serde_json::Value;

/// No example of a test takes this long, on any machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("this crate is two folders below the root").to_owned()
}

pub(crate) fn cargo(args: &[&str]) -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(root()).args(args);
    cargo
}

/// What cargo says in JSON, a message a line.
pub(crate) fn cargo_messages(args: &[&str]) -> Vec<Value> {
    let output = cargo(args).stderr(Stdio::inherit()).output().expect("cargo runs");
    assert!(output.status.success(), "cargo {args:?} failed");
    let text = String::from_utf8(output.stdout).expect("cargo speaks UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// The program of an example, built as `cargo run --example` builds it.
pub(crate) fn program(example: &str) -> &'static Path {
    static PROGRAMS: OnceLock<BTreeMap<String, PathBuf>> = OnceLock::new();
    let build = || {
        let messages = cargo_messages(&["build", "--examples", "--message-format=json"]);
        let program = |message: &Value| {
            let path = message["executable"].as_str()?;
            Some((message["target"]["name"].as_str()?.to_owned(), path.into()))
        };
        messages.iter().filter_map(program).collect()
    };
    PROGRAMS.get_or_init(build).get(example).expect("an example of that name")
}

/// An example as a command that leaves the terminal of whoever tests out of the game.
pub(crate) fn example(name: &str, args: &[&str]) -> Command {
    let mut command = Command::new(program(name));
    command.args(args).current_dir(root()).stdin(Stdio::null());
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "RUST_BACKTRACE"] {
        command.env_remove(variable);
    }
    command
}

pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs an example to its end.
pub(crate) fn run(name: &str, args: &[&str]) -> Ran {
    finish(example(name, args))
}

pub(crate) fn finish(command: Command) -> Ran {
    let output = snapbox::cmd::Command::from_std(command).timeout(PATIENCE).output();
    let output = output.expect("the program runs");
    Ran {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// Compares with a file in `snapshots`; `SNAPSHOTS=overwrite` writes it.
pub(crate) fn assert_snapshot(actual: &str, name: &str) {
    let here = "crates/acceptance/tests/acceptance/snapshots";
    let path = root().join(here).join(name);
    let expected = snapbox::Data::read_from(&path, Some(snapbox::data::DataFormat::Text));
    snapbox::assert_data_eq!(actual, expected.raw());
}

/// Without what differs from run to run on the real clock: times, the length of bars and of the
/// axis, and how many threads lent a hand.
pub(crate) fn masked(text: &str) -> String {
    let masks = [
        (r"\d+\.\d+ s", "N s"),
        (r"\d+ (micro|milli)seconds?", "N s"),
        (r"\d+ threads?", "N threads"),
        (r"(?m)^(customer \d+)? +[$#~*][^\n]*$", "$1 (bars)"),
        (r"\n +\d+ s( .*)?\n[ |]+\n", "\n(time axis)\n"),
        (" +", " "),
    ];
    masks.iter().fold(text.to_owned(), |text, (pattern, with)| {
        let pattern = Regex::new(pattern).expect("a valid pattern");
        pattern.replace_all(&text, *with).into_owned()
    })
}

/// An example that is open as a shop. It is killed when it is dropped.
pub(crate) struct Shop {
    child: Child,
    pub(crate) port: u16,
    output: Option<JoinHandle<String>>,
}

impl Shop {
    /// Opens the shop of a step on a free port.
    pub(crate) fn open(step: &str, args: &[&str]) -> Self {
        let mut command = example(step, args);
        command.args(["--port", "0"]).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = command.spawn().expect("the example runs");
        let mut stdout = BufReader::new(child.stdout.take().expect("it is piped"));
        let (port, opening) = invitation(&mut stdout);
        let rest = move || {
            let mut text = opening;
            stdout.read_to_string(&mut text).expect("UTF-8");
            text
        };
        Self { child, port, output: Some(thread::spawn(rest)) }
    }

    /// Sends a request and returns the connection, on which the answer will come.
    pub(crate) fn order(&self, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect(("localhost", self.port)).expect("the shop is open");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout can be set");
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("the shop listens");
        stream
    }

    /// Sends a request and returns the answer, head and body.
    pub(crate) fn get(&self, path: &str) -> String {
        answer(self.order(path))
    }

    /// Ctrl-C.
    #[cfg(unix)]
    pub(crate) fn interrupt(&self) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-INT", &pid]).status().expect("kill runs");
        assert!(sent.success());
    }

    /// Waits for the end, and returns all it said.
    #[cfg(unix)]
    pub(crate) fn closed(mut self) -> (ExitStatus, String) {
        let output = self.output.take().expect("a shop is closed once");
        // The output ends when the process does.
        let output = output.join().expect("its output can be read");
        (self.child.wait().expect("it is our child"), output)
    }
}

pub(crate) fn answer(mut stream: TcpStream) -> String {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("a whole answer");
    answer
}

fn invitation(stdout: &mut BufReader<ChildStdout>) -> (u16, String) {
    let mut text = String::new();
    loop {
        let start = text.len();
        let read = stdout.read_line(&mut text).expect("UTF-8");
        assert!(read > 0, "the shop ended before it opened:\n{text}");
        if let Some((_, port)) = text[start..].trim_end().split_once("on http://localhost:") {
            return (port.parse().expect("a port"), text);
        }
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
