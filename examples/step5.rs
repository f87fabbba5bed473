//! Nested joins: the three actions of a customer at once. The code to read is `crates/steps/nested-joins`.

use std::process::ExitCode;

use menu::Step;
use narrator::Lesson;

fn main() -> ExitCode {
    cli::open(Step::NestedJoins, &Lesson::STEP_5)
}
