//! Join: wait for all the tasks. The code to read is `crates/steps/joined`.

use std::process::ExitCode;

use menu::Step;
use narrator::Lesson;

fn main() -> ExitCode {
    cli::open(Step::Joined, &Lesson::STEP_4)
}
