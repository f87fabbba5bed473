use std::num::NonZeroU32;

/// A lane of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The lane's number, from 1.
    pub lane: u32,
    /// Whether a summary keeps its records.
    pub is_among_the_few: bool,
}

/// Where in the log a span that has started is to write its end, counted from 1: so an `Option`
/// of it takes four bytes in every span that waits, whether or not there is a log.
#[derive(Clone, Copy, Debug)]
pub struct Slot(NonZeroU32);

impl Slot {
    /// The slot of the newest of so many entries; `None` where they are too many to be counted.
    pub(crate) fn last_of(entries: usize) -> Option<Self> {
        u32::try_from(entries).ok().and_then(NonZeroU32::new).map(Self)
    }

    pub(crate) const fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}
