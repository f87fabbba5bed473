use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

/// Nothing in these tests takes this long, on any machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
pub(crate) const ORDER: &[u8] = b"GET /serve-customer HTTP/1.1\r\nHost: localhost\r\n\r\n";

pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_coffee-shop"));
    command.stdin(Stdio::null()).env_clear();
    // Without it Windows has no network.
    command.envs(std::env::var_os("SystemRoot").map(|root| ("SystemRoot", root)));
    command
}

#[expect(clippy::disallowed_methods, reason = "a slow client is slow, and this thread is its own")]
pub(crate) fn pause() {
    std::thread::sleep(Duration::from_millis(100));
}

/// A shop in a process of its own, on a free port. Dropping it ends the process.
pub(crate) struct Shop {
    child: Child,
    /// `None` once it is closed.
    log: Option<BufReader<ChildStderr>>,
    pub(crate) port: u16,
    pub(crate) opened: Value,
}

impl Shop {
    pub(crate) fn open(args: &[&str]) -> Self {
        let mut command = program();
        command.args(["--port", "0", "--address", "127.0.0.1", "--log-format", "json"]);
        command.args(args).stderr(Stdio::piped()).stdout(Stdio::null());
        let mut child = command.spawn().expect("it starts");
        let mut log = BufReader::new(child.stderr.take().expect("it is piped"));
        let opened = line(&mut log).expect("it says that it is open");
        assert_eq!(opened["message"], "open", "{opened}");
        let port = opened["port"].as_u64().and_then(|port| port.try_into().ok());
        Self { child, log: Some(log), port: port.expect("a port"), opened }
    }

    /// Opens with a log that the test cannot read, so on a port that was free a moment ago.
    #[cfg(unix)]
    pub(crate) fn open_unheard(args: &[&str], log: Stdio) -> Self {
        let free = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = free.local_addr().expect("it is bound").port();
        drop(free);
        let mut command = program();
        command.args(["--port", &port.to_string(), "--address", "127.0.0.1"]);
        let child = command.args(args).stderr(log).stdout(Stdio::null()).spawn();
        let shop = Self { child: child.expect("it starts"), log: None, port, opened: Value::Null };
        let began = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(began.elapsed() < PATIENCE / 4, "it does not open");
            pause();
        }
        shop
    }

    /// Waits for the end for so long; `None` if it has not come.
    #[cfg(unix)]
    pub(crate) fn exit_code(&mut self, patience: Duration) -> Option<i32> {
        let began = Instant::now();
        while began.elapsed() < patience {
            if let Some(status) = self.child.try_wait().expect("it is our child") {
                return status.code();
            }
            pause();
        }
        None
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).expect("it is open");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        stream.set_write_timeout(Some(PATIENCE)).expect("a timeout");
        stream
    }

    /// Asks on a connection of its own; the whole answer.
    pub(crate) fn get(&self, path: &str) -> String {
        let mut stream = self.connect();
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("it listens");
        rest(&mut stream)
    }

    #[cfg(unix)]
    pub(crate) fn signal(&self, name: &str) {
        let kill = Command::new("kill").args([name, &self.child.id().to_string()]).status();
        assert!(kill.expect("kill runs").success());
    }

    /// Waits for the end; the exit code and the last line of the log.
    pub(crate) fn ended(mut self) -> (Option<i32>, Value) {
        let mut last = Value::Null;
        while let Some(next) = self.log.as_mut().and_then(line) {
            last = next;
        }
        (self.child.wait().expect("it ends").code(), last)
    }

    /// Reads on until the log says so.
    pub(crate) fn until(&mut self, message: &str) {
        let log = self.log.as_mut().expect("it is read");
        while line(log).expect("the log goes on")["message"] != message {}
    }

    /// Closes the log: from now on writing to it fails.
    pub(crate) fn unread(&mut self) {
        self.log = None;
    }

    /// Waits until the shop says so about itself.
    pub(crate) fn until_metrics(&self, line: &str) {
        let began = Instant::now();
        while !self.get("/metrics").contains(line) {
            assert!(began.elapsed() < PATIENCE, "waited too long for {line}");
        }
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn line(log: &mut BufReader<ChildStderr>) -> Option<Value> {
    let mut line = String::new();
    log.read_line(&mut line).expect("UTF-8");
    (!line.is_empty()).then(|| serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line}")))
}

/// Everything until the connection is closed, also if it is reset.
pub(crate) fn rest(stream: &mut TcpStream) -> String {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};

    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => bytes.extend_from_slice(&buffer[..read]),
            Err(error) if matches!(error.kind(), ConnectionAborted | ConnectionReset) => break,
            Err(error) if error.kind() == Interrupted => {}
            Err(error) => panic!("it is not closed in time: {error}"),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
