use std::time::Duration;

use coffee::{Action, Outcome, Record};
use counter::Counter;
use menu::Step;
use serde::{Serialize, Serializer};

/// All that a page needs to draw the shop as it is now. Times are seconds of shop time.
#[derive(Debug, Serialize)]
pub(crate) struct Frame<'a> {
    pub(crate) shop: &'a Menu,
    /// The runs while they are few, oldest first.
    pub(crate) runs: Vec<RunNow>,
    /// The runs if they are many, newest first.
    pub(crate) rows: Vec<Row>,
    /// So many more are going on.
    pub(crate) unseen: usize,
    /// The last result of each step and number of customers, in the order in which they were tried.
    pub(crate) tried: Vec<Tried>,
}

/// What can be ordered.
#[derive(Debug, Serialize)]
pub(crate) struct Menu {
    step: u8,
    steps: Vec<Choice>,
    max_customers: u32,
    /// How long one customer takes with the actions one after another.
    one_after_another_s: f64,
}

#[derive(Debug, Serialize)]
struct Choice {
    number: u8,
    name: &'static str,
    idea: &'static str,
}

/// One run, as it stands.
#[derive(Debug, Serialize)]
pub(crate) struct RunNow {
    pub(crate) id: u64,
    /// The word by which a page finds its own order.
    pub(crate) tag: Option<String>,
    pub(crate) step: u8,
    pub(crate) customers: u32,
    pub(crate) served: u32,
    pub(crate) lost: u32,
    /// The run's clock, which stands still once the run is over.
    pub(crate) now_s: f64,
    pub(crate) over: bool,
    pub(crate) answered_s: Option<f64>,
    /// As the answer says it.
    pub(crate) sentence: Option<String>,
    pub(crate) last_end_s: Option<f64>,
    /// Of few customers every action, in the shape of the JSON log.
    #[serde(serialize_with = "as_in_the_log")]
    pub(crate) records: Vec<Record>,
    /// Of many customers how many were at what, and when.
    pub(crate) samples: Vec<Sample>,
}

/// A record in the shape of the JSON log. `coffee` does without serde.
#[derive(Debug, Serialize)]
struct AsInTheLog {
    customer: u32,
    action: &'static str,
    started_s: f64,
    ended_s: Option<f64>,
    outcome: Option<&'static str>,
    task: Option<usize>,
    thread: Option<usize>,
}

/// How many customers were at each of [`Action::ALL`], and how many had their coffee. As JSON an
/// array, because there are many: `[seconds, pay, espresso, milk, served]`.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Sample(
    pub(crate) f64,
    pub(crate) u32,
    pub(crate) u32,
    pub(crate) u32,
    pub(crate) u32,
);

/// One run of many: number, step, customers, served, lost, seconds since it began or until it
/// ended, whether it is over, and its tag.
#[derive(Debug, Serialize)]
pub(crate) struct Row(
    pub(crate) u64,
    pub(crate) u8,
    pub(crate) u32,
    pub(crate) u32,
    pub(crate) u32,
    pub(crate) f64,
    pub(crate) bool,
    pub(crate) Option<String>,
);

/// How a run ended.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Tried {
    pub(crate) id: u64,
    pub(crate) step: u8,
    pub(crate) customers: u32,
    pub(crate) lost: u32,
    pub(crate) answered_s: Option<f64>,
    pub(crate) last_end_s: f64,
}

impl Frame<'_> {
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("numbers and words can always be written")
    }
}

impl Menu {
    pub(crate) fn of(counter: &Counter) -> Self {
        let choice =
            |step: &Step| Choice { number: step.number(), name: step.name(), idea: step.idea() };
        Self {
            step: counter.step.number(),
            steps: counter.steps().iter().map(choice).collect(),
            max_customers: counter.max_customers,
            one_after_another_s: counter.durations.one_after_another().as_secs_f64(),
        }
    }
}

impl Sample {
    pub(crate) fn new(at: Duration, going: impl Fn(Action) -> u32, served: u32) -> Self {
        let [pay, espresso, milk] = Action::ALL.map(going);
        Self(at.as_secs_f64(), pay, espresso, milk, served)
    }
}

impl From<&Record> for AsInTheLog {
    fn from(record: &Record) -> Self {
        Self {
            customer: record.lane,
            action: record.kind.name(),
            started_s: record.started.as_secs_f64(),
            ended_s: record.ended.map(|ended| ended.as_secs_f64()),
            outcome: record.outcome.map(|outcome| match outcome {
                Outcome::Finished => "finished",
                Outcome::Cancelled => "cancelled",
            }),
            task: record.task,
            thread: record.thread,
        }
    }
}

fn as_in_the_log<S: Serializer>(records: &[Record], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(records.iter().map(AsInTheLog::from))
}
