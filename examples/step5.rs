//! Nested joins: the three actions of a customer at once. The code to read is `crates/steps/nested-joins`.

use std::process::ExitCode;

use menu::Step;
use narrator::Lesson;

fn main() -> ExitCode {
    let lesson = Lesson {
        number: 5,
        idea: "join the customers, and for each of them join the three actions",
        seen: "Three rows a customer: the three actions wait at the same time, too, \
               so any number takes as long as one action.",
        lost: "Dropping a future stops what it was doing, wherever that was.",
        next: "the patterns in crates/README.md, or a crowd: cargo run --example step5 -- --customers 10000",
    };
    cli::open(Step::NestedJoins, &lesson)
}
