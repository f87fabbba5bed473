//! Whether a machine is ready for the day: what is needed, and what some steps would like to have.

mod needed;
mod optional;
mod probe;

use anyhow::Result;

use crate::desk::Desk;
use crate::terminal::{BAD, FAINT, GOOD, STRONG, Terminal};

/// What one look at the machine found.
#[derive(Debug)]
struct Finding {
    what: &'static str,
    state: State,
    said: String,
    /// What to type or do.
    repair: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Good,
    /// The day can begin without it.
    Missing,
    Bad,
}

impl Finding {
    fn good(what: &'static str, said: impl Into<String>) -> Self {
        Self { what, state: State::Good, said: said.into(), repair: None }
    }

    fn missing(what: &'static str, said: impl Into<String>, repair: impl Into<String>) -> Self {
        Self { what, state: State::Missing, said: said.into(), repair: Some(repair.into()) }
    }

    fn bad(what: &'static str, said: impl Into<String>, repair: impl Into<String>) -> Self {
        Self { what, state: State::Bad, said: said.into(), repair: Some(repair.into()) }
    }
}

/// Looks at everything, says what it found, and gives whether all that is needed is there.
pub(crate) fn doctor(desk: &Desk, port: u16, terminal: &Terminal) -> Result<bool> {
    let mut states = Vec::new();
    let mut show = |finding: Finding| {
        states.push(finding.state);
        tell(&finding, terminal);
    };
    terminal.say(&terminal.styled(STRONG, "What the day needs"));
    show(needed::rust());
    show(needed::disk(desk));
    show(needed::cores());
    for finding in needed::port(port) {
        show(finding);
    }
    show(needed::curl());
    show(needed::dependencies(desk));
    show(needed::offline_build(desk, terminal)?);
    show(needed::terminal(terminal));
    terminal.gap();
    terminal.say(&terminal.styled(STRONG, "What some steps would like to have"));
    for finding in optional::all() {
        show(finding);
    }
    terminal.gap();
    let (ready, sentence) = conclude(&states);
    terminal.tell(&sentence);
    Ok(ready)
}

/// Whether the day can begin.
fn conclude(states: &[State]) -> (bool, String) {
    let bad = states.iter().filter(|state| **state == State::Bad).count();
    let sentence = match bad {
        0 => "This machine is ready.".to_owned(),
        1 => "One thing is to be repaired; what to do stands beside it.".to_owned(),
        _ => format!("{bad} things are to be repaired; what to do stands beside each."),
    };
    (bad == 0, sentence)
}

fn tell(finding: &Finding, terminal: &Terminal) {
    let (style, word) = match finding.state {
        State::Good => (GOOD, "ok  "),
        State::Missing => (FAINT, "none"),
        State::Bad => (BAD, "FAIL"),
    };
    let line = terminal.wrapped(&format!("{word}  {}: {}", finding.what, finding.said), "      ");
    let line = line.replacen(word, &terminal.styled(style, word), 1);
    terminal.say(&line);
    if let Some(repair) = &finding.repair {
        terminal.say(&terminal.wrapped(&format!("      -> {repair}"), "      "));
    }
}

#[cfg(test)]
mod tests {
    use super::{State, conclude};

    #[test]
    fn only_what_the_day_needs_keeps_it_from_beginning() {
        for (states, ready, says) in [
            (&[State::Good, State::Missing][..], true, "This machine is ready."),
            (&[State::Bad, State::Missing], false, "One thing is"),
            (&[State::Bad, State::Good, State::Bad], false, "2 things are"),
        ] {
            let (is_ready, said) = conclude(states);
            assert!(is_ready == ready && said.starts_with(says), "{states:?}: {said}");
        }
    }
}
