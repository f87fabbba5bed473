//! The exams, one for each exercise and in their order.

#![expect(
    clippy::needless_pass_by_value,
    reason = "an exercise hands in its function by name, without a sign that needs explaining"
)]

pub(crate) mod in_turn;
pub(crate) mod joined;
pub(crate) mod nested;
pub(crate) mod spawned;

pub(crate) mod closing;
pub(crate) mod leaving;
pub(crate) mod machines;

pub(crate) mod grinding;

pub(crate) mod board;
mod crowd;
pub(crate) mod loyalty;

use coffee::{Durations, OrderLog, Shop};

use crate::announce::Verdict;
use crate::sitting::{After, Sitting, sit};

/// Runs the code with each of these numbers of customers, and judges every run. The first that
/// fails is the one that is shown, else the first.
pub(crate) fn each<T>(
    numbers: &[u32],
    run: impl Fn(u32) -> Sitting<T>,
    judge: impl Fn(u32, &Sitting<T>) -> Result<(), String>,
    praise: impl FnOnce() -> String,
) -> Verdict {
    let mut shown = None;
    for customers in numbers {
        let sitting = run(*customers);
        let judged = sitting.returned().map(drop).and_then(|()| judge(*customers, &sitting));
        let timeline = sitting.timeline;
        if let Err(complaint) = judged {
            let outcome = Err(complaint);
            return Verdict { timeline: Some(timeline), measured: Vec::new(), outcome };
        }
        shown.get_or_insert(timeline);
    }
    Verdict { timeline: shown, measured: Vec::new(), outcome: Ok(praise()) }
}

/// The shape of most exercises: serve so many customers in a shop where everything takes 2 s.
pub(crate) fn serving<T>(serve: impl AsyncFn(&Shop, u32) -> T) -> impl Fn(u32) -> Sitting<T> {
    move |customers| {
        let serve = &serve;
        let work = async move |shop: &Shop, _: &OrderLog| serve(shop, customers).await;
        sit(Durations::default(), After::Settle, work)
    }
}

/// More than a runtime polls in one turn, so that whoever waits for one task is done before the rest.
const A_CROWD: u32 = 200;

/// Whether the code waited for everybody: serves a crowd, and the shop closes as soon as it returns.
pub(crate) fn waits_for_all(serve: impl AsyncFn(&Shop, u32)) -> Result<(), String> {
    let work = async |shop: &Shop, _: &OrderLog| serve(shop, A_CROWD).await;
    let timeline = sit(Durations::default(), After::Close, work).timeline;
    match timeline.served() {
        A_CROWD => Ok(()),
        served => Err(format!(
            "{A_CROWD} customers came, and the shop closed when your code was done: {served} had \
             their coffee. To wait for one of them, or for some time, is not to wait for all"
        )),
    }
}

/// Whether a prediction in seconds is close enough. What is no number is close to nothing.
pub(crate) fn is_about(predicted: f64, is: f64) -> bool {
    (predicted - is).abs() <= 0.05
}

#[cfg(test)]
mod tests {
    use super::is_about;

    #[test]
    fn a_prediction_that_is_no_number_is_wrong() {
        assert!(is_about(14.04, 14.0) && !is_about(14.06, 14.0));
        assert!(!is_about(f64::NAN, 14.0) && !is_about(f64::INFINITY, 14.0));
    }
}
