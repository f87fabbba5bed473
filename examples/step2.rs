//! More customers, one after another. The code to read is `crates/steps/sequential`.

use std::process::ExitCode;

use menu::Step;
use narrator::Lesson;

fn main() -> ExitCode {
    cli::open(Step::Sequential, &Lesson::STEP_2)
}
