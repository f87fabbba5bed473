use std::time::Duration;

use menu::Step;
use proptest::collection::vec;
use proptest::prelude::*;
use server::Front;
use serving::{Counts, Drain};
use tokio::runtime::Builder;
use tokio::time::{sleep, timeout};

use crate::support::{ask, count, front, settle};

/// One client: when it comes, for how many, with which step, and when it loses patience.
#[derive(Clone, Debug)]
struct Client {
    comes: Duration,
    customers: u32,
    step: Step,
    patience: Duration,
}

fn clients() -> impl Strategy<Value = Vec<Client>> {
    let millis = |most: u64| (0..most).prop_map(Duration::from_millis);
    let step = prop::sample::select(Step::ALL.to_vec());
    let client = (millis(10_000), 1..15u32, step, millis(40_000));
    let client = client.prop_map(|(comes, customers, step, patience)| Client {
        comes,
        customers,
        step,
        patience,
    });
    vec(client, 0..25)
}

async fn visit(shop: Front, client: Client) -> u16 {
    sleep(client.comes).await;
    let path = format!("/serve-customer/{}?step={}", client.customers, client.step.number());
    let answer = timeout(client.patience, ask(shop.router(), &path)).await;
    answer.map_or(0, |answer| answer.status.as_u16())
}

async fn mix(capacity: Option<u32>, queue: usize, closes: Option<u64>, clients: Vec<Client>) {
    let shop = front(Step::NestedJoins, capacity, queue);
    let fits = |client: &&Client| capacity.is_none_or(|capacity| client.customers <= capacity);
    let expected: u64 = clients.iter().filter(fits).map(|client| u64::from(client.customers)).sum();
    let visits = clients.into_iter().map(|client| tokio::spawn(visit(shop.clone(), client)));
    let visits: Vec<_> = visits.collect();
    if let Some(after) = closes {
        let stop = sleep(Duration::from_secs(after));
        let drain = Drain { delay: Duration::from_secs(1), grace: Duration::from_secs(3) };
        drain.run(shop.admission(), stop, std::future::pending()).await;
    }
    for visit in visits {
        let status = visit.await.expect("no panic");
        assert!([0, 200, 422, 503].contains(&status), "{status}");
    }
    shop.admission().tally().nothing_in_flight().await;
    settle().await;
    let Counts { asked, served, undelivered, shed, abandoned, waiting, in_flight } = count(&shop);
    assert_eq!(asked, expected);
    assert_eq!(served + undelivered + shed + abandoned, asked);
    assert_eq!((waiting, in_flight), (0, 0));
    assert_eq!(shop.admission().room(), capacity.map(|capacity| capacity as usize));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn each_customer_is_counted_once_and_the_permits_return(
        capacity in prop::option::weighted(0.9, 1..30u32),
        queue in 0..5usize,
        closes in prop::option::of(0..15u64),
        clients in clients(),
    ) {
        let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
        runtime.expect("a runtime").block_on(mix(capacity, queue, closes, clients));
    }
}
