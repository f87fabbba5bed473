use anyhow::Result;

use crate::catalogue::{ALL, Exercise};
use crate::compile::{Remark, compile};
use crate::desk::{Desk, typed};
use crate::progress::Progress;
use crate::terminal::{BAD, FAINT, GOOD, STRONG, Terminal};
use crate::trial;

/// More than so many remarks of the compiler only hide the first.
const REMARKS: usize = 3;

/// What leads to the next check: a command or a save.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    Command,
    Save,
}

/// Compiles and runs an exercise, and says what came of it. Gives whether it is passed.
pub(crate) fn check(
    desk: &Desk,
    exercise: &'static Exercise,
    then: Next,
    progress: &mut Progress,
    terminal: &Terminal,
) -> Result<bool> {
    let heading = format!("Exercise {} of {}: {}", exercise.number(), ALL.len(), exercise.title());
    terminal.say(&terminal.styled(STRONG, &heading));
    terminal.say(&terminal.styled(FAINT, &typed(exercise)));
    terminal.gap();
    let compiled = compile(desk, exercise, terminal)?;
    let Some(program) = compiled.program else {
        show(&compiled.remarks, terminal);
        not_compiled(exercise, &compiled.remarks, terminal);
        suggest_another_try(exercise, then, terminal);
        return Ok(false);
    };
    let trial = trial::run(&program, exercise, terminal)?;
    let passed = trial.verdict.as_ref().is_ok_and(|report| report.passed);
    if !passed {
        show(&compiled.remarks, terminal);
    }
    if !trial.printed.is_empty() {
        terminal.tell("Your code printed:");
        terminal.say(&trial.printed);
        terminal.gap();
    }
    let sentence = match trial.verdict {
        Ok(report) => {
            if !report.picture.is_empty() {
                terminal.say(&report.picture);
                terminal.gap();
            }
            for line in &report.measured {
                terminal.tell(line);
            }
            report.sentence
        }
        Err(sentence) => sentence,
    };
    conclude(passed, &sentence, terminal);
    if !passed {
        suggest_another_try(exercise, then, terminal);
        return Ok(false);
    }
    progress.set_passed(exercise, true)?;
    suggest_the_next(exercise, then, progress, terminal);
    Ok(true)
}

fn conclude(passed: bool, sentence: &str, terminal: &Terminal) {
    let (style, word) = if passed { (GOOD, "Passed:") } else { (BAD, "Not yet:") };
    let end = if sentence.ends_with(['.', '?', '!']) { "" } else { "." };
    terminal.tell(&format!("{} {sentence}{end}", terminal.styled(style, word)));
    terminal.gap();
}

fn suggest_another_try(exercise: &Exercise, then: Next, terminal: &Terminal) {
    if then == Next::Command {
        terminal.tell(&format!("Next: change {}, save it, and then", typed(exercise)));
        terminal.offer(&format!("check {}", exercise.number()));
    }
    terminal.tell("If you are stuck:");
    terminal.offer(&format!("hint {}", exercise.number()));
}

fn suggest_the_next(exercise: &Exercise, then: Next, progress: &Progress, terminal: &Terminal) {
    let following = exercise.following().filter(|following| !progress.is_passed(following));
    match following.or_else(|| progress.next()) {
        Some(next) => {
            let (number, title) = (next.number(), next.title());
            terminal.tell(&format!("Next: exercise {number}, {title}. Open"));
            terminal.say(&format!("  {}", typed(next)));
            if then == Next::Command {
                terminal.tell("and then");
                terminal.offer(&format!("check {number}"));
            }
        }
        None => terminal.tell(&format!("That was the last one: all {} are passed.", ALL.len())),
    }
    terminal.tell("Ours, to compare with yours:");
    terminal.offer(&format!("solution {}", exercise.number()));
}

fn show(remarks: &[Remark], terminal: &Terminal) {
    let some_errors = remarks.iter().any(|remark| remark.is_error);
    // Beside errors, warnings only hide them.
    let shown: Vec<_> = remarks.iter().filter(|remark| remark.is_error == some_errors).collect();
    for remark in shown.iter().take(REMARKS) {
        terminal.say(&remark.text);
        terminal.gap();
    }
    if shown.len() > REMARKS {
        terminal.tell(&format!("... and {} more, which may be gone then.", shown.len() - REMARKS));
        terminal.gap();
    }
}

fn not_compiled(exercise: &Exercise, remarks: &[Remark], terminal: &Terminal) {
    let mut errors = remarks.iter().filter(|remark| remark.is_error);
    let line = errors.next().and_then(|first| first.line);
    let place = line.map_or_else(String::new, |line| format!(", in line {line}"));
    let begin = match errors.count() {
        0 => "there is one error".to_owned(),
        more => format!("there are {} errors, and the first counts", more + 1),
    };
    terminal.tell(&format!(
        "{} {}.rs does not compile: {begin}{place}. Below its arrows the compiler often says what to \
         do.",
        terminal.styled(BAD, "Not yet:"),
        exercise.name
    ));
    terminal.gap();
}
