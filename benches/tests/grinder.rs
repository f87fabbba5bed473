//! The five ways of `crates/lessons/grinder` give the same grounds, whatever the beans. Here and not
//! there, because that package is downloaded before the first coffee, and proptest need not be.

use std::num::NonZeroUsize;

use grinder::{Error, Grounds, Pool, Sack, Way, grind};
use proptest::prelude::*;
use tokio::runtime::Builder;

fn in_every_way(sack: &Sack, threads: usize) -> Vec<Result<Grounds, Error>> {
    let executor = Builder::new_multi_thread().worker_threads(1).build().expect("a runtime");
    let pool = Pool::new(NonZeroUsize::new(threads).expect("not zero")).expect("threads");
    let grind = |way: Way| executor.block_on(way.grind(&pool, sack.clone()));
    Way::ALL.into_iter().map(grind).collect()
}

/// Small sizes, 0 and 1 among them, and all others up to a few thousand.
fn sizes() -> impl Strategy<Value = u32> {
    prop_oneof![1 => Just(0), 1 => Just(1), 4 => 2_u32..20, 4 => 20_u32..5_000]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() })]

    #[test]
    fn all_ways_give_the_same_grounds(first in 1_u32..u32::MAX - 5_000, size in sizes(), threads in 1_usize..6) {
        let sack = Sack::from_range(first..first + size).expect("it fits");
        let grounds = grind(&sack).expect("no stone");
        prop_assert_eq!(grounds.beans, size);
        for ground in in_every_way(&sack, threads) {
            prop_assert_eq!(ground.expect("no stone"), grounds);
        }
    }

    #[test]
    fn a_stone_is_found_in_every_way(size in 1_u32..5_000, threads in 1_usize..6) {
        let sack = Sack::from_range(0..size).expect("it fits");
        for ground in in_every_way(&sack, threads) {
            prop_assert!(matches!(ground, Err(Error::Stone)));
        }
    }

    #[test]
    fn no_bean_is_lost_when_a_sack_is_split(first in any::<u32>(), size in sizes(), sacks in 1_usize..40) {
        let sack = Sack::from_range(first..first.saturating_add(size)).expect("it fits");
        let parts: Vec<_> = sack.split(NonZeroUsize::new(sacks).expect("not zero")).collect();
        prop_assert_eq!(parts.len(), sacks);
        let beans = parts.iter().flat_map(Sack::beans);
        prop_assert!(beans.eq(sack.beans()));
    }

    #[test]
    fn grounds_do_not_care_how_the_beans_were_divided(cuts in prop::array::uniform3(1_u32..2_000)) {
        let mut cuts = cuts;
        cuts.sort_unstable();
        let part = |from, to| grind(&Sack::from_range(from..to).expect("it fits")).expect("no stone");
        let [one, two, three] = [part(1, cuts[0]), part(cuts[0], cuts[1]), part(cuts[1], cuts[2])];
        prop_assert_eq!(one.and(two).and(three), one.and(two.and(three)));
        prop_assert_eq!(one.and(two), two.and(one));
        prop_assert_eq!(one.and(two).and(three), part(1, cuts[2]));
        prop_assert_eq!(one.and(Grounds::default()), one);
    }
}
