use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::PathBuf;

use coffee::Durations;
use lexopt::{Arg, Error, Parser};

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

/// What a command line of step 1 asks for.
#[derive(Debug)]
pub(crate) enum Asked {
    Serve(Flags),
    Help,
}

/// Reads a command line, without the program's name. The error is what is wrong with it.
pub(crate) fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Asked, String> {
    let mut parser = Parser::from_args(args);
    let mut flags = Flags::default();
    let mut given = BTreeSet::new();
    while let Some(arg) = parser.next().map_err(|error| sentence(&error))? {
        let Arg::Long(name) = arg else {
            return match arg {
                Arg::Short('h') => Ok(Asked::Help),
                other => Err(sentence(&other.unexpected())),
            };
        };
        let name = name.to_owned();
        match name.as_str() {
            "help" => return Ok(Asked::Help),
            "paused" => flags.paused = true,
            "plain" => flags.plain = true,
            "svg" => flags.svg = Some(value(&mut parser, "--svg <FILE>")?.into()),
            "action-seconds" => {
                flags.action_seconds = durations(&mut parser, "--action-seconds <SECONDS>")?;
            }
            _ => return Err(format!("unexpected argument '--{name}' found")),
        }
        if let Some(name) = given.replace(name) {
            return Err(format!("the argument '--{name}' cannot be used multiple times"));
        }
    }
    Ok(Asked::Serve(flags))
}

fn durations(parser: &mut Parser, flag: &str) -> Result<Durations, String> {
    let text = value(parser, flag)?;
    let text = text.to_string_lossy();
    text.parse().map_err(|why| format!("invalid value '{text}' for '{flag}': {why}"))
}

/// The value after a flag. One that looks like another flag is none, but a negative number is.
fn value(parser: &mut Parser, flag: &str) -> Result<OsString, String> {
    let negative = |text: &str| text.starts_with('-') && text.parse::<f64>().is_ok();
    let is_value = |text: &str| !text.starts_with('-') || negative(text);
    let value = parser
        .optional_value()
        .or_else(|| parser.raw_args().ok()?.next_if(|next| next.to_str().is_none_or(is_value)));
    let value = value.filter(|value| !value.is_empty());
    value.ok_or_else(|| format!("a value is required for '{flag}' but none was supplied"))
}

fn sentence(error: &Error) -> String {
    match error {
        Error::UnexpectedOption(argument) => format!("unexpected argument '{argument}' found"),
        Error::UnexpectedArgument(argument) => {
            format!("unexpected argument '{}' found", argument.to_string_lossy())
        }
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

    fn refused(args: &[&str]) -> String {
        parse(args.iter().map(OsString::from)).expect_err("it is wrong")
    }

    #[test]
    fn all_flags_are_read() {
        let args = ["--paused", "--svg=a.svg", "--plain", "--action-seconds", "1,2,3"];
        let asked = parse(args.map(OsString::from));
        let Ok(Asked::Serve(flags)) = asked else { panic!("{asked:?}") };
        assert!(flags.paused && flags.plain);
        assert_eq!(flags.svg, Some("a.svg".into()));
        assert_eq!(flags.action_seconds.to_string(), "1,2,3");
    }

    #[test]
    fn help_comes_before_what_follows_it() {
        for flag in ["-h", "--help"] {
            let asked = parse(["--plain", flag, "--no-such"].map(OsString::from));
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
            assert_eq!(refused(args), sentence, "{args:?}");
        }
        let negative = refused(&["--action-seconds", "-1"]);
        assert!(
            negative.starts_with("invalid value '-1' for '--action-seconds <SECONDS>': not a"),
            "{negative}"
        );
    }
}
