//! The deal: each collectible in exactly one pack, and commitments that hold what they promise.

use std::collections::HashSet;

use pack_delivery::deal::{Bucket, Commitment, Pack, Template, TemplateError, deal};
use proptest::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;

fn template() -> impl Strategy<Value = Template> {
    (1..50_u32, prop::collection::vec((1..5_u32, 0..20_usize), 1..4)).prop_map(
        |(packs, buckets)| {
            let mut next = 0;
            let mut bucket = |(per_pack, spare): (u32, usize)| {
                let from = next;
                next += u64::from(packs * per_pack) + spare as u64;
                Bucket { per_pack, collectibles: (from..next).collect() }
            };
            Template { packs, buckets: buckets.into_iter().map(&mut bucket).collect() }
        },
    )
}

proptest! {
    #[test]
    fn each_collectible_is_in_at_most_one_pack_and_each_pack_has_what_it_should(
        template in template(), seed: u64,
    ) {
        let packs = deal(&template, &mut StdRng::seed_from_u64(seed)).expect("it can be dealt");
        prop_assert_eq!(packs.len(), template.packs as usize);
        let mut seen = HashSet::new();
        for pack in &packs {
            prop_assert!(pack.collectibles.iter().all(|one| seen.insert(*one)));
            for bucket in &template.buckets {
                let of_bucket = pack.collectibles.iter().filter(|one| bucket.collectibles.contains(one));
                prop_assert_eq!(of_bucket.count(), bucket.per_pack as usize);
            }
        }
        prop_assert_eq!(&packs, &deal(&template, &mut StdRng::seed_from_u64(seed)).expect("again"));
        let commitments: HashSet<_> = packs.iter().map(Pack::commitment).collect();
        prop_assert_eq!(commitments.len(), packs.len());
    }

    #[test]
    fn a_commitment_fits_no_other_content(collectibles: Vec<u64>, salt: [u8; 32], other: u64) {
        let pack = Pack { collectibles, salt };
        let mut more = pack.clone();
        more.collectibles.push(other);
        prop_assert_ne!(pack.commitment(), more.commitment());
        prop_assert_eq!(Ok(pack.commitment()), pack.commitment().to_string().parse::<Commitment>());
    }
}

#[test]
fn another_seed_deals_other_packs() {
    let bucket = Bucket { per_pack: 2, collectibles: (0..100).collect() };
    let template = Template { packs: 50, buckets: vec![bucket] };
    let [one, two] = [1, 2].map(|seed| deal(&template, &mut StdRng::seed_from_u64(seed)));
    assert_ne!(one, two);
}

#[test]
fn each_rule_of_the_template_is_named_with_its_field() {
    let bucket =
        |per_pack, collectibles: &[u64]| Bucket { per_pack, collectibles: collectibles.to_vec() };
    let refused = |packs, buckets: &[Bucket]| {
        Template { packs, buckets: buckets.to_vec() }.check().map_err(|error| error.to_string())
    };
    assert_eq!(refused(1, &[bucket(1, &[7])]), Ok(()));
    for (packs, buckets, start) in [
        (0, vec![bucket(1, &[7])], "packs is 0, and must be from 1 to 100000"),
        (100_001, vec![bucket(1, &[7])], "packs is 100001, and must be"),
        (1, vec![], "buckets is empty"),
        (1, vec![bucket(1, &[7]), bucket(0, &[8])], "buckets[1].per_pack is 0"),
        (2, vec![bucket(2, &[7, 8, 9])], "buckets[0].collectibles has 3, and the packs need 4"),
        (
            1,
            vec![bucket(1, &[7]), bucket(1, &[8, 7])],
            "buckets[1].collectibles has 7, which stands",
        ),
    ] {
        let error = refused(packs, &buckets).expect_err(start);
        assert!(error.starts_with(start), "{error}");
    }
    assert_eq!(Template { packs: 0, buckets: vec![] }.check(), Err(TemplateError::Packs(0)));
}
