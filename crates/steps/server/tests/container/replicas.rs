//! Step 10: several replicas behind one address.

use std::time::Duration;

use crate::client::{at_once, status, under_load};
use crate::container::Container;
use crate::ingress::Ingress;
use crate::overlay::Overlay;
use crate::wait::{PATIENCE, eventually, pause};

fn ports(shops: &[Container]) -> Vec<u16> {
    shops.iter().map(|shop| shop.port).collect()
}

/// SIGTERM for one of two replicas under load. Its address is withdrawn 1.5 s *after* the signal; in
/// the cluster it is before, thanks to the preStop sleep, which no engine knows.
#[test]
fn a_replica_that_stops_under_load_loses_no_order() {
    let step10 = Overlay::read("step10");
    let replicas = step10.field("Deployment", "/spec/replicas").as_u64().expect("a number");
    let mut shops: Vec<_> = (0..replicas).map(|_| Container::of(&step10, &[])).collect();
    let ingress = Ingress::open(&step10, &ports(&shops));
    thirty_thousand_for_each(&ingress, shops.len());
    let going = shops.pop().expect("a replica");
    let statuses = under_load(ingress.port, &ingress.host, || {
        pause(Duration::from_secs(5));
        going.signal("TERM");
        eventually("/readyz to fail", || (going.get("/readyz").0 == Some(503)).then_some(()));
        pause(Duration::from_millis(1_500));
        ingress.lead_to(&ports(&shops));
        assert_eq!(going.exit_code(), 0);
        pause(Duration::from_secs(3));
    });
    let shares = ingress.shares();
    println!("step 10, a replica stops: {statuses:?}, by replica {shares:?}");
    assert!(statuses.keys().eq([&Some(200)]), "every order was served: {statuses:?}");
    let closed = going.log().pop().expect("a last line");
    assert_eq!(closed["abandoned"], 0, "{closed}");
    assert_eq!(shares.len() as u64, replicas);
    assert!(shares.values().all(|orders| *orders >= 20), "the replicas share: {shares:?}");
}

fn thirty_thousand_for_each(ingress: &Ingress, replicas: usize) {
    let closed = |host, path| status(ingress.port, host, path, PATIENCE) == Some(404);
    assert!(closed(&ingress.host, "/metrics"), "orders only");
    assert!(closed("example.com", "/serve-customer/3"), "for its host only");
    let statuses = at_once(ingress.port, replicas, 30_000);
    assert_eq!(statuses.get(&Some(200)), Some(&replicas), "{statuses:?}");
    // nginx writes a line after its client has everything.
    let shares = eventually("nginx's log", || {
        let shares = ingress.shares();
        (shares.values().sum::<usize>() == replicas).then_some(shares)
    });
    assert!(shares.values().all(|orders| *orders == 1), "30,000 for each replica: {shares:?}");
}

/// The same with SIGKILL, or the test before could not fail: nginx hides no lost order.
#[test]
fn a_replica_that_is_killed_under_load_loses_orders() {
    let step10 = Overlay::read("step10");
    let [going, staying] = [0, 1].map(|_| Container::of(&step10, &[]));
    let ingress = Ingress::open(&step10, &[going.port, staying.port]);
    let statuses = under_load(ingress.port, &ingress.host, || {
        pause(Duration::from_secs(3));
        going.signal("KILL");
        ingress.lead_to(&[staying.port]);
        pause(Duration::from_secs(3));
    });
    println!("step 10, a replica is killed: {statuses:?}");
    assert!(statuses.get(&Some(502)).is_some_and(|lost| *lost > 0), "{statuses:?}");
    assert!(statuses.get(&Some(200)).is_some_and(|served| *served > 20), "{statuses:?}");
}
