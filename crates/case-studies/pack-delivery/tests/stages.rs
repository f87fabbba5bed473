//! The stages on a paused clock: exact seconds, and the bug of each, which the next has not.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use pack_delivery::chain::{Chain, Fault, Included, Kind, Reason, Rules};
use pack_delivery::deal::{Bucket, Commitment, Template, deal};
use pack_delivery::store::Store;
use pack_delivery::store::memory::Memory;
use pack_delivery::{Plan, Role, Settings, Stage, World, minted, s5_keys};
use proptest::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;
use tokio::runtime::Builder;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

const SECOND: Duration = Duration::from_secs(1);

/// A chain, a store and a service between them.
struct Service {
    chain: Arc<Chain>,
    store: Arc<Memory>,
    world: World,
    quit: CancellationToken,
    replicas: JoinSet<()>,
}

impl Service {
    async fn new(keys: u32) -> Self {
        let chain = Arc::new(Chain::new(Rules { keys, ..Rules::default() }));
        let store = Arc::new(Memory::default());
        store.add_keys(&vec![0; keys as usize]).await.expect("in memory");
        let settings = Settings { keys, ..Settings::default() };
        let world = World { node: chain.clone(), store: store.clone(), settings };
        let (quit, replicas) = (CancellationToken::new(), JoinSet::new());
        Self { chain, store, world, quit, replicas }
    }

    fn start(&mut self, stage: Stage) {
        self.replicas.spawn(stage.run(self.world.clone(), self.quit.clone()));
    }

    async fn create(&self, packs: u32, seed: u64) -> Vec<Commitment> {
        let collectibles = (0..u64::from(packs)).collect();
        let template = Template { packs, buckets: vec![Bucket { per_pack: 1, collectibles }] };
        let packs = deal(&template, &mut StdRng::seed_from_u64(seed)).expect("it can be dealt");
        self.store.create(&packs).await.expect("in memory");
        packs.iter().map(|pack| pack.commitment()).collect()
    }

    /// How long it takes until all these packs went through such a transaction.
    async fn until(&self, kind: Kind, packs: &[Commitment]) -> Duration {
        let started = Instant::now();
        let all = async {
            loop {
                let count = self.chain.count(kind);
                if packs.iter().all(|pack| count.contains_key(pack)) {
                    return;
                }
                sleep(SECOND).await;
            }
        };
        timeout(10_000 * SECOND, all).await.expect("within hours");
        started.elapsed()
    }

    fn wrong_numbers(&self) -> usize {
        let wrong = |one: &&Included| one.fate == Err(Reason::WrongNumber);
        self.chain.included().iter().filter(wrong).count()
    }

    fn twice(&self, kind: Kind) -> usize {
        self.chain.count(kind).values().filter(|times| **times > 1).count()
    }
}

/// The table of the README: 5,000 packs, 250 transactions, each sealed after 10 s.
#[tokio::test(start_paused = true)]
async fn until_the_last_of_5_000_packs_is_minted() {
    for (stage, replicas, keys, seconds, wasted) in [
        (Stage::OneLoop, 1, 40, 2708.5, 0),
        (Stage::FourPollers, 1, 4, 704.45, 0),
        (Stage::FourPollers, 1, 40, 270.45, 0),
        (Stage::FanOut, 1, 40, 305.45, 196),
        (Stage::Roles, 1, 40, 90.45, 0),
        (Stage::Roles, 2, 40, 104.45, 163),
        (Stage::Keys, 1, 4, 704.3, 0),
        (Stage::Keys, 1, 40, 88.7, 0),
        (Stage::Keys, 2, 40, 88.7, 0),
        (Stage::Keys, 1, 400, 46.7, 0),
    ] {
        let plan = Plan { stage, replicas, keys, packs: 5_000 };
        let minted = minted(plan).await.expect("in memory");
        let after = minted.after.map(|after| after.as_secs_f64());
        assert_eq!((after, minted.wasted), (Some(seconds), wasted), "{plan:?}");
    }
}

