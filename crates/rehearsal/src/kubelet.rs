use std::io::{self, ErrorKind};
use std::process::ExitStatus;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rush::{Address, Client};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, sleep_until};

use crate::backoff::{BackOff, SCALE};
use crate::farewell::{Farewell, HEARD, Parting};
use crate::pod::{Command, Ending, Recipe, Status, Weight};
use crate::process::{Process, opened};

/// How often a shop is weighed, in real time.
const WEIGHED: Duration = Duration::from_millis(10);
/// How often a shop is asked whether it is ready, in real time.
const PROBED: Duration = Duration::from_millis(100);
/// How long the answer to that may take, in real time.
const PROBE: Duration = Duration::from_secs(1);

/// What keeps one pod alive, as a kubelet would.
pub(crate) struct Kubelet {
    pub(crate) recipe: Recipe,
    pub(crate) status: watch::Sender<Status>,
    pub(crate) weight: Arc<Weight>,
    pub(crate) commands: mpsc::Receiver<Command>,
}

/// How one shop's life ended.
enum Over {
    /// It was to go.
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
                Over::Ended(ending) => ending,
                Over::Gone(why) => return self.gone(why),
            };
            let wait = backoff.wait(began.elapsed());
            self.weight.record(0);
            self.status.send_modify(|status| {
                status.last = Some((ending, wait));
                (status.address, status.ready) = (None, false);
            });
            if self.is_to_go_within(HEARD).await {
                return self.gone(Ok(()));
            }
            self.status.send_modify(|status| status.endpoint = None);
            if self.is_to_go_within(wait / SCALE).await {
                return self.gone(Ok(()));
            }
            self.status.send_modify(|status| status.restarts += 1);
        }
    }

    /// Waits so long while the pod is dead, unless it is to go.
    async fn is_to_go_within(&mut self, time: Duration) -> bool {
        let end = Instant::now() + time;
        loop {
            tokio::select! {
                () = sleep_until(end) => return false,
                command = self.commands.recv() => match command {
                    Some(Command::Kill) => {} // it is dead
                    Some(Command::Terminate) | None => return true,
                }
            }
        }
    }

    fn gone(&self, why: Result<(), String>) {
        self.weight.record(0);
        self.status.send_modify(|status| {
            (status.address, status.ready, status.endpoint) = (None, false, None);
            status.gone = Some(why);
        });
    }

    /// From the start of a process to its end.
    async fn one_life(&mut self) -> Over {
        let mut process = match Process::start(&self.recipe) {
            Ok(process) => process,
            Err(error) => return Over::Gone(Err(not_started(&error))),
        };
        let mut probes = JoinSet::new();
        let over = self.watch(&mut process, &mut probes).await;
        // Before the status changes, or a probe that is under way could still call it ready.
        probes.shutdown().await;
        // Reaps it, if it was killed.
        let _ = process.child.kill().await;
        over
    }

    async fn watch(&mut self, process: &mut Process, probes: &mut JoinSet<()>) -> Over {
        let mut weighing = interval(WEIGHED);
        weighing.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let withdrawn = Arc::new(AtomicBool::new(false));
        let mut farewell = None;
        let mut open = false;
        let mut reading = true;
        loop {
            tokio::select! {
                _ = weighing.tick() => {
                    let bytes = process.scales.resident();
                    self.weight.record(bytes);
                    if self.recipe.memory_limit.is_some_and(|limit| bytes > limit) {
                        let _ = process.child.start_kill();
                        return Over::Ended(Ending::PastLimit(bytes));
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
                        Some(Err(why)) => return Over::Gone(Err(why)),
                        None => {}
                    },
                    Ok(Some(_)) => {}
                    // The end of its log is the end of the shop.
                    Ok(None) | Err(_) => reading = false,
                },
                ended = process.child.wait(), if !reading => {
                    return if open {
                        Self::ended(ended, farewell.as_ref())
                    } else {
                        Over::Gone(Err("it ended before it was open".to_owned()))
                    };
                }
                command = self.commands.recv() => match command {
                    Some(Command::Terminate) => farewell = Some(Farewell::begin(&self.recipe)),
                    Some(Command::Kill) => {
                        let _ = process.child.start_kill();
                        return Over::Ended(Ending::Killed);
                    }
                    None => return Over::Gone(Ok(())),
                },
                parting = Farewell::of(&mut farewell) => match parting {
                    Parting::Withdrawn => {
                        withdrawn.store(true, Ordering::Relaxed);
                        self.status.send_modify(|status| {
                            (status.ready, status.endpoint) = (false, None);
                        });
                    }
                    Parting::Signal => process.terminate().await,
                    Parting::Kill => {
                        let _ = process.child.start_kill();
                        let why = "it did not end in its grace period, and was killed";
                        return Over::Gone(Err(why.to_owned()));
                    }
                },
            }
        }
    }

    fn ended(status: io::Result<ExitStatus>, farewell: Option<&Farewell>) -> Over {
        let closing = farewell.is_some_and(Farewell::signalled);
        match status {
            Ok(status) if closing && status.success() => Over::Gone(Ok(())),
            Ok(status) if closing => {
                Over::Gone(Err(format!("it abandoned somebody at the end: {status}")))
            }
            Ok(status) => Over::Ended(Ending::Exited(status)),
            Err(error) => Over::Gone(Err(error.to_string())),
        }
    }
}

/// Why there is no process, and what to do: the program is not as it was, or the system has no
/// place for another one.
fn not_started(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::PermissionDenied | ErrorKind::ExecutableFileBusy => {
            format!("{error}; build it anew")
        }
        _ => format!("{error}; close other programs and try again"),
    }
}

/// Asks a shop again and again whether it is ready, and says so.
async fn probe(address: Address, status: watch::Sender<Status>, withdrawn: Arc<AtomicBool>) {
    let client = Client::new(address.clone(), PROBE);
    loop {
        let ready = client.get("/readyz").await.is_ok_and(|answer| answer.status.is_success());
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
    fn a_program_that_is_gone_is_built_anew_and_a_full_system_is_not() {
        let gone = not_started(&ErrorKind::NotFound.into());
        assert!(gone.ends_with("; build it anew"), "{gone}");
        #[cfg(target_os = "linux")]
        for number in [11, 24] {
            let full = not_started(&io::Error::from_raw_os_error(number)); // EAGAIN and EMFILE
            assert!(full.ends_with("; close other programs and try again"), "{full}");
        }
    }
}
