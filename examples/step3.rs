//! Spawn: a task for each customer. The code to read is `crates/steps/spawned`.

use std::process::ExitCode;

use menu::Step;
use narrator::Lesson;

fn main() -> ExitCode {
    let lesson = Lesson {
        number: 3,
        idea: "spawn a task for each customer, and wait for none",
        seen: "The answer was a lie: it came before a single coffee was made, \
               because nobody waited for the tasks.",
        lost: "Nobody owned their tasks, so nobody finished them when the program ended.",
        next: "cargo run --example step4",
    };
    cli::open(Step::Spawned, &lesson)
}
