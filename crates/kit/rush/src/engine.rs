use std::ops::ControlFlow;
use std::panic::resume_unwind;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use crate::plan::{Pace, Plan};

/// How long a client of a closed loop waits after a request that was not served, in wall time:
/// without it, a service that refuses would use up all requests in an instant.
const PAUSE: Duration = Duration::from_millis(20);
/// How many ends wait to be counted.
const UNCOUNTED: usize = 1_024;

/// What takes the requests: one service, or something that spreads them over several.
pub trait Target: Send + Sync + 'static {
    /// What is kept from one request to another, such as a connection.
    type Session: Default + Send + 'static;
    /// How a request ends.
    type Outcome: Send + 'static;

    /// Sends the request of this number, counted from 0. It must end by itself, and must be cancel
    /// safe.
    fn send(
        &self,
        number: u64,
        session: &mut Self::Session,
    ) -> impl Future<Output = Self::Outcome> + Send;

    /// Whether the request was served. After one that was not, a client of a closed loop pauses.
    fn is_served(&self, outcome: &Self::Outcome) -> bool;
}

/// A request that has ended.
#[derive(Debug)]
pub struct Sent<Outcome> {
    /// How.
    pub outcome: Outcome,
    /// How long it took, in wall time: from when it was due in an open loop, and from when it was
    /// sent in a closed one.
    pub latency: Duration,
}

/// Sends the requests of a plan until they are used up or `enough` is done, waits for all answers,
/// and tells `ended` of each; a `Break` from it ends everything at once. Cancel safe: dropped, it
/// drops the requests that are under way.
///
/// # Panics
///
/// If the target panics.
pub async fn send<T: Target>(
    plan: &Plan,
    target: &Arc<T>,
    enough: impl Future<Output = ()>,
    mut ended: impl FnMut(Sent<T::Outcome>) -> ControlFlow<()>,
) {
    let (stop, stopped) = watch::channel(false);
    let (told, mut ends) = mpsc::channel(UNCOUNTED);
    let mut clients = start(plan, target, &stopped, &told);
    drop(told); // or the last end would be waited for
    let mut enough = pin!(async {
        tokio::select! {
            () = enough => {}
            () = sleep(plan.duration) => {}
        }
    });
    loop {
        tokio::select! {
            sent = ends.recv() => match sent.map(&mut ended) {
                Some(ControlFlow::Continue(())) => {}
                Some(ControlFlow::Break(())) => return,
                None => break,
            },
            () = &mut enough, if !*stop.borrow() => { stop.send_replace(true); }
        }
    }
    while let Some(client) = clients.join_next().await {
        if let Err(error) = client {
            resume_unwind(error.into_panic()); // no client is aborted before
        }
    }
}

/// Starts the clients, each with a sender of its own.
fn start<T: Target>(
    plan: &Plan,
    target: &Arc<T>,
    stopped: &watch::Receiver<bool>,
    told: &mpsc::Sender<Sent<T::Outcome>>,
) -> JoinSet<()> {
    let queue = Queue {
        plan: *plan,
        target: target.clone(),
        began: Instant::now(),
        taken: AtomicU64::new(0),
        sessions: Mutex::default(),
    };
    let queue = Arc::new(queue);
    let mut clients = JoinSet::new();
    for number in 0..u64::from(plan.clients()).min(plan.requests) {
        let arrives = queue.arrives(u32::try_from(number).unwrap_or(u32::MAX));
        clients.spawn(queue.clone().serve(arrives, stopped.clone(), told.clone()));
    }
    clients
}

/// The requests that are not sent yet.
struct Queue<T: Target> {
    plan: Plan,
    target: Arc<T>,
    began: Instant,
    taken: AtomicU64,
    /// What no request uses now. The last one returned is the first one taken, so that there are
    /// no more than requests in flight, and few that a service has closed meanwhile.
    sessions: Mutex<Vec<T::Session>>,
}

impl<T: Target> Queue<T> {
    fn arrives(&self, client: u32) -> Instant {
        match self.plan.pace {
            Pace::Closed { clients } => self.began + self.plan.ramp * client / clients,
            Pace::Open { .. } => self.began,
        }
    }

    /// The next request's number, and when it is due, if it is one of the plan: in a closed loop,
    /// after this pause.
    fn take(&self, pause: Duration) -> Option<(u64, Instant)> {
        let number = self.taken.fetch_add(1, Ordering::Relaxed);
        let due = match self.plan.pace {
            Pace::Closed { .. } => Instant::now() + pause,
            Pace::Open { rate, .. } => {
                // Past the end of time nothing is due.
                let after = Duration::try_from_secs_f64(number as f64 / rate).ok()?;
                self.began.checked_add(after)?
            }
        };
        let is_planned =
            number < self.plan.requests && due.duration_since(self.began) < self.plan.duration;
        is_planned.then_some((number, due))
    }

