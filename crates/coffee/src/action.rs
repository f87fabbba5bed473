use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use timeline::{Kind, Look};

/// One of the three things that make a customer's coffee, in the order in which the talk names
/// them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

impl Kind for Action {
    const ALL: &'static [Self] = &Self::ALL;
    const LANE: &'static str = "customer";
    const PRODUCT: &'static str = "coffee";
    const SPAN: &'static str = "action";
    const TASK: &'static str = "serve coffee to";

    fn name(self) -> &'static str {
        self.name()
    }

    fn look(self) -> Look {
        match self {
            Self::Pay => Look::GREEN,
            Self::Espresso => Look::BROWN,
            Self::Milk => Look::PALE,
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

/// What a command line says: one number of seconds for all three actions, or one each for pay,
/// espresso and milk, with commas between them. The error is a sentence.
impl FromStr for Durations {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const RANGE: std::ops::RangeInclusive<f64> = 0.001..=3600.0;
        let seconds = |text: &str| {
            let seconds = text.trim().parse().ok().filter(|seconds| RANGE.contains(seconds));
            seconds.map(Duration::from_secs_f64).ok_or_else(|| {
                let (least, most) = (RANGE.start(), RANGE.end());
                format!(
                    "not a number of seconds from {least} to {most}; try 0.5, or 1,2,3 for pay, \
                     espresso and milk"
                )
            })
        };
        match text.split(',').map(seconds).collect::<Result<Vec<_>, _>>()?[..] {
            [each] => Ok(Self::each(each)),
            [pay, espresso, milk] => Ok(Self { pay, espresso, milk }),
            ref several => Err(format!(
                "{} numbers are neither one for all three actions nor one for each; try 1,2,3",
                several.len()
            )),
        }
    }
}

/// The same as is parsed: `2` or `1,2,3`.
impl fmt::Display for Durations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [pay, espresso, milk] = Action::ALL.map(|action| self.of(action).as_secs_f64());
        match *self == Self::each(self.pay) {
            true => pay.fmt(f),
            false => write!(f, "{pay},{espresso},{milk}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_one_number_for_all_or_one_for_each_and_are_written_as_they_are_read() {
        for (text, expected) in [("2", [2.0; 3]), ("0.5", [0.5; 3]), ("1,2.5,3", [1.0, 2.5, 3.0])] {
            let durations: Durations = text.parse().expect(text);
            assert_eq!(Action::ALL.map(|action| durations.of(action).as_secs_f64()), expected);
            assert_eq!(durations.to_string(), text);
        }
        assert_eq!(" 1, 1 ,1".parse(), Ok(Durations::each(Duration::from_secs(1))));
    }

    #[test]
    fn durations_that_are_none_are_refused_with_a_sentence() {
        for text in ["", "soon", "0", "-1", "NaN", "1e9", "1,2,", "1,2,3,x"] {
            let error = text.parse::<Durations>().expect_err(text);
            assert!(error.contains("not a number of seconds from 0.001 to 3600; try"), "{error}");
        }
        for text in ["1,2", "1,2,3,4"] {
            let error = text.parse::<Durations>().expect_err(text);
            assert!(
                error.contains("neither one for all three actions nor one for each"),
                "{error}"
            );
        }
    }
}
