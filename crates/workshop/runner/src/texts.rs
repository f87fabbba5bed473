use anyhow::Result;

use crate::catalogue::{ALL, Exercise};
use crate::desk::{Desk, lost, typed};
use crate::progress::{Progress, Standing};
use crate::terminal::{BAD, FAINT, GOOD, STRONG, Terminal};

/// Where the attendee is, what is next, which file to open, what to type.
pub(crate) fn welcome(desk: &Desk, progress: &Progress<'_>, terminal: &Terminal) {
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
    if desk.file(next).exists() {
        terminal.tell(&format!("Open {}, and then type", typed(next)));
    } else {
        terminal.tell(&format!("{}. Then type", lost(next)));
    }
    for (command, what) in commands {
        let line = format!("  cargo workshop {command:9} {what}");
        terminal.say(&terminal.wrapped(&line, "    "));
    }
}

/// All exercises with the attendee's progress.
pub(crate) fn list(progress: &Progress<'_>, terminal: &Terminal) {
    let next = progress.next().map(Exercise::number);
    for exercise in &ALL {
        let number = exercise.number();
        let here = if next == Some(number) { '>' } else { ' ' };
        let (style, mut state) = match progress.standing(exercise) {
            Standing::Passed => (GOOD, "passed".to_owned()),
            Standing::Changed => (BAD, "changed since it passed".to_owned()),
            Standing::ToDo => (FAINT, "to do".to_owned()),
        };
        match progress.hints(exercise) {
            0 => {}
            1 => state += ", 1 hint",
            hints => state += &format!(", {hints} hints"),
        }
        let state = terminal.styled(style, &state);
        terminal.say(&format!("{here} {number:2}  {:15}  {state}\n", exercise.title()));
    }
    terminal.gap();
    terminal.tell(&format!("{} of {} are passed.", progress.passed(), ALL.len()));
}

/// Shows the hints so far, and one more.
pub(crate) fn hint(
    exercise: &Exercise,
    tier: Option<u8>,
    progress: &mut Progress<'_>,
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
