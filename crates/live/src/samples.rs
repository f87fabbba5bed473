use crate::frame::Sample;

/// Of how many moments a picture is made: about as many as the eye tells apart on a projector.
const MOST: usize = 160;

/// Moments of a run, evenly spaced, and bounded in number however long the run takes.
#[derive(Debug, Default)]
pub(crate) struct Samples {
    kept: Vec<Sample>,
    /// One in `2^halvings` is kept.
    halvings: u32,
    seen: usize,
}

impl Samples {
    /// Keeps the sample, unless its turn is left out. When there are too many, every other one
    /// goes, and from then on every other one is left out.
    pub(crate) fn push(&mut self, sample: Sample) {
        if self.seen % (1 << self.halvings) == 0 {
            self.kept.push(sample);
        }
        self.seen += 1;
        if self.kept.len() == MOST {
            let mut keep = false;
            self.kept.retain(|_| {
                keep = !keep;
                keep
            });
            self.halvings += 1;
        }
    }

    /// Keeps the sample whatever its turn: a picture must show the end.
    pub(crate) fn push_last(&mut self, sample: Sample) {
        self.kept.push(sample);
    }

    pub(crate) fn to_vec(&self) -> Vec<Sample> {
        self.kept.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_many_there_are_they_stay_few_and_evenly_spaced() {
        let mut samples = Samples::default();
        for n in 0..100_000 {
            samples.push(Sample(f64::from(n), 0, 0, 0, n));
        }
        let at: Vec<_> = samples.to_vec().iter().map(|sample| sample.0).collect();
        assert!((MOST / 2 - 1..MOST).contains(&at.len()), "{}", at.len());
        assert_eq!(at[0], 0.0);
        assert!(at.windows(2).all(|pair| pair[1] - pair[0] == at[1] - at[0]), "{at:?}");
    }
}
