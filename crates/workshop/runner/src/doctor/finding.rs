/// What one look at the machine found.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) what: &'static str,
    pub(crate) state: State,
    pub(crate) said: String,
    /// What to type or do.
    pub(crate) repair: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Good,
    /// The day can begin without it.
    Missing,
    Bad,
}

impl Finding {
    pub(crate) fn good(what: &'static str, said: impl Into<String>) -> Self {
        Self { what, state: State::Good, said: said.into(), repair: None }
    }

    pub(crate) fn missing(
        what: &'static str,
        said: impl Into<String>,
        repair: impl Into<String>,
    ) -> Self {
        Self { what, state: State::Missing, said: said.into(), repair: Some(repair.into()) }
    }

    pub(crate) fn bad(
        what: &'static str,
        said: impl Into<String>,
        repair: impl Into<String>,
    ) -> Self {
        Self { what, state: State::Bad, said: said.into(), repair: Some(repair.into()) }
    }
}