/// An owner asks for a reveal while 5,000 packs of another distribution are minted.
async fn until_revealed(stage: Stage) -> Duration {
    let mut service = Service::new(40).await;
    service.start(stage);
    let old = service.create(40, 1).await;
    service.until(Kind::Mint, &old).await;
    service.create(5_000, 2).await;
    sleep(5 * SECOND).await;
    service.chain.ask(Kind::Reveal, old[0]);
    service.until(Kind::Reveal, &old[..1]).await
}

#[tokio::test(start_paused = true)]
async fn in_one_loop_a_seal_delays_all_and_with_four_pollers_it_does_not() {
    assert!(until_revealed(Stage::OneLoop).await > 1_300 * SECOND);
    assert!(until_revealed(Stage::FourPollers).await < 200 * SECOND);
}

/// The node takes the first mint and does not answer.
async fn minted_twice(stage: Stage) -> usize {
    let mut service = Service::new(40).await;
    service.chain.fail_next([Fault::None, Fault::TakenWithoutAnswer]);
    service.start(stage);
    let packs = service.create(40, 1).await;
    service.until(Kind::Mint, &packs).await;
    sleep(100 * SECOND).await;
    service.twice(Kind::Mint)
}

#[tokio::test(start_paused = true)]
async fn a_transaction_that_is_signed_anew_without_an_answer_mints_twice() {
    assert_eq!(minted_twice(Stage::OneLoop).await, 40);
    assert_eq!(minted_twice(Stage::FourPollers).await, 40);
    assert_eq!(minted_twice(Stage::Roles).await, 0);
    assert_eq!(minted_twice(Stage::Keys).await, 0);
}

/// Whether the caller of `run` is alone with its store when `run` returns.
async fn pollers_outlive(stage: Stage) -> bool {
    let mut service = Service::new(4).await;
    service.start(stage);
    service.create(400, 1).await;
    sleep(Duration::from_millis(1_050)).await; // amid a look
    service.quit.cancel();
    service.replicas.join_next().await.expect("it was started").expect("it ends");
    let Service { store, world, .. } = service;
    drop(world);
    Arc::strong_count(&store) > 1
}

#[tokio::test(start_paused = true)]
async fn four_pollers_outlive_their_service_and_awaited_ones_do_not() {
    assert!(pollers_outlive(Stage::FourPollers).await);
    for stage in [Stage::OneLoop, Stage::FanOut, Stage::Roles, Stage::Keys] {
        assert!(!pollers_outlive(stage).await, "{stage:?}");
    }
}

/// How many transactions of one replica have a number that another has.
async fn collisions(stage: Stage, replicas: usize) -> usize {
    let mut service = Service::new(40).await;
    for _ in 0..replicas {
        service.start(stage);
    }
    let packs = service.create(3_200, 1).await;
    service.until(Kind::Mint, &packs).await;
    service.wrong_numbers()
}

#[tokio::test(start_paused = true)]
async fn a_key_that_is_found_and_then_locked_is_found_by_two_tasks() {
    assert!(collisions(Stage::FanOut, 1).await > 10);
    assert_eq!(collisions(Stage::Roles, 1).await, 0);
}

#[tokio::test(start_paused = true)]
async fn keys_that_are_locked_in_a_process_are_used_by_two_replicas() {
    assert!(collisions(Stage::Roles, 2).await > 10);
    assert_eq!(collisions(Stage::Keys, 2).await, 0);
    assert_eq!(collisions(Stage::Keys, 4).await, 0);
}

/// The node refuses the very first connection of a sender.
async fn after_a_refusal(stage: Stage) -> Duration {
    let mut service = Service::new(40).await;
    service.chain.fail_next([Fault::Down]);
    service.start(stage);
    let packs = service.create(40, 1).await;
    service.until(Kind::Mint, &packs).await
}

