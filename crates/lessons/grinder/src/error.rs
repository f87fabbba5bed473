use std::any::Any;

use thiserror::Error;
use tokio::task::JoinError;

use crate::Sack;

/// What can go wrong when beans are ground.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// More work than one piece may be.
    #[error("{beans} beans are more than one sack holds: grind at most {} at once", Sack::MOST)]
    TooManyBeans {
        /// How many there were.
        beans: u32,
    },
    /// A bean that can never be ground.
    #[error("bean 0 is a stone and no grinder breaks it: begin at bean 1")]
    Stone,
    /// The work panicked. The caller gets an error, and the thread that did the work
    /// goes on.
    #[error("the grinder broke down, which is a bug in the work and not in the beans: {message}")]
    Broken {
        /// What the panic said.
        message: String,
    },
    /// The caller dropped the future, or the executor stopped.
    #[error("the grinding was stopped before it was done: ask again if you still want it")]
    Stopped,
    /// No threads.
    #[error("the operating system refuses the threads for grinding: ask for fewer")]
    Threads {
        /// What rayon or the operating system says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Error {
    /// From what `catch_unwind` and `join` give back: a panic carries a `&str` or a `String`
    /// unless the code threw something else on purpose.
    pub(crate) fn broken(panic: &(dyn Any + Send)) -> Self {
        let text = panic.downcast_ref::<&str>().copied();
        let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        Self::Broken { message: text.unwrap_or("it did not say why").to_owned() }
    }
}

impl From<JoinError> for Error {
    fn from(error: JoinError) -> Self {
        match error.try_into_panic() {
            Ok(panic) => Self::broken(panic.as_ref()),
            Err(_) => Self::Stopped,
        }
    }
}
