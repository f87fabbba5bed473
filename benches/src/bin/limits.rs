//! Keeps what the tests of the container have measured: `docker/check.sh --save` calls it with the
//! file that they wrote.

use std::io::Write;
use std::{env, fs, io};

use anyhow::{Context, Result};
use benches::limits::Limits;
use measured::{Data, Taken};

fn main() -> Result<()> {
    let file = env::args_os().nth(1).context("say which file the tests wrote")?;
    let lines = fs::read_to_string(&file).with_context(|| format!("{file:?} cannot be read"))?;
    let limits = Limits::of(&lines, Taken::now(Limits::COMMAND))?;
    let path = limits.save()?;
    let _ = writeln!(io::stdout(), "{limits}\n{}", path.display());
    Ok(())
}
