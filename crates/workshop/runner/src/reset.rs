use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::catalogue::{ALL, Exercise};
use crate::desk::{Desk, typed};
use crate::progress::Progress;
use crate::saved::{advice, save};
use crate::terminal::Terminal;

/// Puts the starter back and keeps the attendee's version beside it, as `NAME.yours-1.rs`: never
/// over an older one. The exercise no longer counts as passed then.
pub(crate) fn reset(
    desk: &Desk,
    exercise: &Exercise,
    progress: &mut Progress<'_>,
    terminal: &Terminal,
) -> Result<()> {
    if !put_back(desk, exercise, progress, terminal)? {
        terminal.tell(&format!("{} is the starter already: nothing to do.", typed(exercise)));
    }
    Ok(())
}

/// The same for all exercises.
pub(crate) fn all(desk: &Desk, progress: &mut Progress<'_>, terminal: &Terminal) -> Result<()> {
    let mut changed = 0;
    for exercise in &ALL {
        changed += usize::from(put_back(desk, exercise, progress, terminal)?);
    }
    if changed == 0 {
        terminal.tell("All exercises are starters already: nothing to do.");
    }
    Ok(())
}

fn put_back(
    desk: &Desk,
    exercise: &Exercise,
    progress: &mut Progress<'_>,
    terminal: &Terminal,
) -> Result<bool> {
    let path = desk.file(exercise);
    let yours = match fs::read(&path) {
        Ok(yours) => Some(yours),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => {
            return Err(error).with_context(|| format!("{} cannot be read", path.display()));
        }
    };
    if yours.as_deref().is_some_and(|yours| is_starter(yours, exercise)) {
        return Ok(false);
    }
    let kept = match &yours {
        Some(yours) => {
            let kept = keep(desk, exercise, yours);
            let kept = kept.context("your version cannot be kept, so nothing was changed")?;
            let name = kept.file_name().unwrap_or_default().to_string_lossy().into_owned();
            format!("Your version is now {name}, beside it.")
        }
        None => "It was gone.".to_owned(),
    };
    if let Err(error) = save(&path, exercise.starter.as_bytes()) {
        let advice = advice(&error);
        let context = format!("the starter cannot be written to {}{advice}", path.display());
        return Err(error).context(context);
    }
    let was_passed = progress.was_passed(exercise);
    // Only now: as long as the attendee's version is there, it keeps the mark.
    progress.set_to_do(exercise)?;
    let again = if was_passed { " The exercise is to do again." } else { "" };
    terminal.tell(&format!("{} is the starter again. {kept}{again}", typed(exercise)));
    Ok(true)
}

/// Git may have changed the ends of the lines.
fn is_starter(yours: &[u8], exercise: &Exercise) -> bool {
    let lines = |text: &str| text.replace("\r\n", "\n");
    std::str::from_utf8(yours).is_ok_and(|yours| lines(yours) == lines(exercise.starter))
}

fn keep(desk: &Desk, exercise: &Exercise, yours: &[u8]) -> io::Result<PathBuf> {
    for number in 1.. {
        let path = desk.folder().join(format!("{}.yours-{number}.rs", exercise.name));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut file) => {
                file.write_all(yours)?;
                return Ok(path);
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    unreachable!("a folder does not hold that many files")
}
