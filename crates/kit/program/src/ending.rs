use std::error::Error;
use std::io::{Write, stderr};
use std::process::ExitCode;

/// How a program ends when nothing fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It did what it was asked to do: exit code 0.
    Done,
    /// It did its work, and the result is not good: exit code 1, without another message.
    Unsuccessful,
    /// Ctrl-C or SIGTERM ended it before: exit code 130, which shells expect of Ctrl-C.
    Interrupted,
}

/// Why a program fails, and what to do about it.
#[derive(Debug)]
pub struct Failure {
    message: String,
    hint: Option<String>,
    code: u8,
}

impl End {
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Unsuccessful => 1,
            Self::Interrupted => 130,
        }
    }
}

impl Failure {
    /// The exit code of a command line that is wrong.
    pub const USAGE: u8 = 2;
    /// The exit code of a program that panics.
    pub const PANICKED: u8 = 101;

    /// A failure with exit code 1. The message is a sentence without a full stop: what was wrong,
    /// with the value.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, code: 1 }
    }

    /// Adds what to do, on a line of its own that begins with `hint:`.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// Ends the program with this exit code instead of 1.
    #[must_use]
    pub fn code(self, code: u8) -> Self {
        Self { code, ..self }
    }

    fn tell(&self) {
        let hint = self.hint.iter().fold(String::new(), |_, hint| format!("hint: {hint}\n"));
        // If not even that can be written, the exit code has to do.
        let _ = write!(stderr(), "error: {}\n{hint}", self.message);
    }
}

/// Any error is a failure with exit code 1 and the error's own words.
impl<E: Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::new(error.to_string())
    }
}

/// Turns how the program ended into its exit code, after a failure was told on standard error.
#[must_use = "`main` returns it"]
pub fn exit(ended: Result<End, impl Into<Failure>>) -> ExitCode {
    let failure = match ended {
        Ok(end) => return ExitCode::from(end.code()),
        Err(failure) => failure.into(),
    };
    failure.tell();
    ExitCode::from(failure.code)
}
