use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use coffee::{Action, Durations, Event, Observer};
use counter::{Asked, Audience, Counter};
use menu::Step;
use server::{Front, Scale};
use serving::{Admission, Places, Room};

use crate::support::{MAX_WAIT, count, order, orders, settle};

/// Panics in the first order that it watches, in the middle of the brewing.
#[derive(Debug, Default)]
struct Clumsy(AtomicBool);

#[derive(Debug)]
struct Spill(bool);

impl Audience for Clumsy {
    fn observer(&self, _asked: &Asked) -> Arc<dyn Observer<Action>> {
        Arc::new(Spill(!self.0.swap(true, Ordering::Relaxed)))
    }
}

impl Observer<Action> for Spill {
    fn event(&self, _event: &Event) {
        assert!(!self.0, "a panic on purpose: the milk is spilled");
    }
}

#[tokio::test(start_paused = true)]
async fn an_order_that_panics_is_a_500_for_its_own_client_and_nothing_for_the_others() {
    for step in [Step::Sequential, Step::Joined, Step::NestedJoins] {
        let counter = Counter {
            step,
            offered: vec![],
            durations: Durations::default(),
            max_customers: 10,
            audience: vec![Arc::new(Clumsy::default())],
        };
        let shop = Front::new(
            counter,
            Admission::new(
                Room { capacity: Some(10), max_waiting: 2, max_wait: MAX_WAIT },
                Places::unlimited(),
            ),
            Scale::Customers,
        );
        let (unlucky, other) = (orders(&shop, 2), orders(&shop, 3));
        let unlucky = unlucky.await.expect("the panic stays in the order");
        assert_eq!(unlucky.status, 500, "{step}");
        assert!(unlucky.text.contains("please order again"), "{}", unlucky.text);
        assert_eq!(other.await.expect("it is served").status, 200);
        assert_eq!(order(&shop, 5).await.status, 200);
        settle().await;
        assert_eq!((count(&shop).served, count(&shop).abandoned), (8, 2), "{step}");
        assert_eq!(shop.admission().room(), Some(10), "{step}");
    }
}
