//! Every customer is served, in another arrangement than the lesson's.

use std::sync::Arc;
use std::time::Duration;

use narrator::Lesson;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::support::{at_once, in_turn, joined, of_edit, one_after_another, said, says};

const STAIRCASE: &str = "A staircase: the customers waited for one another, each until the one \
                         before had the coffee, so their times add up, too.";
const NOT_STEP_4: &str =
    "Step 4 shows something else: spawn a task for each customer, and join them all.";

#[test]
fn a_step_as_it_is_taught_is_praised_for_what_it_did() {
    let (_, step2) = said(Lesson::STEP_2, one_after_another);
    says(&step2, &[STAIRCASE, "Next: cargo run --example step3"]);
    let (_, step3) = said(Lesson::STEP_3, |shop, customers| async move {
        for order in shop.orders(customers) {
            tokio::spawn(in_turn(order));
        }
    });
    says(
        &step3,
        &["The answer was a lie: it came before a single coffee was made, because nothing waited \
             for the tasks. Next: cargo run --example step4"],
    );
    let (_, step4) = said(Lesson::STEP_4, joined);
    says(
        &step4,
        &[
            "Took 6.0 s to serve coffee to 3 customers",
            "The customers waited at the same time, each in a row of their own, so any number \
             takes as long as one. Next: cargo run --example step5",
        ],
    );
    let (_, step5) = said(Lesson::STEP_5, |shop, customers| async move {
        let mut coffees = JoinSet::new();
        for order in shop.orders(customers) {
            coffees.spawn(at_once(order));
        }
        coffees.join_all().await;
    });
    says(&step5, &["Took 2.0 s", "Three rows a customer: the three actions waited", "Next: "]);
}

#[test]
fn sequential_in_step_4() {
    let said = of_edit(Lesson::STEP_4, one_after_another);
    says(&said, &["Took 18.0 s", STAIRCASE, NOT_STEP_4]);
}

#[test]
fn each_task_awaited_within_the_loop() {
    let said = of_edit(Lesson::STEP_4, |shop, customers| async move {
        let mut coffees = JoinSet::new();
        for order in shop.orders(customers) {
            coffees.spawn(in_turn(order));
            coffees.join_next().await;
        }
    });
    says(&said, &["Took 18.0 s", STAIRCASE, NOT_STEP_4]);
}

#[test]
fn actions_at_once_but_customers_in_turn() {
    let said = of_edit(Lesson::STEP_5, |shop, customers| async move {
        for order in shop.orders(customers) {
            at_once(order).await;
        }
    });
    says(
        &said,
        &[
            "Took 6.0 s",
            "The three actions of a customer waited at the same time, but the customers waited for \
             one another",
            "Step 5 shows something else",
        ],
    );
}

#[test]
fn actions_in_turn_in_step_5() {
    let said = of_edit(Lesson::STEP_5, joined);
    says(&said, &["Took 6.0 s", "each in a row of their own", "Step 5 shows something else"]);
}

#[test]
fn two_customers_at_a_time() {
    let (_, said) = said(Lesson::STEP_4, |shop, customers| async move {
        let machines = Arc::new(Semaphore::new(2));
        let mut coffees = JoinSet::new();
        for order in shop.orders(customers) {
            let machines = machines.clone();
            coffees.spawn(async move {
                let _machine = machines.acquire().await;
                in_turn(order).await;
            });
        }
        coffees.join_all().await;
    });
    says(&said, &["Took 12.0 s", "at most 2 customers at the same time"]);
}

#[test]
fn detached_tasks_in_step_4() {
    let said = of_edit(Lesson::STEP_4, |shop, customers| async move {
        for order in shop.orders(customers) {
            tokio::spawn(in_turn(order));
        }
    });
    says(&said, &["Took 0.0 s", "it came before a single coffee was made", NOT_STEP_4]);
}

#[test]
fn only_the_first_task_awaited() {
    let said = of_edit(Lesson::STEP_4, |shop, customers| async move {
        let mut first = None;
        for order in shop.orders(customers) {
            let customer = order.customer();
            let task = tokio::spawn(async move {
                sleep(Duration::from_secs(customer.into())).await;
                in_turn(order).await;
            });
            first.get_or_insert(task);
        }
        first.expect("three customers").await.expect("no task panics");
    });
    says(
        &said,
        &[
            "Took 7.0 s",
            "it came when 1 of 3 coffees was made, because nothing waited for the other tasks",
        ],
    );
}

#[test]
fn an_action_twice() {
    let said = of_edit(Lesson::STEP_4, |shop, customers| async move {
        let mut coffees = JoinSet::new();
        for order in shop.orders(customers) {
            coffees.spawn(async move {
                order.pay_for_coffee().await;
                if order.customer() == 2 {
                    order.pay_for_coffee().await;
                }
                order.make_espresso().await;
                order.steam_milk().await;
            });
        }
        coffees.join_all().await;
    });
    says(&said, &["Took 8.0 s", "The payment of customer 2 was begun more than once."]);
}

#[test]
fn a_customer_left_out() {
    let said =
        of_edit(Lesson::STEP_4, |shop, customers| async move { joined(shop, customers - 1).await });
    says(&said, &["to 2 customers", "The step took 2 orders for 3 customers."]);
}

#[test]
fn no_order_taken() {
    let said = of_edit(Lesson::STEP_4, |_shop, _customers| async move {});
    says(&said, &["The step took 0 orders for 3 customers."]);
}