#[tokio::test(start_paused = true)]
async fn an_error_that_is_overwritten_costs_ten_minutes() {
    assert!(after_a_refusal(Stage::FanOut).await > 600 * SECOND);
    assert!(after_a_refusal(Stage::Roles).await < 60 * SECOND);
    assert!(after_a_refusal(Stage::Keys).await < 60 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn what_the_node_lost_in_silence_is_signed_anew_once_it_has_expired() {
    let mut service = Service::new(4).await;
    service.chain.fail_next([Fault::LostInSilence]);
    service.start(Stage::Keys);
    let packs = service.create(40, 1).await;
    let took = service.until(Kind::Mint, &packs).await;
    assert!(took > 600 * SECOND && took < 700 * SECOND, "{took:?}");
    assert_eq!((service.twice(Kind::Settle), service.twice(Kind::Mint)), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_node_that_is_down_for_a_minute_and_events_in_any_order_delay_and_lose_nothing() {
    let mut service = Service::new(4).await;
    service.start(Stage::Keys);
    service.chain.set_backwards(true);
    let packs = service.create(400, 1).await;
    sleep(10 * SECOND).await;
    service.chain.set_down(true);
    sleep(60 * SECOND).await;
    service.chain.set_down(false);
    service.until(Kind::Mint, &packs).await;
    assert_eq!((service.twice(Kind::Settle), service.twice(Kind::Mint)), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn an_event_that_fits_nothing_is_set_aside_and_the_others_go_on() {
    let mut service = Service::new(4).await;
    service.start(Stage::Keys);
    let packs = service.create(40, 1).await;
    service.chain.ask(Kind::Reveal, Commitment([7; 32]));
    service.chain.ask(Kind::Open, packs[0]);
    service.until(Kind::Mint, &packs).await;
    sleep(5 * SECOND).await;
    service.chain.ask(Kind::Reveal, packs[1]);
    service.until(Kind::Reveal, &packs[1..2]).await;
    let set_aside = service.store.set_aside().await.expect("in memory");
    let why: Vec<_> = set_aside.iter().map(|one| one.why.as_str()).collect();
    assert_eq!(
        why,
        [
            "there is no pack with that commitment",
            "to open a pack it must be Revealed, and it is Dealt"
        ]
    );
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        4 => Just(Fault::None),
        1 => Just(Fault::Down),
        1 => Just(Fault::TakenWithoutAnswer),
        1 => Just(Fault::LostWithoutAnswer),
        1 => Just(Fault::LostInSilence),
    ]
}

/// Runs two replicas with these faults, and kills one of them after each of these milliseconds. Returns
/// how many times each pack was minted, and the key and number of each transaction.
async fn survive(faults: Vec<Fault>, kills: Vec<u64>) -> (Vec<u32>, Vec<(u32, u64)>) {
    let mut service = Service::new(4).await;
    service.chain.fail_next(faults);
    let packs = service.create(200, 1).await;
    let replica = |service: &Service| {
        let (world, quit) = (service.world.clone(), service.quit.clone());
        async move { s5_keys::run(world, &Role::ALL, quit).await }
    };
    service.replicas.spawn(replica(&service));
    let mut killed = JoinSet::new();
    for after in kills {
        killed.spawn(replica(&service));
        sleep(Duration::from_millis(after)).await;
        killed.shutdown().await; // aborted wherever it is
    }
    service.until(Kind::Mint, &packs).await;
    sleep(700 * SECOND).await; // whatever is still on its way
    let included = service.chain.included();
    let numbers = included.iter().map(|one| (one.signed.key, one.signed.number));
    (service.chain.count(Kind::Mint).into_values().collect(), numbers.collect())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(32) })]

    /// Whatever the node does and whenever a replica dies: each pack is minted exactly once, and no
    /// number of a key has two transactions.
    #[test]
    fn each_pack_is_minted_exactly_once(
        faults in prop::collection::vec(fault(), 0..40),
        kills in prop::collection::vec(0..40_000_u64, 0..6),
    ) {
        let runtime = Builder::new_current_thread().enable_all().start_paused(true).build();
        let (minted, numbers) = runtime.expect("a runtime").block_on(survive(faults, kills));
        prop_assert_eq!(minted, vec![1; 200]);
        let different: HashSet<_> = numbers.iter().collect();
        prop_assert_eq!(numbers.len(), different.len());
    }
}
