//! Draws the charts of the README and of the slides: `latency` from the paused clock, the others
//! from the data files in `benches/data`.
//!
//! `cargo run -p benches --bin charts` writes them to `slides/pictures`, `-- FOLDER` elsewhere.

use std::io::Write;
use std::path::PathBuf;
use std::{env, fs, io};

use anyhow::{Context, Result};
use benches::charts::{five_ways, latency, overhead, speed_up, waiting};
use benches::data::Data;
use benches::grinding::Grinding;
use benches::overhead::Overhead;

fn main() -> Result<()> {
    let folder = env::args_os().nth(1).map_or_else(|| "slides/pictures".into(), PathBuf::from);
    let (costs, grinding) = (Overhead::load()?, Grinding::load()?);
    let charts = [
        ("latency", latency()?),
        ("overhead", overhead(&costs)),
        ("grinder", five_ways(&grinding)),
        ("crossover", speed_up(&grinding)),
        ("waiting", waiting(&grinding)),
    ];
    for (name, svg) in charts {
        let path = folder.join(name).with_extension("svg");
        fs::write(&path, svg).with_context(|| {
            format!(
                "{} cannot be written. Run this from the root of the workspace, or name a folder \
                 that exists",
                path.display()
            )
        })?;
        // Nobody need listen: the pictures are what counts.
        let _ = writeln!(io::stdout(), "{}", path.display());
    }
    Ok(())
}
