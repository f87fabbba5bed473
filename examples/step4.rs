//! Join: wait for all the tasks. The code to read is `crates/steps/joined`.

use std::process::ExitCode;

use menu::Step;
use narrator::Lesson;

fn main() -> ExitCode {
    let lesson = Lesson {
        number: 4,
        idea: "spawn a task for each customer, and join them all",
        seen: "The customers wait at the same time now, each in a row of their own, \
               so any number takes as long as one.",
        lost: "Dropping a future stops what it was doing, wherever that was.",
        next: "cargo run --example step5",
    };
    cli::open(Step::Joined, &lesson)
}
