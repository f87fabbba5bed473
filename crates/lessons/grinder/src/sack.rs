use std::num::NonZeroUsize;
use std::ops::Range;

use crate::Error;

/// The beans of one piece of work, at most [`MOST`](Self::MOST) of them.
///
/// The size is checked when the sack is made, and never again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sack {
    beans: Range<u32>,
}

impl Sack {
    /// The most beans that one sack holds: one to three seconds for one core.
    pub const MOST: u32 = 10_000_000;

    /// The beans 1, 2, 3 and so on, so many of them.
    ///
    /// # Errors
    ///
    /// [`Error::TooManyBeans`] beyond [`MOST`](Self::MOST).
    pub fn of(beans: u32) -> Result<Self, Error> {
        match beans {
            0..=Self::MOST => Ok(Self { beans: 1..beans + 1 }),
            _ => Err(Error::TooManyBeans { beans }),
        }
    }

    /// These beans and no others. A range that begins at 0 begins with a stone.
    ///
    /// # Errors
    ///
    /// [`Error::TooManyBeans`] beyond [`MOST`](Self::MOST).
    pub fn from_range(beans: Range<u32>) -> Result<Self, Error> {
        match beans.end.saturating_sub(beans.start) {
            0..=Self::MOST => Ok(Self { beans }),
            beans => Err(Error::TooManyBeans { beans }),
        }
    }

    /// The beans, one by one.
    #[must_use]
    pub fn beans(&self) -> Range<u32> {
        self.beans.clone()
    }

    /// Divides the beans into so many sacks, as equal as can be. Some are empty if there are more
    /// sacks than beans.
    pub fn split(&self, sacks: NonZeroUsize) -> impl Iterator<Item = Self> + use<> {
        let Range { start, end } = self.beans();
        let (beans, sacks) = (u64::from(end.saturating_sub(start)), sacks.get() as u64);
        let cut = move |sack: u64| {
            let before = u32::try_from(beans * sack / sacks);
            start + before.expect("no more beans than there are")
        };
        (0..sacks).map(move |sack| Self { beans: cut(sack)..cut(sack + 1) })
    }
}
