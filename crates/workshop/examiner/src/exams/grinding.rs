use std::process::ExitCode;
use std::time::Duration;

use coffee::{Durations, Keep, OrderLog, Shop, Timeline, seconds};
use grinder::{Error, Grounds, Sack};
use tokio::runtime::{Builder, Handle};
use tokio::time::{Instant, sleep};
use tokio::{join, spawn};

use crate::announce::{Drawing, Verdict, examine};
use crate::panics;
use crate::sitting::mark;

/// Enough work to be seen, also on a fast machine: some tenths of a second without optimization.
const BEANS: u32 = 300_000;
/// Of these beans the hardest one, and its steps: a well-known figure.
const HARDEST: (u32, u32) = (230_631, 442);
/// Six of these are one customer: short beside the work, so that the picture shows who stands still.
const ACTION: Duration = Duration::from_millis(20);
/// A busy machine may hold up an honest worker once, but hardly each time.
const TRIALS: usize = 3;
/// A worker that only waits is busy for a few per cent; one that grinds, for all of the time. As part
/// of what the grinding took, and as part of what it takes on a thread of its own.
const MOST_BUSY: f64 = 0.25;

/// What came of one trial. Times are wall time.
struct Trial {
    ground: Result<Result<Grounds, Error>, String>,
    took: Duration,
    /// For how long of that the runtime's only worker was doing something, in one piece or in many.
    busy: Duration,
    /// How long the same beans take without anything else, about.
    work: Duration,
    timeline: Timeline,
}

impl Trial {
    /// Slices with pauses between them stretch the time that it took, and not the work.
    fn busy(&self) -> f64 {
        let part_of = |whole: Duration| self.busy.as_secs_f64() / whole.as_secs_f64().max(1e-9);
        part_of(self.took).max(part_of(self.work)).min(1.0)
    }

    /// The grinding, and what the worker did meanwhile, on the same scale.
    fn bars(&self) -> Vec<String> {
        const WIDE: f64 = 20.0;
        let scale = self.took.max(self.busy).as_secs_f64().max(1e-9);
        let bar = |what: &str, time: Duration| {
            let signs = (WIDE * time.as_secs_f64() / scale).round() as usize;
            format!("{what:12}{:20} {}", "#".repeat(signs), seconds(time))
        };
        vec![bar("grinding", self.took), bar("worker busy", self.busy)]
    }
}

/// How long [`BEANS`] take: a tenth of them is ground, on the thread that calls.
fn work() -> Duration {
    let tenth = BEANS / 10;
    let began = Instant::now();
    let _ = std::hint::black_box(grinder::grind(&from_range(BEANS - tenth..BEANS)));
    began.elapsed() * 10
}

/// Exercise 8: grind beans, and keep the runtime's worker free meanwhile. On the real clock, with one
/// worker: judged is for how much of the grinding's time the worker was busy, and that an error of the
/// grinder is passed on.
pub fn grinder_that_stops_the_shop<F>(grind: impl Fn(Sack) -> F) -> ExitCode
where
    F: Future<Output = Result<Grounds, Error>> + Send + 'static,
{
    examine(|| {
        let sack = || Sack::of(BEANS).expect("no more than a sack holds");
        let work = work();
        let trial = |grind| trial(grind, work);
        let mut trials = (0..TRIALS).map(|_| trial(grind(sack())));
        let mut best = trials.next().expect("there is at least one trial");
        for trial in trials {
            if best.busy() <= MOST_BUSY || !matches!(best.ground, Ok(Ok(_))) {
                break;
            }
            best = trial;
        }
        let outcome = all_is_ground(&best)
            .and_then(|()| small_sack(trial(grind(from_range(5..2_005)))))
            .and_then(|()| stone(trial(grind(from_range(0..10)))))
            .and_then(|()| the_worker_is_free(&best));
        let measured = best.bars();
        let drawing = Drawing::Timeline(Box::new(best.timeline));
        Verdict { drawing, shop: Some(1), measured, outcome }
    })
}

fn from_range(beans: std::ops::Range<u32>) -> Sack {
    Sack::from_range(beans).expect("no more than a sack holds")
}

fn all_is_ground(trial: &Trial) -> Result<(), String> {
    let grounds = ground(&trial.ground)?;
    if (grounds.beans, grounds.hardest) != (BEANS, Some(HARDEST)) {
        return Err(format!(
            "{} of {BEANS} beans were ground: grind the sack that you were given, the whole of it",
            grounds.beans
        ));
    }
    Ok(())
}

fn the_worker_is_free(trial: &Trial) -> Result<String, String> {
    let busy = (100.0 * trial.busy()).ceil();
    let took = seconds(trial.took);
    if trial.busy() > MOST_BUSY {
        return Err(format!(
            "The runtime's only worker was busy for {busy:.0} % of the time that the grinding took, {took}. A \
             task that grinds on it lets no other task run, and grinding in slices only makes them \
             wait many times: let another thread grind, and await it"
        ));
    }
    Ok(format!(
        "The grinding took {took}, and the runtime's only worker was busy for {busy:.0} % of that: it \
         served on meanwhile"
    ))
}

