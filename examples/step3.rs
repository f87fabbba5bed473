//! Spawn: a task for each customer. The code to read is `crates/steps/spawned`.

use std::process::ExitCode;

use menu::Step;
use narrator::Lesson;

fn main() -> ExitCode {
    let lesson = Lesson {
        number: 3,
        idea: "spawn a task for each customer, and wait for none",
        seen: "The answer was a lie: it came before a single coffee was made, \
               because nothing waited for the tasks.",
        lost: "Their tasks had no owner, so they ended with the program, finished or not.",
        next: "cargo run --example step4",
    };
    cli::open(Step::Spawned, &lesson)
}
