use anyhow::Result;

use crate::catalogue::{ALL, Exercise};
use crate::desk::{Desk, typed};
use crate::progress::Progress;
use crate::terminal::{FAINT, GOOD, STRONG, Terminal};

/// Where the attendee is, what is next, which file to open, what to type.
pub(crate) fn welcome(desk: &Desk, progress: &Progress, terminal: &Terminal) {
    terminal.tell(&format!("{} of {} exercises are passed.", progress.passed(), ALL.len()));
    let Some(next) = progress.next() else {
        terminal.tell("Nothing is left to do. To do one again:");
        terminal.offer("reset 5");
        return;
    };
    terminal.gap();
    for (i, paragraph) in next.brief().split("\n\n").enumerate() {
        if i > 0 {
            terminal.gap();
        }
        let sentence = terminal.wrapped(&paragraph.replace('\n', " "), "");
        let style = if i == 0 { STRONG } else { anstyle::Style::new() };
        terminal.say(&terminal.styled(style, sentence.trim_end()));
    }
    terminal.gap();
    let number = next.number();
    let commands = [
        (format!("check {number}"), "compiles and runs it, and shows what happened"),
        ("watch".to_owned(), "does so each time that you save"),
        (format!("hint {number}"), "if you are stuck"),
        ("list".to_owned(), "all exercises"),
        ("doctor".to_owned(), "whether this machine is ready"),
    ];
    let file = if desk.file(next).exists() { typed(next) } else { lost(next) };
    terminal.tell(&format!("Open {file}, and then type"));
    for (command, what) in commands {
        let line = format!("  cargo workshop {command:9} {what}");
        terminal.say(&terminal.wrapped(&line, "    "));
    }
}

fn lost(exercise: &Exercise) -> String {
    format!("{} (it is gone: cargo workshop reset {})", typed(exercise), exercise.number())
}

/// All exercises with the attendee's progress.
pub(crate) fn list(progress: &Progress, terminal: &Terminal) {
    let next = progress.next().map(Exercise::number);
    for exercise in &ALL {
        let number = exercise.number();
        let here = if next == Some(number) { '>' } else { ' ' };
        let (style, mut state) = match progress.is_passed(exercise) {
            true => (GOOD, "passed".to_owned()),
            false => (FAINT, "to do".to_owned()),
        };
        match progress.hints(exercise) {
            0 => {}
            1 => state += ", 1 hint",
            hints => state += &format!(", {hints} hints"),
        }
        let state = terminal.styled(style, &state);
        terminal.say(&format!("{here} {number:2}  {:16}  {state}\n", exercise.title()));
    }
    terminal.gap();
    terminal.tell(&format!("{} of {} are passed.", progress.passed(), ALL.len()));
}

/// Shows the hints so far, and one more.
pub(crate) fn hint(
    exercise: &Exercise,
    tier: Option<u8>,
    progress: &mut Progress,
    terminal: &Terminal,
) -> Result<()> {
    const NAMES: [&str; 3] = ["A nudge", "The idea", "The shape of the code"];
    let hints = exercise.hints();
    let seen = progress.hints(exercise);
    let shown = tier.unwrap_or(seen.saturating_add(1)).min(hints.len() as u8);
    for (name, hint) in NAMES.iter().zip(&hints).take(shown.into()) {
        terminal.say(&terminal.styled(STRONG, name));
        for paragraph in hint.split("\n\n") {
            // Code is indented, and stays as it is.
            let code = paragraph.starts_with("    ");
            if code {
                terminal.say(paragraph)
            } else {
                terminal.tell(&paragraph.replace('\n', " "))
            }
            terminal.gap();
        }
    }
    progress.set_hints(exercise, shown.max(seen))?;
    let number = exercise.number();
    match hints.len() - usize::from(shown) {
        0 => {
            terminal.tell("These are all hints. If all fails:");
            terminal.offer(&format!("solution {number} --peek"));
        }
        more => {
            terminal.tell(if more == 1 { "One more:" } else { "Two more:" });
            terminal.offer(&format!("hint {number}"));
        }
    }
    Ok(())
}
