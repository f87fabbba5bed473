//! How one thread knows that a wait is over: an executor of a screenful serves three customers.
//!
//! `cargo run --example executor` takes its six seconds, `-- --paused` none.

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{env, thread};

use executor::{Executor, Timer};

const USAGE: &str = "Usage: cargo run --example executor [-- --paused]\n\n\
    Serves three customers with the executor of crates/lessons/executor. With --paused the thread\n\
    does not sleep, and everything happens in the same order at the same shop times.";

fn main() -> ExitCode {
    let args: Vec<_> = env::args().skip(1).collect();
    let paused = match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => false,
        ["--paused"] => true,
        ["--help" | "-h"] => return say(USAGE),
        _ => {
            let _ = writeln!(io::stderr(), "error: {args:?} is not understood\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let mut executor = Executor::default();
    for customer in 1..=3 {
        executor.spawn(make_coffee(executor.timer(), customer));
    }
    let polls = executor.run(|time| {
        if !paused {
            sleep(time);
        }
    });
    match polls {
        Ok(polls) => say(&format!(
            "One thread polled three tasks {polls} times: once to begin each, and once after each wait."
        )),
        Err(stuck) => {
            let _ = writeln!(io::stderr(), "error: {} tasks are never woken", stuck.tasks);
            ExitCode::FAILURE
        }
    }
}

async fn make_coffee(timer: Timer, customer: u32) {
    for action in ["Coffee paid for", "Espresso made", "Milk steamed"] {
        timer.wait(Duration::from_secs(2)).await;
        say(&format!("{:5.1} s  customer {customer}  {action}", timer.now().as_secs_f64()));
    }
}

/// Stops the thread, which has nothing else to do. It may be woken too early.
#[expect(clippy::disallowed_methods, reason = "an executor's own sleep is a thread's")]
fn sleep(time: Duration) {
    let end = Instant::now() + time;
    while let Some(rest) = end.checked_duration_since(Instant::now()).filter(|rest| !rest.is_zero())
    {
        thread::park_timeout(rest);
    }
}

/// A reader that is gone is no error.
fn say(line: &str) -> ExitCode {
    let _ = writeln!(io::stdout(), "{line}");
    ExitCode::SUCCESS
}
