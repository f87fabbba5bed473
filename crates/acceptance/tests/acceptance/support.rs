//! Runs examples as processes, each bounded in time, and makes what they print comparable.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
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

/// What cargo knows of the workspace.
pub(crate) fn metadata() -> Value {
    cargo_messages(&["metadata", "--format-version=1", "--locked"]).remove(0)
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

/// An example as a command that does not see the terminal in which the tests run.
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

/// An example that runs beside the test. It is killed when it is dropped, and when it takes
/// longer than [`PATIENCE`].
pub(crate) struct Running {
    child: Arc<Mutex<Child>>,
    output: Box<dyn BufRead>,
    said: String,
    /// Dropping it calls the watchdog off.
    _leash: mpsc::Sender<()>,
}

impl Running {
    /// Starts it, to read what it says on its standard output.
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the example runs");
        let stdout = child.stdout.take().expect("it is piped");
        Self::watched(child, Box::new(BufReader::new(stdout)))
    }

    /// Starts it, to read what it logs on its standard error.
    pub(crate) fn start_logging(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().expect("the example runs");
        let stderr = child.stderr.take().expect("it is piped");
        Self::watched(child, Box::new(BufReader::new(stderr)))
    }

    /// The same, and to speak to it on its standard input.
    pub(crate) fn start_spoken_to(mut command: Command) -> (Self, ChildStdin) {
        let mut child = command.stderr(Stdio::piped()).spawn().expect("the example runs");
        let stderr = child.stderr.take().expect("it is piped");
        let stdin = child.stdin.take().expect("it is piped");
        (Self::watched(child, Box::new(BufReader::new(stderr))), stdin)
    }

    fn watched(child: Child, output: Box<dyn BufRead>) -> Self {
        let child = Arc::new(Mutex::new(child));
        let (leash, watched) = mpsc::channel();
        let watchdog = child.clone();
        thread::spawn(move || {
            if watched.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                let _ = watchdog.lock().expect("unpoisoned").kill();
            }
        });
        Self { child, output, said: String::new(), _leash: leash }
    }

    /// Reads on until a line has this in it, and returns that line.
    pub(crate) fn until(&mut self, text: &str) -> String {
        loop {
            let mut line = String::new();
            let read = self.output.read_line(&mut line).expect("UTF-8");
            self.said += &line;
            assert!(read > 0, "it ended before it said {text:?}:\n{}", self.said);
            if line.contains(text) {
                return line;
            }
        }
    }

    /// Ctrl-C.
    #[cfg(unix)]
    pub(crate) fn interrupt(&self) {
        let pid = self.child.lock().expect("unpoisoned").id().to_string();
        let sent = Command::new("kill").args(["-INT", &pid]).status().expect("kill runs");
        assert!(sent.success());
    }

    /// Reads to the end of its output, and returns all of it with the exit code.
    pub(crate) fn ended(mut self) -> (Option<i32>, String) {
        self.output.read_to_string(&mut self.said).expect("UTF-8");
        let status = self.child.lock().expect("unpoisoned").wait().expect("it is our child");
        (status.code(), std::mem::take(&mut self.said))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut child = self.child.lock().expect("unpoisoned");
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// An example that is open as a shop.
pub(crate) struct Shop {
    pub(crate) running: Running,
    pub(crate) port: u16,
}

impl Shop {
    /// Opens the shop of a step on a free port.
    pub(crate) fn open(step: &str, args: &[&str]) -> Self {
        let mut command = example(step, args);
        command.args(["--port", "0"]);
        let mut running = Running::start(command);
        let line = running.until("The shop is open on http://");
        let (_, port) = line.trim_end().rsplit_once(':').expect("an address");
        let port = port.parse().expect("a port");
        Self { running, port }
    }

    /// Opens the shop of step 6, which logs instead of talking.
    pub(crate) fn open_server(args: &[&str]) -> Self {
        let mut command = example("step6", args);
        command.args(["--port", "0"]);
        let mut running = Running::start_logging(command);
        let line = running.until(" port=");
        let (_, port) = line.split_once(" port=").expect("it was found");
        let port = port.split(' ').next().and_then(|port| port.parse().ok());
        Self { running, port: port.expect("a port") }
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
}

pub(crate) fn answer(mut stream: TcpStream) -> String {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("a whole answer");
    answer
}
