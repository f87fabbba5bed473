use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};

/// How far a process may go before it is killed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Wall time.
    pub(crate) time: Duration,
    /// Bytes of resident memory, looked at every [`TICK`]. Address space would be the wrong thing
    /// to count: a runtime reserves far more than it uses.
    pub(crate) memory: u64,
    /// Bytes of output, both streams together.
    pub(crate) output: usize,
}

/// How a process ended.
#[derive(Debug)]
pub(crate) enum Ending {
    Exited(ExitStatus),
    TooLong,
    TooMuchMemory,
    TooMuchOutput,
    /// The caller's `abandon` said so.
    Abandoned,
}

#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) ending: Ending,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

const TICK: Duration = Duration::from_millis(10);
/// A grandchild may hold an output open for ever; it is waited for no longer than this.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Runs a process to its end, or to the first bound that it meets.
///
/// Its standard input stays open and empty for as long as this waits, so that a child that wants to
/// end with the runner can notice that it is gone. `hear` is told each line of standard error as it
/// comes; `abandon` is asked every so often whether the result is still wanted.
pub(crate) fn run(
    mut command: Command,
    bounds: Bounds,
    hear: impl Fn(&str) + Send + 'static,
    abandon: &dyn Fn() -> bool,
) -> io::Result<Ran> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let leash = child.stdin.take();
    let said = Arc::new(Said { most: bounds.output, texts: Mutex::default() });
    let (ended, outputs) = mpsc::channel();
    let listen = |which, pipe: Option<Box<dyn Read + Send>>, hear: Box<dyn Fn(&str) + Send>| {
        let (said, ended) = (Arc::clone(&said), ended.clone());
        thread::spawn(move || {
            if let Some(pipe) = pipe {
                said.listen(which, pipe, hear);
            }
            let _ = ended.send(());
        });
    };
    listen(0, child.stdout.take().map(|pipe| Box::new(pipe) as _), Box::new(|_| {}));
    listen(1, child.stderr.take().map(|pipe| Box::new(pipe) as _), Box::new(hear));
    let mut outputs = Outputs { ended: outputs, open: 2 };
    let ending = wait(&mut child, bounds, &said, &mut outputs, abandon);
    drop(leash);
    outputs.last_words();
    let [stdout, stderr] = said.take();
    Ok(Ran { ending: ending?, stdout, stderr })
}

/// The ends of the child's outputs. `run` itself holds a sender, so that the channel stays open and a
/// child that has closed both outputs and lives on is waited for like any other.
struct Outputs {
    ended: Receiver<()>,
    open: usize,
}

impl Outputs {
    /// Waits for a moment, or until an output ends, which it mostly does with the child.
    fn tick(&mut self) {
        if self.ended.recv_timeout(TICK).is_ok() {
            self.open -= 1;
        }
    }

    /// Waits until no output is open, for what the child said at last.
    fn last_words(mut self) {
        let until = now() + LAST_WORDS;
        while self.open > 0 && now() < until {
            self.tick();
        }
    }
}

/// However this ends, the child has ended, too.
fn wait(
    child: &mut Child,
    bounds: Bounds,
    said: &Said,
    outputs: &mut Outputs,
    abandon: &dyn Fn() -> bool,
) -> io::Result<Ending> {
    let ending = watch(child, bounds, said, outputs, abandon);
    if !matches!(ending, Ok(Ending::Exited(_))) {
        // A child that has just ended by itself cannot be killed, and need not be.
        let _ = child.kill();
        child.wait()?;
    }
    ending
}

/// The first bound that the child meets, or its end.
fn watch(
    child: &mut Child,
    bounds: Bounds,
    said: &Said,
    outputs: &mut Outputs,
    abandon: &dyn Fn() -> bool,
) -> io::Result<Ending> {
    let pid = Pid::from_u32(child.id());
    let mut system = System::new();
    let started = now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Ending::Exited(status));
        }
        if now() - started > bounds.time {
            return Ok(Ending::TooLong);
        }
        if bounds.memory < u64::MAX && memory(&mut system, pid) > bounds.memory {
            return Ok(Ending::TooMuchMemory);
        }
        if said.is_too_much() {
            return Ok(Ending::TooMuchOutput);
        }
        if abandon() {
            return Ok(Ending::Abandoned);
        }
        outputs.tick();
    }
}

/// The resident memory of a process, in bytes.
fn memory(system: &mut System, pid: Pid) -> u64 {
    let what = ProcessRefreshKind::nothing().with_memory().without_tasks();
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[pid]), true, what);
    system.process(pid).map_or(0, sysinfo::Process::memory)
}

#[expect(clippy::disallowed_methods, reason = "the runner has no runtime, so no clock to pause")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// What a process said, up to a bound.
struct Said {
    most: usize,
    texts: Mutex<[Vec<u8>; 2]>,
}

impl Said {
    /// Reads to the end, and keeps what comes before the bound. To stop reading would break the pipe,
    /// and the child would end in its own way instead of ours.
    fn listen(&self, which: usize, mut pipe: impl Read, hear: impl Fn(&str)) {
        let mut buffer = [0; 8192];
        let mut line = Vec::new();
        while let Ok(read @ 1..) = pipe.read(&mut buffer) {
            if self.is_too_much() {
                continue;
            }
            self.texts()[which].extend_from_slice(&buffer[..read]);
            for byte in &buffer[..read] {
                match byte {
                    b'\n' | b'\r' => {
                        hear(&String::from_utf8_lossy(&line));
                        line.clear();
                    }
                    byte => line.push(*byte),
                }
            }
        }
    }

    fn is_too_much(&self) -> bool {
        self.texts().iter().map(Vec::len).sum::<usize>() > self.most
    }

    fn take(&self) -> [String; 2] {
        self.texts().each_mut().map(|text| {
            let text = std::mem::take(text);
            String::from_utf8_lossy(&text).into_owned()
        })
    }

    fn texts(&self) -> std::sync::MutexGuard<'_, [Vec<u8>; 2]> {
        self.texts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const WIDE: Bounds =
        Bounds { time: Duration::from_secs(20), memory: u64::MAX, output: 1 << 20 };

    fn sh(script: &str, bounds: Bounds) -> (Ran, Duration) {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        let began = now();
        let ran = run(command, bounds, |_| {}, &|| false).expect("there is a shell");
        (ran, now() - began)
    }

    /// No stall after it: what was heard while it ran is not waited for again.
    #[test]
    fn a_process_that_ends_is_not_waited_for_any_longer() {
        let (ran, took) = sh("echo milk; exec 1>&- 2>&-; sleep 0.1", WIDE);
        assert!(matches!(ran.ending, Ending::Exited(status) if status.success()));
        assert_eq!(ran.stdout, "milk\n");
        assert!(took < LAST_WORDS, "{took:?}");
    }

    #[test]
    fn what_a_grandchild_holds_open_is_waited_for_a_second_and_no_longer() {
        let (ran, took) = sh("echo milk; sleep 5 &", WIDE);
        assert_eq!(ran.stdout, "milk\n");
        assert!(took < 4 * LAST_WORDS, "{took:?}");
    }

    #[test]
    fn a_result_that_is_not_wanted_any_more_ends_the_process() {
        let mut command = Command::new("sleep");
        command.arg("60");
        let asked = std::cell::Cell::new(0);
        let abandon = || asked.replace(asked.get() + 1) > 3;
        let ran = run(command, WIDE, |_| {}, &abandon).expect("there is a sleep");
        assert!(matches!(ran.ending, Ending::Abandoned));
    }
}
