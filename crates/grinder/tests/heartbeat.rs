//! Who stands still while somebody grinds, on the real clock. Only ratios: the cores are shared.

use std::num::NonZeroUsize;

use grinder::{Sack, Trial, Way, trial};

fn ground(way: Way) -> Trial {
    let sack = Sack::of(1_000_000).expect("a million fits");
    let trial = trial(way, sack, NonZeroUsize::new(2).expect("not zero")).expect("no stone");
    assert_eq!(trial.grounds.hardest, Some((837_799, 524)), "{way}");
    trial
}

#[test]
fn a_worker_that_grinds_stops_everybody_and_rayon_stops_nobody() {
    let blocked = [Way::InTheHandler, Way::Spawned].map(ground);
    for trial in blocked {
        assert!(trial.longest_gap >= trial.took * 9 / 10, "no beat meanwhile: {trial:?}");
    }
    // Half of what a blocked worker costs is a wide bound: with idle cores it is a hundredth.
    let bound = blocked.map(|trial| trial.longest_gap).into_iter().min().expect("two") / 2;
    for way in [Way::Rayon, Way::SpawnBlocking] {
        let free = ground(way);
        assert!(free.longest_gap < bound, "the heart beats on: {free:?}, not within {bound:?}");
    }
}
