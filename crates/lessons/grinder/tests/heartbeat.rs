//! What stands still while beans are ground, on the real clock. Only ratios within one run, because
//! the cores are shared and other programs slow the work and the heart alike.

use std::num::NonZeroUsize;

use grinder::{Sack, Trial, Way, trial};

fn ground(way: Way) -> Trial {
    let sack = Sack::of(1_000_000).expect("a million fits");
    let trial = trial(way, sack, NonZeroUsize::new(2).expect("not zero")).expect("no stone");
    assert_eq!(trial.grounds.hardest, Some((837_799, 524)), "{way}");
    trial
}

/// Half of the work without a beat: a blocked worker is far above it, and a free one, on cores of
/// its own, a hundredth of that.
fn is_above_the_bound(trial: &Trial) -> bool {
    trial.longest_gap > trial.took / 2
}

#[test]
fn a_worker_that_grinds_stops_every_task() {
    for way in [Way::InTheHandler, Way::Spawned, Way::ScopedThreads] {
        let trial = ground(way);
        assert!(is_above_the_bound(&trial), "no beat meanwhile: {trial:?}");
    }
}

#[test]
fn rayon_and_a_blocking_thread_stop_no_task() {
    for way in [Way::Rayon, Way::SpawnBlocking] {
        // A machine that is busy otherwise may stop the heart once, but not each time.
        let mut runs = (0..5).map(|_| ground(way));
        assert!(runs.any(|trial| !is_above_the_bound(&trial)), "{way}: the heart beats on");
    }
}
