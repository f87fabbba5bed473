use std::fmt::{self, Display, Write};

use anstyle::{AnsiColor, Effects, Style};
use console::Term;
use textwrap::{fill, wrap};

use crate::lesson::Lesson;

const HEADER: Style = Style::new().effects(Effects::BOLD.insert(Effects::UNDERLINE));
const LITERAL: Style = Style::new().effects(Effects::BOLD);
const ERROR: Style = AnsiColor::Red.on_default().effects(Effects::BOLD);
const VALID: Style = AnsiColor::Green.on_default();

/// A flag as it is written, and what `--help` says of it.
#[derive(Clone, Copy, Debug)]
pub struct Flag {
    /// Its name, without dashes.
    pub name: &'static str,
    /// What its value is called; empty if it has none.
    pub value: &'static str,
    /// What it does.
    pub help: &'static str,
}

impl Flag {
    /// The flags that all steps have, besides `--help`.
    pub(crate) const ALL: [Self; 4] = [
        Self {
            name: "paused",
            value: "",
            help: "Run on a paused clock and one thread: exact times, at once",
        },
        Self { name: "svg", value: "FILE", help: "Write the timeline as a picture, too" },
        Self {
            name: "plain",
            value: "",
            help: "No colour, no emoji, no progress bar; also with NO_COLOR, or if the output is no \
                   terminal",
        },
        Self {
            name: "action-seconds",
            value: "SECONDS",
            help: "How long each action takes; or three: pay, espresso and milk, such as 1,2,3 \
                   [default: 2]",
        },
    ];
}

/// `--svg <FILE>`
impl Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "--{}{}", self.name, value(self))
    }
}

fn value(flag: &Flag) -> String {
    if flag.value.is_empty() { String::new() } else { format!(" <{}>", flag.value) }
}

/// What a step's example says of its command line.
#[derive(Clone, Copy, Debug)]
pub struct Usage<'a> {
    /// The step.
    pub lesson: &'a Lesson,
    /// The flags that not every step has.
    pub more: &'a [Flag],
    /// What to try: the flags of a command line, and what is seen then.
    pub tries: &'a [(&'a str, &'a str)],
}

impl Usage<'_> {
    /// What `--help` prints, with escapes for colours.
    #[must_use]
    pub fn help(&self) -> String {
        const WIDEST: usize = 100;
        let Lesson { number, idea, .. } = self.lesson;
        let width = Term::stdout().size_checked().map_or(WIDEST, |(_, columns)| columns.into());
        let width = width.min(WIDEST);
        let mut text = fill(&format!("Step {number}: {idea}"), width);
        let _ = write!(text, "\n\n{}\n\n{HEADER}Options:{HEADER:#}\n", self.usage());
        let flags: Vec<_> = Flag::ALL.iter().chain(self.more).collect();
        let widest = flags.iter().map(|flag| flag.to_string().len()).max().unwrap_or_default();
        for flag in flags {
            let name = format!("      {LITERAL}--{}{LITERAL:#}{}", flag.name, value(flag));
            let padding = widest - flag.to_string().len();
            text += &option(&name, padding, widest + 8, flag.help, width);
        }
        let help = format!("  {LITERAL}-h{LITERAL:#}, {LITERAL}--help{LITERAL:#}");
        text += &option(&help, widest - "--help".len(), widest + 8, "Print help", width);
        let seen = fill(&format!("What there is to see: {}", self.lesson.seen()), width);
        text + &format!("\n{seen}\n\nTry:\n{}", self.tries())
    }

    fn tries(&self) -> String {
        let run = self.run();
        let line = |(flags, seen): &(&str, &str)| match *flags {
            "" => format!("  {run}{seen}\n"),
            flags => format!("  {run} -- {flags}{seen}\n"),
        };
        self.tries.iter().map(line).collect()
    }

    /// What is printed for a command line that is wrong, with escapes for colours.
    #[must_use]
    pub fn refusal(&self, problem: &str) -> String {
        let mut text = format!("{ERROR}error:{ERROR:#} {problem}\n\n");
        if let Some(flag) = self.similar(problem) {
            let flag = format!("'{VALID}--{flag}{VALID:#}'");
            let _ = write!(text, "  {VALID}tip:{VALID:#} a similar argument exists: {flag}\n\n");
        }
        if problem.starts_with("unexpected") {
            let _ = write!(text, "{}\n\n", self.usage());
        }
        text + &format!("For more information, try '{LITERAL}--help{LITERAL:#}'.\n")
    }

    /// How the example is run, without flags.
    #[must_use]
    pub fn run(&self) -> String {
        format!("cargo run --example step{}", self.lesson.number)
    }

    fn usage(&self) -> String {
        format!("{HEADER}Usage:{HEADER:#} {LITERAL}{} --{LITERAL:#} [OPTIONS]", self.run())
    }

    /// The flag that begins like the one which was not expected.
    fn similar(&self, problem: &str) -> Option<&'static str> {
        let typed = problem.strip_prefix("unexpected argument '--")?.strip_suffix("' found")?;
        let start = typed.get(..3)?;
        let names = Flag::ALL.iter().chain(self.more).map(|flag| flag.name);
        names.chain(["help"]).find(|name| name.starts_with(start))
    }
}

/// A flag, and beside it what it does.
fn option(name: &str, padding: usize, column: usize, help: &str, width: usize) -> String {
    let help = wrap(help, width.max(2 * column) - column).join(&format!("\n{:column$}", ""));
    format!("{name}{:1$}{help}\n", "", padding + 2)
}
