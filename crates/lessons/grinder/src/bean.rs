use crate::{Error, Sack};

/// What is left of some beans. Equal, however the beans were divided and in whatever order they
/// were ground.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Grounds {
    /// How many beans were ground.
    pub beans: u32,
    /// How many steps that took, all beans together.
    pub steps: u64,
    /// The bean that took the most steps, and how many; of equally hard ones the smallest.
    pub hardest: Option<(u32, u32)>,
}

impl Grounds {
    /// The grounds of both. Neither the order nor the grouping matters, and the default changes
    /// nothing: that is what lets rayon divide the beans as it likes.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let key = |hardest: &(u32, u32)| (hardest.1, std::cmp::Reverse(hardest.0));
        Self {
            beans: self.beans + other.beans,
            steps: self.steps + other.steps,
            hardest: self.hardest.into_iter().chain(other.hardest).max_by_key(key),
        }
    }
}

/// Grinds the beans one after another, on the core that calls. This is the work, and it blocks.
///
/// # Errors
///
/// [`Error::Stone`] if bean 0 is among them.
pub fn grind(sack: &Sack) -> Result<Grounds, Error> {
    sack.beans().try_fold(Grounds::default(), |grounds, bean| Ok(grounds.and(grind_bean(bean)?)))
}

pub(crate) fn grind_bean(bean: u32) -> Result<Grounds, Error> {
    if bean == 0 {
        return Err(Error::Stone);
    }
    let steps = steps(bean);
    Ok(Grounds { beans: 1, steps: steps.into(), hardest: Some((bean, steps)) })
}

/// No u32 leads beyond a u64: the first that does is 12,327,829,503.
fn steps(bean: u32) -> u32 {
    let (mut left, mut steps) = (u64::from(bean), 0);
    while left != 1 {
        left = if left % 2 == 0 { left / 2 } else { 3 * left + 1 };
        steps += 1;
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_well_known_beans_take_the_well_known_steps() {
        assert_eq!(
            [1, 2, 3, 7, 9, 27, 97, 871, 837_799].map(steps),
            [0, 1, 7, 16, 19, 111, 118, 178, 524]
        );
    }

    #[test]
    fn the_beans_that_grow_the_most_still_fit() {
        // They climb higher than every smaller number; the second to 7.1 * 10^18.
        assert_eq!([319_804_831, 1_410_123_943].map(steps), [592, 770]);
        assert!(steps(u32::MAX) > 0);
    }

    #[test]
    fn the_hardest_of_a_million_is_the_well_known_one() {
        let grounds = grind(&Sack::of(1_000_000).expect("a million fits")).expect("no stone");
        assert_eq!(grounds.beans, 1_000_000);
        assert_eq!(grounds.hardest, Some((837_799, 524)));
    }

    #[test]
    fn the_smaller_of_two_equally_hard_beans_wins_from_either_side() {
        let [twelve, thirteen] = [12, 13].map(|bean| grind_bean(bean).expect("no stone"));
        assert_eq!(twelve.and(thirteen).hardest, Some((12, 9)));
        assert_eq!(thirteen.and(twelve).hardest, Some((12, 9)));
    }
}
