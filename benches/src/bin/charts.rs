//! Draws the charts of the README and of the slides: `latency` from the paused clock, the others
//! from the data files in `benches/data`. The tables of `overhead` and of the
//! container's limits become pages, too.
//!
//! `cargo run -p benches --bin charts` writes them to `slides/pictures`, `-- FOLDER` elsewhere,
//! and the pages to `benches/overhead.md` and `docker/measured.md`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use anyhow::{Context, Result};
use benches::charts::{five_ways, latency, overhead, speed_up, waiting};
use benches::grinding::Grinding;
use benches::limits::{self, Limits};
use benches::overhead::{Overhead, page};
use measured::Data;

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
        write(&folder.join(name).with_extension("svg"), &svg)?;
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    write(&here.join("overhead.md"), &page(&costs))?;
    write(&here.join("../docker/measured.md"), &limits::page(&Limits::load()?))
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| {
        format!(
            "{} cannot be written. Run this from the root of the workspace, or name a folder that \
             exists",
            path.display()
        )
    })?;
    // A closed output is no error: the files are what counts.
    let _ = writeln!(io::stdout(), "{}", path.display());
    Ok(())
}