fn ground(ground: &Result<Result<Grounds, Error>, String>) -> Result<Grounds, String> {
    match ground {
        Ok(Ok(grounds)) => Ok(*grounds),
        Ok(Err(error)) => Err(format!("Your code returned an error for a good sack: {error}")),
        Err(sentence) => Err(sentence.clone()),
    }
}

/// The figures of another sack, all of them.
fn small_sack(trial: Trial) -> Result<(), String> {
    let theirs = ground(&trial.ground)?;
    let ours = grinder::grind(&from_range(5..2_005)).map_err(|error| error.to_string())?;
    if theirs != ours {
        return Err(format!(
            "A sack with the beans 5 to 2004 gave {theirs:?} instead of {ours:?}: grind the sack that \
             you were given, whatever is in it"
        ));
    }
    Ok(())
}

/// Bean 0 is a stone: the caller wants to know.
fn stone(trial: Trial) -> Result<(), String> {
    match trial.ground {
        Ok(Err(Error::Stone)) => Ok(()),
        Ok(Err(error)) => Err(format!(
            "There was a stone in the sack, the grinder said so, and your code returned another error: \
             {error}. Pass the grinder's own error on, with `?`"
        )),
        Ok(Ok(grounds)) => Err(format!(
            "There was a stone in the sack, the grinder said so, and your code returned {} ground beans \
             all the same: pass the grinder's error on, with `?`",
            grounds.beans
        )),
        Err(sentence) => Err(format!(
            "There was a stone in the sack. {sentence}. Return the grinder's error, with `?`"
        )),
    }
}

fn trial<F>(grind: F, work: Duration) -> Trial
where
    F: Future<Output = Result<Grounds, Error>> + Send + 'static,
{
    let executor = Builder::new_multi_thread().worker_threads(1).enable_time().build();
    let executor = executor.expect("one worker is not too much to ask");
    panics::watch();
    let _ = panics::take();
    mark(1);
    let trial = executor.block_on(async {
        let log = OrderLog::new(Keep::Everything);
        let customers = spawn(keep_serving(Shop::with_log(Durations::each(ACTION), &log)));
        sleep(ACTION).await; // the first customer is being served
        let busy_before = busy();
        let started = Instant::now();
        let ground = spawn(grind).await;
        let took = started.elapsed();
        sleep(ACTION).await; // the worker adds up what it did when it has nothing to do
        let busy = busy().saturating_sub(busy_before);
        let (_, ()) = join!(customers, log.settled());
        log.answer();
        let ground = match (ground, panics::take()) {
            (_, Some(panic)) => Err(panic.sentence()),
            (Ok(ground), None) => Ok(ground),
            (Err(_), None) => Err("The task that was to grind was aborted".to_owned()),
        };
        Trial { ground, took, busy, work, timeline: log.timeline() }
    });
    mark(0);
    trial
}

/// For how long the worker has been doing something so far.
fn busy() -> Duration {
    Handle::current().metrics().worker_total_busy_duration(0)
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

    fn judged(took: u64, busy: u64) -> Result<String, String> {
        let ground = Ok(Ok(Grounds { beans: BEANS, steps: 0, hardest: Some(HARDEST) }));
        let [took, busy] = [took, busy].map(Duration::from_millis);
        let timeline = OrderLog::new(Keep::Everything).timeline();
        the_worker_is_free(&Trial { ground, took, busy, work: took, timeline })
    }

    #[tokio::test]
    async fn the_bars_have_one_scale_and_fit_a_narrow_terminal() {
        let [took, busy] = [400, 100].map(Duration::from_millis);
        let ground = Err(String::new());
        let timeline = OrderLog::new(Keep::Everything).timeline();
        let bars = Trial { ground, took, busy, work: took, timeline }.bars();
        assert_eq!(
            bars,
            ["grinding    #################### 0.4 s", "worker busy #####                0.1 s"]
        );
    }

    #[tokio::test]
    async fn work_that_many_cores_make_short_is_not_taken_for_a_worker_that_grinds() {
        for (took, busy) in [(8, 1), (8, 2), (1, 0), (130, 7)] {
            assert!(judged(took, busy).is_ok(), "{took} ms, {busy} ms");
        }
    }

    #[tokio::test]
    async fn grinding_on_the_worker_is_found_on_a_fast_machine_too() {
        for took in [30, 130, 3000] {
            let complaint = judged(took, took).expect_err("the worker ground");
            assert!(complaint.starts_with("The runtime's only worker was busy"), "{complaint}");
        }
    }
}
