use std::io::{self, ErrorKind};
use std::process::ExitStatus;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rush::{Address, Client, Request};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, sleep_until};

use crate::backoff::{BackOff, SCALE};
use crate::process::{Process, opened};
use crate::spec::PodSpec;
use crate::status::{Command, Ending, ResidentMemory, Status};
use crate::termination::{ENDPOINT_DELAY, Phase, Termination};

/// How often the memory of a shop is looked at, in wall time.
const SAMPLED: Duration = Duration::from_millis(10);
/// How often a shop is asked whether it is ready, in wall time.
const PROBED: Duration = Duration::from_millis(100);
/// How long the answer to that may take, in wall time.
const PROBE: Duration = Duration::from_secs(1);

/// The task that keeps one pod alive, as a kubelet would.
pub(crate) struct Kubelet {
    pub(crate) spec: PodSpec,
    pub(crate) status: watch::Sender<Status>,
    pub(crate) memory: Arc<ResidentMemory>,
    pub(crate) commands: mpsc::Receiver<Command>,
}

/// How one shop's life ended.
enum Outcome {
    /// The pod has ended.
    Gone(Result<(), String>),
    /// It is to be restarted.
    Ended(Ending),
}

impl Kubelet {
    pub(crate) async fn run(mut self) {
        let mut backoff = BackOff::default();
        loop {
            let began = Instant::now();
            let ending = match self.one_life().await {
                Outcome::Ended(ending) => ending,
                Outcome::Gone(why) => return self.gone(why),
            };
            let wait = backoff.wait(began.elapsed());
            self.memory.record(0);
            self.status.send_modify(|status| {
                status.last = Some((ending, wait));
                (status.address, status.ready) = (None, false);
            });
            if self.terminates_within(ENDPOINT_DELAY).await {
                return self.gone(Ok(()));
            }
            self.status.send_modify(|status| status.endpoint = None);
            if self.terminates_within(wait / SCALE).await {
                return self.gone(Ok(()));
            }
            self.status.send_modify(|status| status.restarts += 1);
        }
    }

    /// Waits so long while no shop runs; true if the pod is told to end before.
    async fn terminates_within(&mut self, time: Duration) -> bool {
        let end = Instant::now() + time;
        loop {
            tokio::select! {
                () = sleep_until(end) => return false,
                command = self.commands.recv() => match command {
                    Some(Command::Kill) => {} // no shop runs
                    Some(Command::Terminate) | None => return true,
                }
            }
        }
    }

    fn gone(&self, why: Result<(), String>) {
        self.memory.record(0);
        self.status.send_modify(|status| {
            (status.address, status.ready, status.endpoint) = (None, false, None);
            status.gone = Some(why);
        });
    }

    /// Runs one process from its start to its end.
    async fn one_life(&mut self) -> Outcome {
        let mut process = match Process::start(&self.spec) {
            Ok(process) => process,
            Err(error) => return Outcome::Gone(Err(not_started(&error))),
        };
        let mut probes = JoinSet::new();
        let over = self.watch(&mut process, &mut probes).await;
        // Before the status changes, or a probe that is under way could still call it ready.
        probes.shutdown().await;
        // Reaps it, if it was killed.
        let _ = process.child.kill().await;
        over
    }

    async fn watch(&mut self, process: &mut Process, probes: &mut JoinSet<()>) -> Outcome {
        let mut samples = interval(SAMPLED);
        samples.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let withdrawn = Arc::new(AtomicBool::new(false));
        let mut termination = None;
        let mut open = false;
        let mut reading = true;
        loop {
            tokio::select! {
                _ = samples.tick() => {
                    let bytes = process.observed.resident();
                    self.memory.record(bytes);
                    if self.spec.memory_limit.is_some_and(|limit| bytes > limit) {
                        let _ = process.child.start_kill();
                        return Outcome::Ended(Ending::PastLimit(bytes));
                    }
                }
                line = process.log.next_line(), if reading => match line {
                    Ok(Some(line)) if !open => match opened(&line) {
                        Some(Ok(port)) => {
                            open = true;
                            let address = Address::local(port);
                            let status = self.status.clone();
                            probes.spawn(probe(address.clone(), status, withdrawn.clone()));
                            self.status.send_modify(|status| status.address = Some(address));
                        }
                        Some(Err(why)) => return Outcome::Gone(Err(why)),
                        None => {}
                    },
                    Ok(Some(_)) => {}
                    // The end of its log is the end of the shop.
                    Ok(None) | Err(_) => reading = false,
                },
                ended = process.child.wait(), if !reading => {
                    return if open {
                        Self::ended(ended, termination.as_ref())
                    } else {
                        Outcome::Gone(Err("it ended before it was open".to_owned()))
                    };
                }
                command = self.commands.recv() => match command {
                    Some(Command::Terminate) => termination = Some(Termination::begin(&self.spec)),
                    Some(Command::Kill) => {
                        let _ = process.child.start_kill();
                        return Outcome::Ended(Ending::Killed);
                    }
                    None => return Outcome::Gone(Ok(())),
                },
                phase = Termination::phase(&mut termination) => match phase {
                    Phase::Withdrawn => {
                        withdrawn.store(true, Ordering::Relaxed);
                        self.status.send_modify(|status| {
                            (status.ready, status.endpoint) = (false, None);
                        });
                    }
                    Phase::Signal => process.terminate().await,
                    Phase::Kill => {
                        let _ = process.child.start_kill();
                        let why = "it did not end in its grace period, and was killed";
                        return Outcome::Gone(Err(why.to_owned()));
                    }
                },
            }
        }
    }

    fn ended(status: io::Result<ExitStatus>, termination: Option<&Termination>) -> Outcome {
        let closing = termination.is_some_and(Termination::signalled);
        match status {
            Ok(status) if closing && status.success() => Outcome::Gone(Ok(())),
            Ok(status) if closing => {
                Outcome::Gone(Err(format!("it abandoned customers at the end: {status}")))
            }
            Ok(status) => Outcome::Ended(Ending::Exited(status)),
            Err(error) => Outcome::Gone(Err(error.to_string())),
        }
    }
}

/// Why no process could be started, and what to do: the program is not as it was, or the system
/// is full.
fn not_started(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::PermissionDenied | ErrorKind::ExecutableFileBusy => {
            format!("{error}; build it again")
        }
        _ => format!("{error}; close other programs and try again"),
    }
}

/// Asks a shop again and again whether it is ready, and puts the answer into the status.
async fn probe(address: Address, status: watch::Sender<Status>, withdrawn: Arc<AtomicBool>) {
    let client = Client::new(address.clone(), PROBE);
    let readyz = Request::get("/readyz").expect("it is a path");
    loop {
        let ready =
            client.send(readyz.clone()).await.is_ok_and(|answer| answer.status.is_success());
        let ready = ready && !withdrawn.load(Ordering::Relaxed);
        status.send_if_modified(|status| {
            let endpoint = ready.then(|| address.clone());
            let changed = status.ready != ready || status.endpoint != endpoint;
            (status.ready, status.endpoint) = (ready, endpoint);
            changed
        });
        sleep(PROBED).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_is_gone_is_built_again_and_a_full_system_is_not() {
        let gone = not_started(&ErrorKind::NotFound.into());
        assert!(gone.ends_with("; build it again"), "{gone}");
        #[cfg(target_os = "linux")]
        for number in [11, 24] {
            let full = not_started(&io::Error::from_raw_os_error(number)); // EAGAIN and EMFILE
            assert!(full.ends_with("; close other programs and try again"), "{full}");
        }
    }
}
