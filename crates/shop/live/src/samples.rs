use std::time::Duration;

use crate::frame::Sample;

/// Of how many moments a picture is made: about as many as the eye tells apart on a projector.
const MOST: usize = 160;
/// How far apart they are at least, as long as they are few.
const APART: Duration = Duration::from_millis(5);

/// Moments of a run, in order of time, and bounded in number however long the run takes.
#[derive(Debug)]
pub(crate) struct Samples {
    kept: Vec<Sample>,
    apart: Duration,
    /// From when on the next one is welcome.
    next: Duration,
}

impl Samples {
    /// Keeps what is so `at` this moment, and has been so since `calm`. Says when the next moment
    /// is welcome, which is `None` if this one came too soon. When there are too many, they are
    /// thinned out to twice the distance.
    pub(crate) fn push(
        &mut self,
        calm: Duration,
        at: Duration,
        sample: impl Fn(Duration) -> Sample,
    ) -> Option<Duration> {
        if at < self.next {
            return None;
        }
        let last = self.kept.last().map_or(0.0, |sample| sample.0);
        if last < calm.as_secs_f64() && calm < at {
            self.kept.push(sample(calm));
        }
        self.kept.push(sample(at));
        while self.kept.len() >= MOST {
            self.apart *= 2;
            self.thin_out();
        }
        self.next = at + self.apart;
        Some(self.next)
    }

    /// Keeps the sample however soon it comes: a picture must show the end.
    pub(crate) fn push_last(&mut self, sample: Sample) {
        self.kept.push(sample);
    }

    pub(crate) fn to_vec(&self) -> Vec<Sample> {
        self.kept.clone()
    }

    fn thin_out(&mut self) {
        let (apart, mut next) = (self.apart.as_secs_f64(), 0.0);
        self.kept.retain(|sample| {
            let keep = sample.0 >= next;
            if keep {
                next = sample.0 + apart;
            }
            keep
        });
    }
}

impl Default for Samples {
    fn default() -> Self {
        Self { kept: Vec::new(), apart: APART, next: Duration::ZERO }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(moments: impl Iterator<Item = u64>) -> Vec<f64> {
        let mut samples = Samples::default();
        for at in moments.map(Duration::from_millis) {
            samples.push(at, at, |at| Sample(at.as_secs_f64(), 0, 0, 0, 0));
        }
        samples.to_vec().iter().map(|sample| sample.0).collect()
    }

    #[test]
    fn however_many_there_are_they_stay_few_and_cover_the_whole_run() {
        let kept = times(0..1_000_000);
        assert!((MOST / 3..MOST).contains(&kept.len()), "{}", kept.len());
        let gaps = kept.windows(2).map(|pair| pair[1] - pair[0]);
        let longest = gaps.clone().fold(0.0, f64::max);
        assert!(longest < 2.1 * gaps.fold(f64::MAX, f64::min), "{kept:?}");
    }

    #[test]
    fn a_burst_ends_when_it_ends_and_not_when_it_is_looked_at() {
        let ms = Duration::from_millis;
        let mut samples = Samples::default();
        let sample = |at: Duration| Sample(at.as_secs_f64(), 0, 0, 0, 0);
        samples.push(ms(200), ms(200), sample);
        samples.push(ms(203), ms(250), sample);
        samples.push(ms(203), ms(300), sample);
        let times: Vec<_> = samples.to_vec().iter().map(|sample| sample.0).collect();
        assert_eq!(times, [0.2, 0.203, 0.25, 0.3]);
    }

    #[test]
    fn a_burst_after_a_long_calm_is_kept_in_detail() {
        let kept = times([0, 2_000, 2_001, 2_004, 2_005, 2_006, 2_010].into_iter());
        assert_eq!(kept, [0.0, 2.0, 2.005, 2.01]);
    }
}
