//! No concurrency: the first coffee. The code to read is `crates/steps/sequential`.

use std::process::ExitCode;

use narrator::Lesson;

fn main() -> ExitCode {
    let lesson = Lesson {
        number: 1,
        idea: "no concurrency; one customer pays, gets the espresso, gets the milk",
        seen: "Each action began when the one before had ended, so their times add up.",
        lost: "Dropping a future stops what it was doing, wherever that was.",
        next: "cargo run --example step2",
    };
    narrator::serve_one(&lesson, |shop, customers| async move {
        sequential::serve(&shop, customers).await;
    })
}
