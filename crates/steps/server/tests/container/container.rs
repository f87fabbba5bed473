use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind::{TimedOut, WouldBlock};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

/// Nothing in these tests takes this long, on any machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// Prints what was measured, and writes it into a file for `docker/check.sh --save`.
pub(crate) fn measured(figures: &Value) {
    println!("{figures}");
    let Some(path) = std::env::var_os("FIGURES") else { return };
    let file = fs::OpenOptions::new().create(true).append(true).open(path);
    file.and_then(|mut file| writeln!(file, "{figures}")).expect("the file can be written");
}

/// What `docker/check.sh` has built.
pub(crate) fn image() -> String {
    std::env::var("IMAGE").expect("docker/check.sh says which image to test")
}

/// What the containers of this run begin their names with.
pub(crate) fn run() -> String {
    std::env::var("RUN").expect("docker/check.sh names its run")
}

pub(crate) fn podman(args: &[&str]) -> String {
    // Where it ran, its monitor leaves a file when the kernel has killed a container.
    let podman = Command::new("podman").args(args).current_dir(std::env::temp_dir()).output();
    let Output { status, stdout, stderr } = podman.expect("podman runs");
    let stderr = String::from_utf8_lossy(&stderr);
    assert!(status.success(), "podman {args:?}: {stderr}");
    String::from_utf8(stdout).expect("UTF-8")
}

/// A shop in a container of its own, as a cluster would run it: it may write nowhere and gain no
/// rights. Dropping it removes the container.
pub(crate) struct Container {
    pub(crate) name: String,
    pub(crate) port: u16,
    groups: String,
}

impl Container {
    /// `limits` are flags for podman, `flags` for the shop.
    pub(crate) fn run(limits: &[&str], flags: &[&str]) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(1);
        let name = format!("{}-{}", run(), COUNT.fetch_add(1, Ordering::Relaxed));
        let image = image();
        // Where crun and the usual limits of files and processes do not work, these do.
        let mut args = vec!["--runtime", "runc", "run", "--detach", "--name", &name];
        args.extend(["--ulimit", "nofile=1024:4096", "--ulimit", "nproc=1024:4096"]);
        args.extend(["--network", "host", "--read-only", "--cap-drop", "all"]);
        args.extend(["--security-opt", "no-new-privileges", "--no-healthcheck"]);
        args.extend(limits);
        args.extend([&*image, "--address", "127.0.0.1", "--port", "0", "--log-format", "json"]);
        args.extend(flags);
        podman(&args);
        let mut container = Self { name, port: 0, groups: String::new() };
        container.groups = container.inspect("{{.State.CgroupPath}}");
        container.port = container.opened()["port"].as_u64().expect("a port") as u16;
        container
    }

    pub(crate) fn inspect(&self, what: &str) -> String {
        podman(&["inspect", "--format", what, &self.name]).trim().to_owned()
    }

    /// What it has logged so far.
    pub(crate) fn log(&self) -> Vec<Value> {
        let output = Command::new("podman").args(["logs", &self.name]).output();
        let text = String::from_utf8(output.expect("podman runs").stderr).expect("UTF-8");
        text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
    }

    /// What is in force, as it says when it opens.
    pub(crate) fn opened(&self) -> Value {
        eventually("the shop to open", || {
            self.log().into_iter().find(|line| line["message"] == "open")
        })
    }

    /// Status, text and time of an answer. No status means that there was none.
    pub(crate) fn get(&self, path: &str) -> (Option<u16>, String, Duration) {
        get(self.port, path)
    }

    pub(crate) fn serve(&self, customers: u32) -> (Option<u16>, Duration) {
        let (status, _, time) = self.get(&format!("/serve-customer/{customers}"));
        (status, time)
    }

    /// The most memory that the kernel has counted so far, in bytes.
    pub(crate) fn peak(&self) -> u64 {
        let files = [("memory", "memory.max_usage_in_bytes"), ("", "memory.peak")];
        let text = files.iter().find_map(|(controller, file)| self.group(controller, file));
        text.and_then(|text| text.trim().parse().ok()).expect("the kernel says the peak")
    }

    /// How often the kernel has killed a process here because its memory was used up; `None`
    /// once the control group is gone.
    pub(crate) fn oom_kills(&self) -> Option<u64> {
        let files = [("memory", "memory.oom_control"), ("", "memory.events")];
        let text = files.iter().find_map(|(controller, file)| self.group(controller, file))?;
        text.lines().find_map(|line| line.strip_prefix("oom_kill ")?.trim().parse().ok())
    }

    /// Version 1 has a folder for each controller, version 2 one for all.
    fn group(&self, controller: &str, file: &str) -> Option<String> {
        let controller = if controller.is_empty() { "" } else { &format!("/{controller}") };
        fs::read_to_string(format!("/sys/fs/cgroup{controller}{}/{file}", self.groups)).ok()
    }

    /// The exit code, once it has stopped.
    pub(crate) fn exit_code(&self) -> i32 {
        eventually("the container to stop", || {
            let state = self.inspect("{{.State.Status}} {{.State.ExitCode}}");
            state.strip_prefix("exited ")?.parse().ok()
        })
    }

    pub(crate) fn is_running(&self) -> bool {
        self.inspect("{{.State.Status}}") == "running"
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        let args = ["rm", "--force", "--time", "0", &self.name];
        let _ = Command::new("podman").args(args).output();
    }
}

pub(crate) fn get(port: u16, path: &str) -> (Option<u16>, String, Duration) {
    let began = Instant::now();
    let answer = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.write_all(
            format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                .as_bytes(),
        )?;
        let mut answer = Vec::new();
        match stream.read_to_end(&mut answer) {
            Err(error) if matches!(error.kind(), WouldBlock | TimedOut) => {
                panic!("{path}: no answer and no end in {PATIENCE:?}")
            }
            // Cut off in between: the shop is gone.
            Err(_) => Ok(String::new()),
            Ok(_) => Ok(String::from_utf8(answer).expect("UTF-8")),
        }
    };
    let answer = answer().unwrap_or_default();
    let status = answer.split_whitespace().nth(1).and_then(|status| status.parse().ok());
    (status, answer, began.elapsed())
}

/// As many orders at once as there are clients; how many got which status.
pub(crate) fn at_once(port: u16, clients: usize, customers: u32) -> BTreeMap<Option<u16>, usize> {
    let path = format!("/serve-customer/{customers}");
    let statuses: Vec<_> = thread::scope(|scope| {
        let order = |_| scope.spawn(|| get(port, &path).0);
        let orders: Vec<_> = (0..clients).map(order).collect();
        orders.into_iter().map(|order| order.join().expect("no panic")).collect()
    });
    statuses.into_iter().fold(BTreeMap::new(), |mut counts, status| {
        *counts.entry(status).or_default() += 1;
        counts
    })
}

pub(crate) fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "waited too long for {what}");
        pause(Duration::from_millis(20));
    }
}

#[expect(clippy::disallowed_methods, reason = "no executor here: this waits for other processes")]
pub(crate) fn pause(duration: Duration) {
    thread::sleep(duration);
}
