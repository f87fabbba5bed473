use std::str::FromStr;

/// A responsibility of the service, which can be a deployment of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Moves distributions on, and writes their transactions into the outbox.
    Minting,
    /// Reads what happened to packs on the chain.
    PackEvents,
    /// Looks up what became of transactions that were sent.
    Sent,
    /// Sends what is in the outbox.
    Sendable,
}

impl Role {
    /// All roles, which is what a single process serves in.
    pub const ALL: [Self; 4] = [Self::Minting, Self::PackEvents, Self::Sent, Self::Sendable];

    /// The role as `--role` takes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Minting => "minting",
            Self::PackEvents => "pack-events",
            Self::Sent => "sent",
            Self::Sendable => "sendable",
        }
    }
}

/// What a command line says. The error is a sentence.
impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|role| role.name() == text).ok_or_else(|| {
            let known = Self::ALL.map(Self::name).join(", ");
            format!("there is no role '{text}'; the roles are {known}")
        })
    }
}
