use std::time::Duration;

use serde::Serialize;

/// One of the three things that make a customer's coffee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// The customer pays.
    Pay,
    /// The barista makes the espresso.
    Espresso,
    /// The barista steams the milk.
    Milk,
}

impl Action {
    /// The three actions in the order in which the talk names them.
    pub const ALL: [Self; 3] = [Self::Pay, Self::Espresso, Self::Milk];

    /// The action in one lower-case word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pay => "pay",
            Self::Espresso => "espresso",
            Self::Milk => "milk",
        }
    }

    /// What the shop calls out when the action is done: the talk's log lines.
    #[must_use]
    pub const fn done(self) -> &'static str {
        match self {
            Self::Pay => "Coffee paid for",
            Self::Espresso => "Espresso made",
            Self::Milk => "Milk steamed",
        }
    }

    /// The same as [`done`](Self::done) in one sign, as decoration.
    #[must_use]
    pub const fn emoji(self) -> &'static str {
        match self {
            Self::Pay => "💰",
            Self::Espresso => "☕",
            Self::Milk => "🥛",
        }
    }
}

/// How long each action takes, in shop time. By default each takes the talk's 2 s.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Durations {
    /// How long paying takes.
    pub pay: Duration,
    /// How long the espresso takes.
    pub espresso: Duration,
    /// How long the milk takes.
    pub milk: Duration,
}

impl Durations {
    /// The same duration for all three actions.
    #[must_use]
    pub const fn each(duration: Duration) -> Self {
        Self { pay: duration, espresso: duration, milk: duration }
    }

    /// How long one action takes.
    #[must_use]
    pub const fn of(&self, action: Action) -> Duration {
        match action {
            Action::Pay => self.pay,
            Action::Espresso => self.espresso,
            Action::Milk => self.milk,
        }
    }

    /// The longest that one order can take: its three actions one after another.
    #[must_use]
    pub fn one_after_another(&self) -> Duration {
        self.pay + self.espresso + self.milk
    }
}

impl Default for Durations {
    fn default() -> Self {
        Self::each(Duration::from_secs(2))
    }
}
