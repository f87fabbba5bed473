use anyhow::Result;

use crate::catalogue::{ALL, Exercise};
use crate::compile::{Remark, compile};
use crate::desk::{Desk, typed};
use crate::progress::Progress;
use crate::terminal::{BAD, FAINT, GOOD, STRONG, Terminal};
use crate::trial::{self, Verdict};

/// More than so many remarks of the compiler only hide the first.
const REMARKS: usize = 3;

/// What leads to the next check: a command or a save.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    Command,
    Save,
}

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Checked {
    Passed,
    NotYet,
    /// The file was saved again meanwhile, so this one does not count.
    Abandoned,
}

/// Compiles and runs an exercise, and says what came of it.
///
/// The verdict is about the bytes in the file: what is compiled is decided by a fingerprint of them, and
/// the program has to repeat it.
pub(crate) fn check(
    desk: &Desk,
    exercise: &'static Exercise,
    then: Next,
    progress: &mut Progress<'_>,
    terminal: &Terminal,
) -> Result<Checked> {
    let content = desk.content(exercise)?;
    let source = verdict::fingerprint(&content);
    let heading = format!("Exercise {} of {}: {}", exercise.number(), ALL.len(), exercise.title());
    terminal.say(&terminal.styled(STRONG, &heading));
    terminal.say(&terminal.styled(FAINT, &terminal.wrapped(&typed(exercise), "  ")));
    terminal.gap();
    let is_saved_again = || desk.content(exercise).is_ok_and(|now| now != content);
    let compiled = compile(desk, exercise, &source, terminal)?;
    if is_saved_again() {
        return abandoned(then, terminal);
    }
    let Some(program) = compiled.program else {
        show(&compiled.remarks, terminal);
        not_compiled(exercise, &content, &compiled.remarks, terminal);
        suggest_another_try(exercise, then, terminal);
        return Ok(Checked::NotYet);
    };
    let abandon = || then == Next::Save && is_saved_again();
    let trial = trial::run(&program, exercise, &abandon, terminal)?;
    let (passed, report) = match trial.verdict {
        Verdict::Abandoned => return abandoned(then, terminal),
        Verdict::Told(report) if report.source.as_ref() != Some(&source) => {
            (false, Err(not_from_this_file(exercise)))
        }
        Verdict::Told(report) => (report.passed, Ok(report)),
        Verdict::Untold(sentence) => (false, Err(sentence)),
    };
    if !passed {
        show(&compiled.remarks, terminal);
    }
    if !trial.printed.is_empty() {
        let in_the_picture = report.as_ref().is_ok_and(|report| report.shop.is_some());
        let place = if in_the_picture { ", in the shop below" } else { "" };
        terminal.tell(&format!("Your code printed{place}:"));
        terminal.say(&trial.printed);
        terminal.gap();
    }
    let sentence = match report {
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
        return Ok(Checked::NotYet);
    }
    progress.set_passed(exercise, &source)?;
    suggest_the_next(exercise, then, progress, terminal);
    Ok(Checked::Passed)
}

fn abandoned(then: Next, terminal: &Terminal) -> Result<Checked> {
    match then {
        Next::Save => terminal.tell("The file was saved again: that one is checked instead."),
        Next::Command => {
            anyhow::bail!("the file was saved again while it was checked: check it again")
        }
    }
    Ok(Checked::Abandoned)
}

fn not_from_this_file(exercise: &Exercise) -> String {
    format!(
        "The program that ran does not say that it comes from {}.rs as it is now: does main still end \
         in examiner::exam!, as in the starter",
        exercise.name
    ) + "?"
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

fn suggest_the_next(exercise: &Exercise, then: Next, progress: &Progress<'_>, terminal: &Terminal) {
    let following = exercise.following().filter(|following| !progress.is_passed(following));
    match following.or_else(|| progress.next()) {
        Some(next) => {
            let (number, title) = (next.number(), next.title());
            terminal.tell(&format!("Next: exercise {number}, {title}. Open"));
            terminal.say(&terminal.wrapped(&format!("  {}", typed(next)), "  "));
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

fn not_compiled(exercise: &Exercise, content: &[u8], remarks: &[Remark], terminal: &Terminal) {
    if content.trim_ascii().is_empty() {
        let name = exercise.name;
        terminal.tell(&format!(
            "{} {name}.rs is empty. To get the starter again:",
            terminal.styled(BAD, "Not yet:")
        ));
        terminal.offer(&format!("reset {}", exercise.number()));
        terminal.gap();
        return;
    }
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
