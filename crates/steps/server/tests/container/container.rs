use std::fs;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use serde_json::Value;

use crate::client::get;
use crate::overlay::Overlay;
use crate::wait::{beside, eventually, pause};

/// The image that `docker/check.sh` has built.
pub(crate) fn image() -> String {
    std::env::var("IMAGE").expect("docker/check.sh says which image to test")
}

/// The prefix of the names of this run's containers.
pub(crate) fn run() -> String {
    std::env::var("RUN").expect("docker/check.sh names its run")
}

pub(crate) fn podman(args: &[&str]) -> String {
    // podman's monitor leaves a file in its folder when the kernel has killed a container.
    let podman = Command::new("podman").args(args).current_dir(std::env::temp_dir()).output();
    let Output { status, stdout, stderr } = podman.expect("podman runs");
    let stderr = String::from_utf8_lossy(&stderr);
    assert!(status.success(), "podman {args:?}: {stderr}");
    String::from_utf8(stdout).expect("UTF-8")
}

/// A shop in a container of its own, as a cluster would run it: it cannot write to any file nor gain
/// rights. Dropping it removes the container.
pub(crate) struct Container {
    pub(crate) name: String,
    pub(crate) port: u16,
    groups: String,
}

impl Container {
    /// One replica of what an overlay deploys, some of the shop's flags replaced.
    pub(crate) fn of(overlay: &Overlay, flags: &[&str]) -> Self {
        let limits = overlay.podman_flags();
        Self::run(&limits.iter().map(String::as_str).collect::<Vec<_>>(), flags)
    }

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

    /// The lines that it has logged so far.
    pub(crate) fn log(&self) -> Vec<Value> {
        let output = Command::new("podman").args(["logs", &self.name]).output();
        let text = String::from_utf8(output.expect("podman runs").stderr).expect("UTF-8");
        text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
    }

    /// The log line that says what is in force, which it writes when it opens.
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

    /// How often the kernel has killed a process here while `meanwhile` ran. The control group goes
    /// away soon after its last process, so this looks every millisecond.
    pub(crate) fn oom_kills_while<T>(&self, meanwhile: impl FnOnce() -> T) -> (u64, T) {
        let count = |over: &AtomicBool| {
            let mut kills = 0;
            while !over.load(Ordering::Relaxed) {
                kills = self.oom_kills().unwrap_or(0).max(kills);
                pause(Duration::from_millis(1));
            }
            kills
        };
        beside(count, meanwhile)
    }

    /// A figure of its `/metrics`.
    pub(crate) fn figure(&self, name: &str) -> f64 {
        let (_, text, _) = self.get("/metrics");
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.unwrap_or_else(|| panic!("no {name}: {text}")).parse().expect("a number")
    }

    pub(crate) fn signal(&self, name: &str) {
        podman(&["kill", "--signal", name, &self.name]);
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
