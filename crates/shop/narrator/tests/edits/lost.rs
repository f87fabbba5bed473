//! Some coffees are lost.

use narrator::{Error, Lesson};
use tokio::task::JoinSet;

use crate::support::{in_turn, of_edit, said, says};

#[test]
fn a_join_set_that_is_dropped() {
    let said = of_edit(Lesson::STEP_4, |shop, customers| async move {
        let mut coffees = JoinSet::new();
        for order in shop.orders(customers) {
            coffees.spawn(in_turn(order));
        }
    });
    says(
        &said,
        &[
            "3 of 3 lost. The orders of customers 1, 2 and 3 were never begun",
            "a JoinSet that is dropped takes its tasks along",
        ],
    );
}

#[test]
#[expect(clippy::let_underscore_future, reason = "this is the edit")]
fn a_forgotten_await_of_an_order() {
    let said = of_edit(Lesson::STEP_2, |shop, customers| async move {
        for order in shop.orders(customers) {
            let _ = in_turn(order);
        }
    });
    says(
        &said,
        &[
            "Took 0.0 s",
            "3 of 3 lost. The orders of customers 1, 2 and 3 were never begun: a future does \
             nothing until it is awaited or spawned",
        ],
    );
    assert!(!said.contains("Dropping a future"), "{said}");
}

#[test]
#[expect(clippy::let_underscore_future, reason = "this is the edit")]
fn a_forgotten_await_of_an_action() {
    let said = of_edit(Lesson::STEP_2, |shop, customers| async move {
        for order in shop.orders(customers) {
            order.pay_for_coffee().await;
            let _ = order.make_espresso();
            order.steam_milk().await;
        }
    });
    says(
        &said,
        &["3 of 3 lost. The espresso of customers 1, 2 and 3 was never begun: either it is not \
             asked for, or its future is not awaited."],
    );
    assert!(!said.contains("Dropping a future"), "{said}");
}

#[test]
fn an_action_left_out() {
    let said = of_edit(Lesson::STEP_4, |shop, customers| async move {
        let mut coffees = JoinSet::new();
        for order in shop.orders(customers) {
            coffees.spawn(async move {
                order.pay_for_coffee().await;
                order.make_espresso().await;
            });
        }
        coffees.join_all().await;
    });
    says(&said, &["3 of 3 lost. The milk of customers 1, 2 and 3 was never begun"]);
}

#[test]
fn an_order_left_out() {
    let said = of_edit(Lesson::STEP_4, |shop, customers| async move {
        let mut coffees = JoinSet::new();
        for order in shop.orders(customers).skip(1) {
            coffees.spawn(in_turn(order));
        }
        coffees.join_all().await;
    });
    says(&said, &["Took 6.0 s", "1 of 3 lost. The order of customer 1 was never begun"]);
}

#[test]
fn a_task_that_panics_unnoticed() {
    let said = of_edit(Lesson::STEP_4, |shop, customers| async move {
        let mut coffees = JoinSet::new();
        for order in shop.orders(customers) {
            coffees.spawn(async move {
                order.pay_for_coffee().await;
                assert!(order.customer() != 2, "the milk is sour");
                order.make_espresso().await;
                order.steam_milk().await;
            });
        }
        while coffees.join_next().await.is_some() {}
    });
    says(&said, &["Took 6.0 s", "1 of 3 lost. 1 task panicked: the reason stands above"]);
    assert!(!said.contains("never begun"), "{said}");
}

#[test]
fn a_task_whose_panic_goes_on() {
    let (ended, said) = said(Lesson::STEP_4, |shop, customers| async move {
        let mut coffees = JoinSet::new();
        for order in shop.orders(customers) {
            coffees.spawn(async move {
                order.pay_for_coffee().await;
                assert!(order.customer() != 2, "the milk is sour");
                order.make_espresso().await;
                order.steam_milk().await;
            });
        }
        coffees.join_all().await;
    });
    assert!(matches!(ended, Err(Error::Panicked)), "{ended:?}");
    says(&said, &["Stopped after 2.0 s", "3 of 3 lost. 1 task panicked: the reason stands above"]);
}
