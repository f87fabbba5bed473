//! Spawn: a task for each customer. The code to read is `crates/steps/spawned`.

use std::process::ExitCode;

use menu::Step;
use narrator::Lesson;

fn main() -> ExitCode {
    cli::open(Step::Spawned, &Lesson::STEP_3)
}
