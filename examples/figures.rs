//! Writes the exact figures of the slides: how long the answer takes, and how long it takes until
//! the last coffee, on a paused clock. Every machine writes the same ones.
//!
//! `cargo run --example figures` writes them to `slides/figures`, `-- FOLDER` elsewhere.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use std::{env, fs, io};

use coffee::{Durations, Keep, OrderLog, Shop};
use menu::Step;

/// Whom the slides serve: one, the three of the talk, and crowds.
const CUSTOMERS: [u32; 5] = [1, 3, 30, 300, 30_000];

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> ExitCode {
    let folder = env::args_os().nth(1).map_or_else(|| "slides/figures".into(), PathBuf::from);
    match write(&folder, &figures().await) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(
                io::stderr(),
                "error: the figures cannot be written to {}: {error}. Run this from the root of \
                 the workspace, or name a folder that exists",
                folder.display()
            );
            ExitCode::FAILURE
        }
    }
}

/// A list of records, one a line, as in `talk.json`. Seconds are shop time.
async fn figures() -> String {
    let mut lines = Vec::new();
    for step in Step::ALL {
        for customers in CUSTOMERS {
            let who = format!(r#""step": {}"#, step.number());
            let serving = move |shop: Shop| async move { step.serve(&shop, customers).await };
            lines.extend(records(&who, customers, serving).await);
        }
    }
    let trap = |name| format!(r#""trap": "{name}""#);
    let early = |shop: Shop| async move { traps::leave_early(&shop).await };
    lines.extend(records(&trap("leave_early"), 3, early).await);
    let lazily = |shop: Shop| async move { traps::serve_lazily(&shop).await };
    lines.extend(records(&trap("serve_lazily"), 3, lazily).await);
    let locked = |shop: Shop| async move { assert_eq!(traps::serve_locked(&shop, 3).await, 3) };
    lines.extend(records(&trap("serve_locked"), 3, locked).await);
    let unlocked = |shop: Shop| async move { assert_eq!(traps::serve_unlocked(&shop, 3).await, 3) };
    lines.extend(records(&trap("serve_unlocked"), 3, unlocked).await);
    format!("[\n{}\n]\n", lines.join(",\n"))
}

/// How it goes when some customers are served in one way.
async fn records<F>(who: &str, customers: u32, serve: impl FnOnce(Shop) -> F) -> Vec<String>
where
    F: Future<Output = ()> + Send + 'static,
{
    // A crowd is summed up; of a few customers the tasks can be counted.
    let few = customers <= 3;
    let log = OrderLog::new(if few { Keep::Everything } else { Keep::Summary });
    let shop = Shop::with_log(Durations::default(), &log);
    // In a task, as the shop serves.
    tokio::spawn(serve(shop)).await.expect("no way of serving panics");
    let answer = log.answer();
    log.settled().await;
    let timeline = log.timeline();
    let record = |what, value: String, unit| {
        format!(
            r#"  {{{who}, "what": "{what}", "customers": {customers}, "value": {value}, "unit": "{unit}"}}"#
        )
    };
    let seconds = |time: Duration| format!("{:.3}", time.as_secs_f64());
    let tasks = timeline.records().iter().filter_map(|record| record.task).max().unwrap_or(0);
    let mut records = vec![
        record("answer", seconds(answer), "s"),
        record("last coffee", seconds(timeline.last_end()), "s"),
        record("served", timeline.served().to_string(), ""),
        record("lost", timeline.lost().to_string(), ""),
    ];
    if few {
        records.push(record("tasks", tasks.to_string(), ""));
    }
    records
}

fn write(folder: &Path, figures: &str) -> io::Result<()> {
    let path = folder.join("exact.json");
    fs::write(&path, figures)?;
    // The file is what counts, so an output that is closed is no error.
    let _ = writeln!(io::stdout(), "{}", path.display());
    Ok(())
}
