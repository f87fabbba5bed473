use std::collections::VecDeque;
use std::time::Duration;

use crate::chain::NodeError;

/// How long a caller waits in vain, in chain time.
const IN_VAIN: Duration = Duration::from_secs(10);

/// What happens to one submission.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// Nothing goes wrong.
    #[default]
    None,
    /// The connection is refused.
    Down,
    /// The transaction is taken, and the caller gets no answer.
    TakenWithoutAnswer,
    /// The transaction is lost, and the caller gets no answer.
    LostWithoutAnswer,
    /// The node says that it has taken the transaction, and loses it: it expires.
    LostInSilence,
}

impl Fault {
    /// Whether the transaction reaches the chain.
    pub(crate) const fn takes(self) -> bool {
        matches!(self, Self::None | Self::TakenWithoutAnswer)
    }

    /// What the caller hears, and after how long.
    pub(crate) const fn answer(self) -> (Duration, Result<(), NodeError>) {
        match self {
            Self::None | Self::LostInSilence => (Duration::ZERO, Ok(())),
            Self::Down => (Duration::ZERO, Err(NodeError::Unavailable)),
            Self::TakenWithoutAnswer | Self::LostWithoutAnswer => {
                (IN_VAIN, Err(NodeError::TimedOut))
            }
        }
    }
}

/// What goes wrong next.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    pub(crate) down: bool,
    pub(crate) backwards: bool,
    pub(crate) submissions: VecDeque<Fault>,
}

impl Faults {
    pub(crate) fn next(&mut self) -> Fault {
        if self.down {
            return Fault::Down;
        }
        self.submissions.pop_front().unwrap_or_default()
    }
}
