use std::process::ExitCode;
use std::time::Duration;

use coffee::{Durations, Keep, OrderLog, Shop, Timeline, seconds};
use grinder::{Error, Grounds, Heartbeat, Sack};
use tokio::join;
use tokio::runtime::Builder;
use tokio::time::{Instant, sleep};

use crate::announce::{Verdict, examine};
use crate::panics;

/// Enough work to be seen, also on a fast machine: some tenths of a second without optimization.
const BEANS: u32 = 300_000;
/// Of these beans the hardest one, and its steps: a well-known figure.
const HARDEST: (u32, u32) = (230_631, 442);
const BEAT: Duration = Duration::from_millis(5);
/// Six of these are one customer: short beside the work, so that the picture shows who stands still.
const ACTION: Duration = Duration::from_millis(20);
/// A machine that is busy otherwise may stop the heart once, but hardly each time.
const TRIALS: usize = 3;

/// What came of one trial. Times are wall time.
struct Trial {
    ground: Result<Grounds, String>,
    took: Duration,
    longest_gap: Duration,
    timeline: Timeline,
}

impl Trial {
    /// How much of the work's own time the others stood still. Not counted is the heart's own beat,
    /// nor that a timer is late: where many cores grind, the work takes hardly longer than that.
    fn still(&self) -> f64 {
        self.longest_gap.saturating_sub(2 * BEAT).as_secs_f64() / self.took.as_secs_f64().max(1e-9)
    }
}

/// Exercise 8: grind beans, and let nobody else stand still meanwhile. On the real clock, with one
/// worker: judged is the longest gap between two heartbeats, as a part of the work's own time.
pub fn grinder_that_stops_the_shop<F>(grind: impl Fn(Sack) -> F) -> ExitCode
where
    F: Future<Output = Result<Grounds, Error>> + Send + 'static,
{
    examine(|| {
        let mut best: Option<Trial> = None;
        for _ in 0..TRIALS {
            let trial = trial(grind(sack()));
            let better = best.as_ref().is_none_or(|best| trial.still() < best.still());
            let decided = trial.ground.is_err() || trial.still() <= 0.5;
            if better || trial.ground.is_err() {
                best = Some(trial);
            }
            if decided {
                break;
            }
        }
        let trial = best.expect("there is at least one trial");
        let outcome = judge(&trial);
        Verdict { timeline: Some(trial.timeline), measured: Vec::new(), outcome }
    })
}

fn sack() -> Sack {
    Sack::of(BEANS).expect("no more than a sack holds")
}

fn judge(trial: &Trial) -> Result<String, String> {
    let grounds = trial.ground.clone()?;
    if (grounds.beans, grounds.hardest) != (BEANS, Some(HARDEST)) {
        return Err(format!(
            "{} of {BEANS} beans were ground: grind the sack that you were given, the whole of it",
            grounds.beans
        ));
    }
    let still = (100.0 * trial.still()).min(100.0).ceil();
    if trial.still() > 0.5 {
        return Err(format!(
            "The shop stood still for {still:.0} % of the {} that the grinding took: who grinds on a \
             worker of the runtime, in a task of its own or not, lets nobody else onto it",
            seconds(trial.took)
        ));
    }
    Ok(format!(
        "The grinding took {}, and the shop never stood still for more than {still:.0} % of that: the \
         worker served on meanwhile",
        seconds(trial.took)
    ))
}

fn trial<F>(grind: F) -> Trial
where
    F: Future<Output = Result<Grounds, Error>> + Send + 'static,
{
    let executor = Builder::new_multi_thread().worker_threads(1).enable_time().build();
    let executor = executor.expect("one worker is not too much to ask");
    panics::watch();
    let _ = panics::take();
    executor.block_on(async {
        let heart = Heartbeat::start(BEAT);
        sleep(4 * BEAT).await; // the heart beats
        let log = OrderLog::new(Keep::Everything);
        let customers = tokio::spawn(keep_serving(Shop::with_log(Durations::each(ACTION), &log)));
        sleep(ACTION).await; // the first customer is being served
        let started = Instant::now();
        let ground = tokio::spawn(grind).await;
        let took = started.elapsed();
        let longest_gap = heart.longest_gap().await;
        let (_, ()) = join!(customers, log.settled());
        log.answer();
        let ground = match (ground, panics::take()) {
            (_, Some(panic)) => Err(panic.sentence()),
            (Ok(Ok(grounds)), None) => Ok(grounds),
            (Ok(Err(error)), None) => Err(format!("The grinder says: {error}")),
            (Err(_), None) => Err("The task that was to grind was aborted".to_owned()),
        };
        Trial { ground, took, longest_gap, timeline: log.timeline() }
    })
}

/// Three customers, one after another.
async fn keep_serving(shop: Shop) {
    for order in shop.orders(3) {
        order.pay_for_coffee().await;
        order.make_espresso().await;
        order.steam_milk().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(took: u64, longest_gap: u64) -> Result<String, String> {
        let ground = Ok(Grounds { beans: BEANS, steps: 0, hardest: Some(HARDEST) });
        let [took, longest_gap] = [took, longest_gap].map(Duration::from_millis);
        let timeline = OrderLog::new(Keep::Everything).timeline();
        judge(&Trial { ground, took, longest_gap, timeline })
    }

    #[tokio::test]
    async fn work_that_many_cores_make_short_is_not_taken_for_a_shop_that_stands_still() {
        for (took, longest_gap) in [(8, 6), (8, 12), (1, 6), (130, 7)] {
            assert!(judged(took, longest_gap).is_ok(), "{took} ms, {longest_gap} ms");
        }
    }

    #[tokio::test]
    async fn grinding_on_the_worker_is_found_on_a_fast_machine_too() {
        for took in [30, 130, 3000] {
            let complaint = judged(took, took + 5).expect_err("the shop stood still");
            assert!(complaint.starts_with("The shop stood still for "), "{complaint}");
        }
    }
}
