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
pub(crate) mod loyalty;
mod stamps;

pub(crate) mod cancel_safe;
pub(crate) mod one_fails;
pub(crate) mod sendable;

use coffee::{OrderLog, Shop};

use crate::announce::Verdict;
use crate::shops::Pace;
use crate::sitting::{After, Sitting, sit, unhurried};

/// One shop of an exam: how many customers come, and how long their actions take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Case {
    pub(crate) customers: u32,
    pub(crate) pace: Pace,
}

/// So many customers where everything takes 2 s.
pub(crate) const fn even(customers: u32) -> Case {
    Case { customers, pace: crate::shops::EVEN }
}

/// So many customers, and each takes different times.
pub(crate) const fn uneven(customers: u32) -> Case {
    Case { customers, pace: Pace::Uneven }
}

/// More than a runtime polls in one turn, so that to await one task is not to await all, and enough
/// for a little blocking in each task to add up.
pub(crate) const A_CROWD: u32 = 200;

/// Runs the code in each of these shops, and judges every run. The first that fails is the one that
/// is shown, else the first.
pub(crate) fn each<T>(
    cases: &[Case],
    run: impl Fn(Case) -> Sitting<T>,
    judge: impl Fn(Case, &Sitting<T>) -> Result<(), String>,
    praise: impl FnOnce() -> String,
) -> Verdict {
    let mut shown = None;
    for case in cases {
        let sitting = unhurried(|| run(*case));
        let judged = sitting.returned().map(drop);
        let judged = judged.and_then(|()| {
            let judged = sitting.is_woken().and_then(|()| judge(*case, &sitting));
            let judged = judged.and_then(|()| sitting.blocks_no_thread());
            judged.map_err(|complaint| format!("{}{complaint}", case.pace.preface()))
        });
        if let Err(complaint) = judged {
            return Verdict::on(&sitting, Err(complaint));
        }
        shown.get_or_insert(sitting);
    }
    let shown = shown.expect("an exam has at least one case");
    Verdict::on(&shown, Ok(praise()))
}

/// The shape of most exercises: serve so many customers.
pub(crate) fn serving<T>(serve: impl AsyncFn(&Shop, u32) -> T) -> impl Fn(Case) -> Sitting<T> {
    move |case| {
        let serve = &serve;
        let work = async move |shop: &Shop, _: &OrderLog| serve(shop, case.customers).await;
        sit(case.pace, After::Settle, work)
    }
}

/// Whether the code waits for all of a crowd: the shop closes as soon as it returns.
pub(crate) fn waits_for_all(serve: impl AsyncFn(&Shop, u32)) -> Result<(), Verdict> {
    let work = async |shop: &Shop, _: &OrderLog| serve(shop, A_CROWD).await;
    let sitting = sit(crate::shops::EVEN, After::Close, work);
    match sitting.timeline.served() {
        A_CROWD => Ok(()),
        served => Err(Verdict::on(
            &sitting,
            Err(format!(
                "{A_CROWD} customers came, and the shop closed when your code was done: {served} \
                 had their coffee. To wait for one of them, or for some time, is not to wait for all"
            )),
        )),
    }
}

/// Whether a prediction in seconds is close enough. NaN is never close.
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