    /// One client: one request after another.
    async fn serve(
        self: Arc<Self>,
        arrives: Instant,
        mut stopped: watch::Receiver<bool>,
        told: mpsc::Sender<Sent<T::Outcome>>,
    ) {
        if !reached(arrives, &mut stopped).await {
            return;
        }
        let mut pause = Duration::ZERO;
        while let Some((number, due)) = self.take(pause) {
            if !reached(due, &mut stopped).await {
                return;
            }
            let outcome = self.send(number).await;
            let latency = due.elapsed();
            pause = if self.target.is_served(&outcome) { Duration::ZERO } else { PAUSE };
            if told.send(Sent { outcome, latency }).await.is_err() {
                return; // the caller has gone
            }
        }
    }

    async fn send(&self, number: u64) -> T::Outcome {
        let mut session = self.sessions.lock().pop().unwrap_or_default();
        let outcome = self.target.send(number, &mut session).await;
        self.sessions.lock().push(session);
        outcome
    }
}

/// Waits until then; false if it is enough before.
async fn reached(time: Instant, stopped: &mut watch::Receiver<bool>) -> bool {
    if time <= Instant::now() {
        return !*stopped.borrow(); // the timer would round up to the next millisecond
    }
    let stopped = async { stopped.wait_for(|stopped| *stopped).await.is_ok() };
    tokio::select! {
        biased;
        _ = stopped => false,
        () = sleep_until(time) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Serves one request after another, each in so long; those with an odd number are refused.
    struct Slow {
        takes: Duration,
        in_flight: AtomicU64,
        most: AtomicU64,
    }

    impl Slow {
        fn of(takes: Duration) -> Arc<Self> {
            Arc::new(Self { takes, in_flight: AtomicU64::new(0), most: AtomicU64::new(0) })
        }
    }

    impl Target for Slow {
        type Session = ();
        type Outcome = u64;

        async fn send(&self, number: u64, (): &mut ()) -> u64 {
            let now = 1 + self.in_flight.fetch_add(1, Ordering::Relaxed);
            self.most.fetch_max(now, Ordering::Relaxed);
            sleep(self.takes).await;
            self.in_flight.fetch_sub(1, Ordering::Relaxed);
            number
        }

        fn is_served(&self, outcome: &u64) -> bool {
            outcome.is_multiple_of(2)
        }
    }

    const SECOND: Duration = Duration::from_secs(1);

    /// The latencies in seconds, in the order of the requests.
    async fn latencies(plan: Plan, target: &Arc<Slow>) -> Vec<f64> {
        let mut sent = Vec::new();
        let count = |Sent { outcome, latency }: Sent<u64>| {
            sent.push((outcome, latency.as_secs_f64()));
            ControlFlow::Continue(())
        };
        send(&plan, target, std::future::pending(), count).await;
        sent.sort_by_key(|(number, _)| *number);
        sent.into_iter().map(|(_, seconds)| (seconds * 1e3).round() / 1e3).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn a_closed_loop_waits_for_its_answers_and_pauses_after_a_refusal() {
        let (began, target) = (Instant::now(), Slow::of(SECOND));
        assert_eq!(latencies(Plan::closed(2).requests(4), &target).await, [1.0; 4]);
        assert_eq!(began.elapsed(), 2 * SECOND + PAUSE);
        assert_eq!(target.most.load(Ordering::Relaxed), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn an_open_loop_does_not_wait_and_counts_from_when_a_request_was_due() {
        let target = Slow::of(SECOND);
        let plan = Plan::open(10.0, 100).requests(20);
        assert_eq!(latencies(plan, &target).await, [1.0; 20]);
        let most = target.most.load(Ordering::Relaxed);
        assert!((10..=11).contains(&most), "10 a second for a second each: {most}");
        // One at a time can serve one a second: every request is later than the one before.
        let late = latencies(Plan::open(10.0, 1).requests(4), &Slow::of(SECOND)).await;
        assert_eq!(late, [1.0, 1.9, 2.8, 3.7]);
    }

    #[tokio::test(start_paused = true)]
    async fn the_time_is_a_bound_too_and_what_is_under_way_is_waited_for() {
        let began = Instant::now();
        for plan in [Plan::open(2.0, 100), Plan::closed(1)] {
            let plan = plan.duration(5 * SECOND / 2 - Duration::from_millis(1));
            let sent = latencies(plan, &Slow::of(SECOND)).await.len();
            assert_eq!(sent, if plan.clients() == 1 { 3 } else { 5 });
        }
        assert!(began.elapsed() < 7 * SECOND, "{:?}", began.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn clients_arrive_one_after_another() {
        let (began, mut ends) = (Instant::now(), Vec::new());
        let count = |_| {
            ends.push(began.elapsed().as_secs());
            ControlFlow::Continue(())
        };
        let plan = Plan::closed(3).requests(3).ramp(30 * SECOND);
        send(&plan, &Slow::of(100 * SECOND), std::future::pending(), count).await;
        assert_eq!(ends, [100, 110, 120]);
    }
}
