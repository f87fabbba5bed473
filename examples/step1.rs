//! No concurrency: the first coffee. The code to read is `crates/steps/sequential`.

use std::process::ExitCode;

use narrator::Lesson;

fn main() -> ExitCode {
    narrator::serve_one(&Lesson::STEP_1, |shop, customers| async move {
        sequential::serve(&shop, customers).await;
    })
}
