use std::collections::BTreeMap;
use std::env;
use std::io;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use rush::{Address, Client};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStderr, ChildStdin, Command};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, sleep_until};

use crate::backoff::{BackOff, SCALE};
use crate::memory::Scales;
use crate::shop::{CLOSE, SHOP};

/// How often a shop is weighed, in real time.
const WEIGHED: Duration = Duration::from_millis(10);
/// How often a shop is asked whether it is ready, in real time.
const PROBED: Duration = Duration::from_millis(100);
/// How long the answer to that may take, in real time.
const PROBE: Duration = Duration::from_secs(1);
/// How long it takes until the Service hears that a pod is dead or is to go, in real time. In a
/// cluster it takes longer, and that is what `preStop` is for.
const HEARD: Duration = Duration::from_millis(250);
/// What a shop keeps of the rehearsal's environment: what the system needs to start anything.
const KEPT: [&str; 4] = ["PATH", "SystemRoot", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"];

/// What makes a pod.
#[derive(Clone, Debug)]
pub(crate) struct Recipe {
    pub(crate) name: String,
    pub(crate) environment: BTreeMap<String, String>,
    /// In bytes; without one nobody is killed.
    pub(crate) memory_limit: Option<u64>,
    /// 0 is any free one.
    pub(crate) port: u16,
    pub(crate) pre_stop: Duration,
    pub(crate) grace: Duration,
}

/// One replica: a shop in a process of its own, which is watched, and restarted when it ends.
/// Clones are the same pod.
#[derive(Clone, Debug)]
pub(crate) struct Pod {
    pub(crate) name: Arc<str>,
    pub(crate) status: watch::Receiver<Status>,
    pub(crate) weight: Arc<Weight>,
    orders: mpsc::Sender<Order>,
}

/// How a pod is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Status {
    /// Where it listens, while it runs.
    pub(crate) address: Option<Address>,
    /// Whether it said so when it was asked last.
    pub(crate) ready: bool,
    /// Where the Service sends orders: it hears of everything a little later.
    pub(crate) endpoint: Option<Address>,
    pub(crate) restarts: u32,
    /// How the last shop in it ended, and how long a kubelet would wait after that.
    pub(crate) last: Option<(Ending, Duration)>,
    /// There is none any more, and why, if that is not as it should be.
    pub(crate) gone: Option<Result<(), String>>,
}

/// How a shop ended that was to go on.
#[derive(Clone, Debug)]
pub(crate) enum Ending {
    /// It had so many bytes, and was killed for it.
    PastLimit(u64),
    /// It was killed because somebody said so.
    Killed,
    /// It ended by itself.
    Exited(ExitStatus),
}

/// Resident memory in bytes.
#[derive(Debug, Default)]
pub(crate) struct Weight {
    now: AtomicU64,
    peak: AtomicU64,
}

impl Weight {
    pub(crate) fn now(&self) -> u64 {
        self.now.load(Ordering::Relaxed)
    }

    /// The highest since the last time this was asked.
    pub(crate) fn take_peak(&self) -> u64 {
        self.peak.swap(self.now(), Ordering::Relaxed)
    }

    fn is(&self, bytes: u64) {
        self.now.store(bytes, Ordering::Relaxed);
        self.peak.fetch_max(bytes, Ordering::Relaxed);
    }
}

#[derive(Clone, Copy, Debug)]
enum Order {
    Kill,
    Terminate,
}

impl Pod {
    /// Starts a pod, as a task of `tasks`: when they are dropped, so is the process.
    pub(crate) fn start(recipe: Recipe, tasks: &mut JoinSet<()>) -> Self {
        let (status, seen) = watch::channel(Status::default());
        let (orders, given) = mpsc::channel(1);
        let weight = Arc::<Weight>::default();
        let name = recipe.name.as_str().into();
        let kubelet = Kubelet { recipe, status, weight: weight.clone(), orders: given };
        tasks.spawn(kubelet.run());
        Self { name, status: seen, weight, orders }
    }

    /// Kills the shop in it, as a crash would; it is restarted.
    pub(crate) async fn kill(&self) {
        let _ = self.orders.send(Order::Kill).await; // a pod that is gone is killed enough
    }

    /// Asks it to go in order: `preStop`, SIGTERM, and in the end SIGKILL.
    pub(crate) async fn terminate(&self) {
        let _ = self.orders.send(Order::Terminate).await;
    }

    /// Waits until the status is like this, or there will be none any more.
    pub(crate) async fn until(&self, like: impl FnMut(&Status) -> bool) -> Status {
        let mut status = self.status.clone();
        let seen = status.wait_for(like).await.map(|status| status.clone());
        seen.unwrap_or_else(|_| self.status.borrow().clone())
    }
}

/// What keeps one pod alive, as a kubelet would.
struct Kubelet {
    recipe: Recipe,
    status: watch::Sender<Status>,
    weight: Arc<Weight>,
    orders: mpsc::Receiver<Order>,
}

/// How one shop's life ended.
enum Over {
    /// It was to go.
    Gone(Result<(), String>),
    /// It is to be restarted.
    Ended(Ending),
}

