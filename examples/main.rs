//! A bare `cargo run` in this workspace: says which examples there are to run.

use std::io::{Write, stdout};
use std::process::ExitCode;

const EXAMPLES: &str = "\
This workspace has examples to run. The first coffee:

  cargo run --example step1      no concurrency: one customer, 6 seconds

Then open a shop, and order from another terminal: curl localhost:8080/serve-customer/3

  cargo run --example step2      more customers, one after another
  cargo run --example step3      a task for each customer, and nothing waits for it
  cargo run --example step4      a task for each customer, and all are awaited
  cargo run --example step5      the three actions of each customer at once

At the scale of a deployment, on this machine:

  cargo run --release --example step6      the shop as it is deployed
  cargo run --release --example step7      deploy it
  cargo run --release --example step8      limits so small that something gives
  cargo run --release --example step9      more of everything
  cargo run --release --example step10     two replicas
  cargo run --release --example rush -- URL    customers who come to a shop that is open

Beside the steps:

  cargo run --release --example batched    millions of customers in one call
  cargo run --release --example grinder    waiting is not work
  cargo run --example executor             how one thread knows that a wait is over
  cargo run --example pictures             draw the timelines of the slides
  cargo run --example figures              compute the figures of the slides

The exercises:  cargo workshop
Each example explains its flags:  cargo run --example step1 -- --help
";

fn main() -> ExitCode {
    // A reader that has left misses nothing.
    let _ = stdout().write_all(EXAMPLES.as_bytes());
    ExitCode::SUCCESS
}
