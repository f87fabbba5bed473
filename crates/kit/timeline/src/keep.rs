/// How much a [`Log`](crate::Log) keeps. To keep nothing at all, have no log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// The counts, and the records of the first and last few lanes: bounded for any number.
    Summary,
    /// A record of every span of every lane.
    Everything,
}

impl Keep {
    /// Everything while that is pleasant to read, up to 1,000 lanes, and a summary above.
    #[must_use]
    pub const fn for_lanes(lanes: u32) -> Self {
        if lanes <= 1_000 { Self::Everything } else { Self::Summary }
    }
}
