//! Whether a machine is ready for the day: what is needed, and what some steps would like to have.

mod finding;
mod needed;
mod network;
mod optional;
mod probe;

use std::env;

use anyhow::Result;

use self::finding::{Finding, State};
use crate::desk::Desk;
use crate::terminal::{BAD, FAINT, GOOD, STRONG, Terminal};

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
    show(network::proxy(&|name| env::var(name).ok()));
    show(needed::toolchain(desk));
    show(needed::exercises(desk));
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
        1 => "1 problem; its fix is shown above.".to_owned(),
        _ => format!("{bad} problems; their fixes are shown above."),
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
            (&[State::Bad, State::Missing], false, "1 problem;"),
            (&[State::Bad, State::Good, State::Bad], false, "2 problems;"),
        ] {
            let (is_ready, said) = conclude(states);
            assert!(is_ready == ready && said.starts_with(says), "{states:?}: {said}");
        }
    }
}
