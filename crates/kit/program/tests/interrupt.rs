//! The two signals, sent to a child process: this very program, at one of its scenes.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Write, stderr, stdout};
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio, exit};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;
use std::{env, hint};

use program::Interrupt;
use tokio::runtime::{Builder, Runtime};

/// Names the scene that the child plays.
const SCENE: &str = "INTERRUPT_SCENE";
/// No scene takes this long, on any machine.
const PATIENCE: Duration = Duration::from_secs(60);
const WORKERS: usize = 2;

/// Not a test: what the child runs.
#[test]
fn scene() {
    let Ok(scene) = env::var(SCENE) else { return };
    let last_words = if scene == "stubborn" { Duration::from_millis(200) } else { PATIENCE };
    let interrupt = match scene.as_str() {
        "blocked" | "polite" => Interrupt::listen(),
        _ => Interrupt::listen_with_last_words(last_words),
    };
    let interrupt = interrupt.expect("the system lets us listen");
    let runtime = Builder::new_multi_thread().worker_threads(WORKERS).build().expect("a runtime");
    if scene == "blocked" {
        block_every_worker_and_stdout(&runtime);
    }
    tell("ready");
    Builder::new_current_thread().build().expect("a runtime").block_on(interrupt.requested());
    assert!(interrupt.is_requested());
    tell("asked");
    if scene == "polite" {
        exit(0);
    }
    if scene == "last words" {
        runtime.block_on(interrupt.insisted());
        tell("these are the last words");
        exit(3);
    }
    loop {
        thread::park();
    }
}

fn tell(line: &str) {
    writeln!(stderr(), "{line}").expect("the parent reads");
}

fn block_every_worker_and_stdout(runtime: &Runtime) {
    let (busy, begun) = mpsc::channel();
    for _ in 0..WORKERS {
        let busy = busy.clone();
        runtime.spawn(async move {
            busy.send(()).expect("it is waited for");
            loop {
                hint::spin_loop();
            }
        });
    }
    assert_eq!(begun.iter().take(WORKERS).count(), WORKERS);
    // Nothing reads, so this fills the pipe, and then it waits with the lock held and half a line
    // in the buffer.
    thread::spawn(|| {
        let mut out = stdout().lock();
        loop {
            let _ = out.write_all(b"a word without a line ");
        }
    });
}

struct Playing {
    child: Child,
    said: BufReader<ChildStderr>,
    /// Open, and never read.
    _unread: std::process::ChildStdout,
}

impl Playing {
    fn start(scene: &str) -> Self {
        let program = env::current_exe().expect("this program");
        let mut command = Command::new(program);
        command.args(["scene", "--exact", "--nocapture"]).env(SCENE, scene).stdin(Stdio::null());
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
        let said = BufReader::new(child.stderr.take().expect("it is piped"));
        let unread = child.stdout.take().expect("it is piped");
        let mut playing = Self { child, said, _unread: unread };
        playing.until("ready");
        playing
    }

    fn until(&mut self, text: &str) {
        let mut line = String::new();
        while !line.contains(text) {
            line.clear();
            assert!(self.said.read_line(&mut line).expect("UTF-8") > 0, "never said {text:?}");
        }
    }

    fn send(&self, signal: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().expect("kill runs").success());
    }

    fn ended(mut self) -> ExitStatus {
        let (ended, waited) = mpsc::channel();
        let pid = self.child.id().to_string();
        thread::spawn(move || {
            if waited.recv_timeout(PATIENCE).is_err() {
                let _ = Command::new("kill").args(["-KILL", &pid]).status();
            }
        });
        let status = self.child.wait().expect("it is our child");
        let _ = ended.send(());
        status
    }
}

fn first_and_second(scene: &str, first: &str, second: &str) -> Option<i32> {
    let mut playing = Playing::start(scene);
    playing.send(first);
    playing.until("asked");
    playing.send(second);
    playing.ended().code()
}

#[test]
fn the_second_signal_ends_a_program_whose_workers_and_stdout_are_blocked() {
    assert_eq!(first_and_second("blocked", "-INT", "-INT"), Some(130));
    assert_eq!(first_and_second("blocked", "-TERM", "-INT"), Some(130));
    assert_eq!(first_and_second("blocked", "-TERM", "-TERM"), Some(130));
}

#[test]
fn the_first_signal_asks_only() {
    let mut playing = Playing::start("polite");
    playing.send("-TERM");
    playing.until("asked");
    assert_eq!(playing.ended().code(), Some(0));
}

#[test]
fn a_program_that_waits_for_the_second_signal_has_last_words() {
    let mut playing = Playing::start("last words");
    playing.send("-INT");
    playing.until("asked");
    playing.send("-INT");
    playing.until("these are the last words");
    assert_eq!(playing.ended().code(), Some(3));
}

#[test]
fn last_words_come_to_an_end() {
    assert_eq!(first_and_second("stubborn", "-INT", "-INT"), Some(130));
}
