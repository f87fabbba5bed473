//! Draws the timelines of the README and of the slides, exact to the byte: the steps run on a
//! paused clock.
//!
//! `cargo run --example pictures` writes them to `slides/pictures`, `-- FOLDER` elsewhere.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::slice::from_ref;
use std::time::Duration;
use std::{env, fs, io};

use coffee::{Durations, Keep, OrderLog, Panel, Shop, Timeline, draw_svg};
use menu::Step;

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> ExitCode {
    let folder = env::args_os().nth(1).map_or_else(|| "slides/pictures".into(), PathBuf::from);
    match draw_all(&folder).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(
                io::stderr(),
                "error: the pictures cannot be written to {}: {error}. Run this from the root of \
                 the workspace, or name a folder that exists",
                folder.display()
            );
            ExitCode::FAILURE
        }
    }
}

async fn draw_all(folder: &Path) -> io::Result<()> {
    let first = ("Step 1: no concurrency".to_owned(), timeline(Step::Sequential, 1).await);
    draw(folder, "step1", "One customer", from_ref(&first))?;
    let mut steps = Vec::new();
    for step in Step::TALK {
        let title = format!("Step {}, {}: {}", step.number(), step.name(), step.idea());
        let panel = (title, timeline(step, 3).await);
        draw(folder, &format!("step{}", step.number()), "Three customers", from_ref(&panel))?;
        steps.push(panel);
    }
    draw(folder, "steps", "Three customers, four ways to serve them", &steps)
}

async fn timeline(step: Step, customers: u32) -> Timeline {
    let log = OrderLog::new(Keep::Everything);
    let shop = Shop::with_log(Durations::default(), &log);
    // In a task, as the shop serves.
    let served = tokio::spawn(async move { step.serve(&shop, customers).await }).await;
    served.expect("no step panics");
    log.answer();
    log.settled().await;
    log.timeline()
}

fn draw(folder: &Path, name: &str, title: &str, panels: &[(String, Timeline)]) -> io::Result<()> {
    // All on the axis of the slowest step, so that one slide compares with the next.
    const AXIS: Duration = Duration::from_secs(18);
    let panels: Vec<_> = panels.iter().map(|(title, timeline)| Panel { title, timeline }).collect();
    let path = folder.join(name).with_extension("svg");
    fs::write(&path, draw_svg(title, AXIS, &panels))?;
    // The picture is what counts, so an output that is closed is no error.
    let _ = writeln!(io::stdout(), "{}", path.display());
    Ok(())
}
