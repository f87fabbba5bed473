use std::time::Duration;

use customers::seconds;
use indicatif::HumanCount;
use measured::{Quoted, Value};
use serde::Deserialize;

/// What the talk reported, with its sources; the slides draw from the same file.
const FIGURES: &str = include_str!("../../../slides/figures/talk.json");

/// What a figure of the talk is about.
#[derive(Deserialize)]
struct About {
    step: u8,
    customers: Option<u32>,
}

/// All figures of a step with so many customers, in the talk's order.
fn figures(step: u8, customers: u32) -> impl Iterator<Item = Quoted<About>> {
    let figures: Vec<Quoted<About>> = serde_json::from_str(FIGURES).expect("a test reads the file");
    let wanted =
        move |one: &Quoted<About>| (one.about.step, one.about.customers) == (step, Some(customers));
    figures.into_iter().filter(wanted)
}

/// What the talk reported of a step with so many customers: times and outcomes, in its order.
pub(crate) fn reported(step: u8, customers: u32) -> Vec<String> {
    figures(step, customers).filter_map(in_words).collect()
}

fn in_words(figure: Quoted<About>) -> Option<String> {
    match (figure.what.as_str(), figure.value) {
        (what, Value::Number(time)) if what.starts_with("time") => {
            Some(seconds(Duration::from_secs_f64(time)))
        }
        ("outcome", Value::Words(outcome)) => Some(outcome),
        _ => None,
    }
}

/// The restarts and exit codes that the talk reported of a step, as a clause.
pub(crate) fn aside(step: u8, customers: u32) -> Option<String> {
    let number = |what: &str| match figures(step, customers).find(|one| one.what == what)?.value {
        Value::Number(number) => Some(HumanCount(number as u64)),
        Value::Words(_) => None,
    };
    Some(format!("exit code {}, restarts {}", number("exit code")?, number("restarts")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_of_the_steps_are_those_of_the_slides() {
        assert_eq!(reported(7, 3), ["2.002 s"]);
        assert_eq!(reported(8, 300), ["3.782 s"]);
        assert_eq!(reported(8, 3_000), ["OOM-killed"]);
        assert_eq!(reported(8, 10_000), [""; 0]);
        assert_eq!(reported(9, 30_000), ["3.797 s"]);
        assert_eq!(reported(10, 30_000), ["2.265 s", "2.210 s"]);
        assert_eq!(aside(8, 3_000).as_deref(), Some("exit code 137, restarts 1"));
        assert_eq!(aside(9, 30_000), None);
    }
}