impl Kubelet {
    async fn run(mut self) {
        let mut backoff = BackOff::default();
        loop {
            let began = Instant::now();
            let ending = match self.one_life().await {
                Over::Ended(ending) => ending,
                Over::Gone(why) => return self.gone(why),
            };
            let wait = backoff.wait(began.elapsed());
            self.weight.is(0);
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
                order = self.orders.recv() => match order {
                    Some(Order::Kill) => {} // it is dead
                    Some(Order::Terminate) | None => return true,
                }
            }
        }
    }

    fn gone(&self, why: Result<(), String>) {
        self.weight.is(0);
        self.status.send_modify(|status| {
            (status.address, status.ready, status.endpoint) = (None, false, None);
            status.gone = Some(why);
        });
    }

    /// From the start of a process to its end.
    async fn one_life(&mut self) -> Over {
        let mut process = match Process::start(&self.recipe) {
            Ok(process) => process,
            Err(error) => return Over::Gone(Err(format!("{error}; build it anew"))),
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
        let mut farewell = Farewell::NotYet;
        let mut open = false;
        let mut reading = true;
        loop {
            tokio::select! {
                _ = weighing.tick() => {
                    let bytes = process.scales.resident();
                    self.weight.is(bytes);
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
                        self.ended(ended, &farewell)
                    } else {
                        Over::Gone(Err("it ended before it was open".to_owned()))
                    };
                }
                order = self.orders.recv() => match order {
                    Some(Order::Terminate) => farewell = Farewell::begin(&self.recipe),
                    Some(Order::Kill) => {
                        let _ = process.child.start_kill();
                        return Over::Ended(Ending::Killed);
                    }
                    None => return Over::Gone(Ok(())),
                },
                () = farewell.due() => match farewell {
                    Farewell::NotYet => {}
                    Farewell::Withdrawing { signal, kill, .. } => {
                        withdrawn.store(true, Ordering::Relaxed);
                        self.status.send_modify(|status| {
                            (status.ready, status.endpoint) = (false, None);
                        });
                        farewell = Farewell::Serving { signal, kill };
                    }
                    Farewell::Serving { kill, .. } => {
                        process.terminate().await;
                        farewell = Farewell::Closing { kill };
                    }
                    Farewell::Closing { .. } => {
                        let _ = process.child.start_kill();
                        let why = "it did not end in its grace period, and was killed";
                        return Over::Gone(Err(why.to_owned()));
                    }
                },
            }
        }
    }

    fn ended(&self, status: io::Result<ExitStatus>, farewell: &Farewell) -> Over {
        match (status, farewell) {
            (Ok(status), Farewell::Closing { .. }) if status.success() => Over::Gone(Ok(())),
            (Ok(status), Farewell::Closing { .. }) => {
                Over::Gone(Err(format!("it abandoned somebody at the end: {status}")))
            }
            (Ok(status), _) => Over::Ended(Ending::Exited(status)),
            (Err(error), _) => Over::Gone(Err(error.to_string())),
        }
    }
}

/// How far a pod that is to go has got. The times are those of the manifest.
enum Farewell {
    NotYet,
    /// It serves, and people are still sent to it.
    Withdrawing {
        withdrawn: Instant,
        signal: Instant,
        kill: Instant,
    },
    /// It serves those who were sent to it before: `preStop`.
    Serving {
        signal: Instant,
        kill: Instant,
    },
    /// It closes: SIGTERM.
    Closing {
        kill: Instant,
    },
}

impl Farewell {
    fn begin(recipe: &Recipe) -> Self {
        let now = Instant::now();
        let signal = now + recipe.pre_stop;
        Self::Withdrawing { withdrawn: now + HEARD, signal, kill: now + recipe.grace }
    }

    /// Done when the next thing is to happen.
    async fn due(&self) {
        match self {
            Self::NotYet => std::future::pending().await,
            Self::Withdrawing { withdrawn: next, .. }
            | Self::Serving { signal: next, .. }
            | Self::Closing { kill: next } => sleep_until(*next).await,
        }
    }
}

/// A shop as a child process of this one. Dropped, it is killed.
struct Process {
    child: Child,
    log: Lines<BufReader<ChildStderr>>,
    /// While this is open, the shop knows that it is wanted.
    stdin: ChildStdin,
    scales: Scales,
}

impl Process {
    fn start(recipe: &Recipe) -> io::Result<Self> {
        let mut command = Command::new(env::current_exe()?);
        command.env_clear().envs(KEPT.iter().filter_map(|name| Some((name, env::var_os(name)?))));
        command.envs(&recipe.environment).env(SHOP, &recipe.name);
        // Flags beat the environment: the manifest's address and port are those of a container.
        command.args(["--address", "127.0.0.1", "--log-format", "json", "--port"]);
        command.arg(recipe.port.to_string()).kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        // Ctrl-C is for the rehearsal, which then closes its shops.
        #[cfg(unix)]
        command.process_group(0);
        #[cfg(windows)]
        command.creation_flags(0x200); // CREATE_NEW_PROCESS_GROUP
        let mut child = command.spawn()?;
        let gone = || io::Error::other("the shop ended as soon as it began");
        let stdin = child.stdin.take().ok_or_else(gone)?;
        let log = BufReader::new(child.stderr.take().ok_or_else(gone)?).lines();
        let scales = Scales::under(child.id().ok_or_else(gone)?);
        Ok(Self { child, log, stdin, scales })
    }

    /// SIGTERM; where there is none, the same by word of mouth.
    async fn terminate(&mut self) {
        if !self.scales.terminate() {
            let _ = self.stdin.write_all(CLOSE.as_bytes()).await;
        }
    }
}

/// What a line of its log says of a shop that opens: its port, or why it cannot.
fn opened(line: &str) -> Option<Result<u16, String>> {
    if let Some(error) = line.strip_prefix("error: ") {
        return Some(Err(error.to_owned()));
    }
    let said: Value = serde_json::from_str(line).ok()?;
    let port = said["port"].as_u64().and_then(|port| port.try_into().ok());
    port.filter(|_| said["message"] == "open").map(Ok)
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
