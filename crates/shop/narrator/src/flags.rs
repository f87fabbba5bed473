use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fmt::Display;
use std::path::PathBuf;

use coffee::Durations;
use lexopt::{Arg, Error, Parser};

use crate::usage::Flag;

/// The flags of every step's example.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// Whether to run on a paused clock and one thread.
    pub paused: bool,
    /// Where to write the timeline as a picture.
    pub svg: Option<PathBuf>,
    /// Whether to do without colour, emoji and progress bars.
    pub plain: bool,
    /// How long the actions take, in shop time.
    pub action_seconds: Durations,
}

/// What a command line asks for.
#[derive(Debug)]
pub(crate) enum Asked {
    /// To run with these flags.
    Run(Flags),
    /// To explain the flags.
    Help,
}

/// The value that follows the flag which is being read.
#[derive(Debug)]
pub struct Value<'a> {
    parser: &'a mut Parser,
    flag: Flag,
}

impl Value<'_> {
    /// The value as it was typed. One that looks like another flag is none, but a negative number
    /// is.
    ///
    /// # Errors
    ///
    /// If there is none, a sentence.
    pub fn text(&mut self) -> Result<OsString, String> {
        let negative = |text: &str| text.starts_with('-') && text.parse::<f64>().is_ok();
        let is_value = |text: &str| !text.starts_with('-') || negative(text);
        let value = self.parser.optional_value().or_else(|| {
            self.parser.raw_args().ok()?.next_if(|next| next.to_str().is_none_or(is_value))
        });
        let value = value.filter(|value| !value.is_empty());
        value
            .ok_or_else(|| format!("a value is required for '{}' but none was supplied", self.flag))
    }

    /// The value as `parse` reads it.
    ///
    /// # Errors
    ///
    /// If there is none, or it is not valid, a sentence.
    pub fn parsed<T, E: Display>(
        &mut self,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<T, String> {
        let text = self.text()?;
        let text = text.to_string_lossy();
        let flag = &self.flag;
        parse(&text).map_err(|why| format!("invalid value '{text}' for '{flag}': {why}"))
    }
}

/// Reads a command line, without the program's name. The flags of all steps are read here, those of
/// `more` by `read`, which gets their name and value.
///
/// # Errors
///
/// What is wrong with it, a sentence.
pub(crate) fn parse(
    args: impl IntoIterator<Item = OsString>,
    more: &[Flag],
    mut read: impl FnMut(&'static str, Value<'_>) -> Result<(), String>,
) -> Result<Asked, String> {
    let mut parser = Parser::from_args(args);
    let mut flags = Flags::default();
    let mut given = BTreeSet::new();
    while let Some(arg) = parser.next().map_err(|error| sentence(&error))? {
        let flag = match arg {
            Arg::Short('h') | Arg::Long("help") => return Ok(Asked::Help),
            Arg::Long(name) => {
                let flag = Flag::ALL.iter().chain(more).find(|flag| flag.name == name);
                *flag.ok_or_else(|| format!("unexpected argument '--{name}' found"))?
            }
            other => return Err(sentence(&other.unexpected())),
        };
        let mut value = Value { parser: &mut parser, flag };
        match flag.name {
            "paused" => flags.paused = true,
            "plain" => flags.plain = true,
            "svg" => flags.svg = Some(value.text()?.into()),
            "action-seconds" => flags.action_seconds = value.parsed(str::parse)?,
            other => read(other, value)?,
        }
        if !given.insert(flag.name) {
            return Err(format!("the argument '{flag}' cannot be used multiple times"));
        }
    }
    Ok(Asked::Run(flags))
}

fn sentence(error: &Error) -> String {
    match error {
        Error::UnexpectedArgument(argument) => {
            format!("unexpected argument '{}' found", argument.to_string_lossy())
        }
        Error::UnexpectedOption(option) => format!("unexpected argument '{option}' found"),
        Error::UnexpectedValue { option, value } => format!(
            "unexpected value '{}' for '{option}' found; no more were expected",
            value.to_string_lossy()
        ),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(args: &[&str]) -> Result<Asked, String> {
        parse(args.iter().map(OsString::from), &[], |name, _| panic!("{name} is no flag"))
    }

    #[test]
    fn all_flags_are_read() {
        let asked = one(&["--paused", "--svg=a.svg", "--plain", "--action-seconds", "1,2,3"]);
        let Ok(Asked::Run(flags)) = asked else { panic!("{asked:?}") };
        assert!(flags.paused && flags.plain);
        assert_eq!(flags.svg, Some("a.svg".into()));
        assert_eq!(flags.action_seconds.to_string(), "1,2,3");
    }

    #[test]
    fn help_comes_before_what_follows_it() {
        for flag in ["-h", "--help"] {
            let asked = one(&["--plain", flag, "--no-such"]);
            assert!(matches!(asked, Ok(Asked::Help)), "{asked:?}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (args, sentence) in [
            (&["--port", "80"][..], "unexpected argument '--port' found"),
            (&["coffee"], "unexpected argument 'coffee' found"),
            (&["-x"], "unexpected argument '-x' found"),
            (&["--paused=1"], "unexpected value '1' for '--paused' found; no more were expected"),
            (&["--plain", "--plain"], "the argument '--plain' cannot be used multiple times"),
            (&["--svg"], "a value is required for '--svg <FILE>' but none was supplied"),
            (&["--svg="], "a value is required for '--svg <FILE>' but none was supplied"),
            (&["--svg", "--plain"], "a value is required for '--svg <FILE>' but none was supplied"),
        ] {
            assert_eq!(one(args).expect_err("it is wrong"), sentence, "{args:?}");
        }
        let negative = one(&["--action-seconds", "-1"]).expect_err("it is negative");
        let sentence = "invalid value '-1' for '--action-seconds <SECONDS>': not a number";
        assert!(negative.starts_with(sentence), "{negative}");
    }

    #[test]
    fn a_step_has_more_flags_of_its_own() {
        const PORT: Flag = Flag { name: "port", value: "PORT", help: "" };
        let mut port = 0_u16;
        let args = ["--port", "81", "--plain"].map(OsString::from);
        let asked = parse(args, &[PORT], |_, mut value| {
            port = value.parsed(str::parse)?;
            Ok(())
        });
        assert!(matches!(asked, Ok(Asked::Run(Flags { plain: true, .. }))), "{asked:?}");
        assert_eq!(port, 81);
    }
}
