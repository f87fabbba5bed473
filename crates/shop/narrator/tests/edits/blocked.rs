//! A thread that is blocked, and tasks that nothing wakes.

use std::future::pending;
use std::hint;
use std::time::{Duration, Instant};

use narrator::{Error, Lesson};
use tokio::task::JoinSet;

use crate::support::{in_turn, of_edit, said, says};

const REAL_TIME: &str = "of real time passed although the clock is paused, so something blocked \
                         the thread: std::thread::sleep, most likely, or a loop that computes.";

#[test]
#[expect(clippy::disallowed_methods, reason = "this is the edit")]
fn a_thread_that_sleeps_on_a_paused_clock() {
    let said = of_edit(Lesson::STEP_4, |shop, customers| async move {
        let mut coffees = JoinSet::new();
        for order in shop.orders(customers) {
            coffees.spawn(async move {
                std::thread::sleep(Duration::from_millis(400));
                in_turn(order).await;
            });
        }
        coffees.join_all().await;
    });
    says(&said, &["Took 6.0 s", REAL_TIME]);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "this is the edit")]
fn a_loop_that_computes_on_a_paused_clock() {
    let said = of_edit(Lesson::STEP_2, |shop, customers| async move {
        for order in shop.orders(customers) {
            let until = Instant::now() + Duration::from_millis(400);
            while Instant::now() < until {
                hint::spin_loop();
            }
            in_turn(order).await;
        }
    });
    says(&said, &["Took 18.0 s", REAL_TIME]);
}

#[test]
fn a_future_that_nothing_wakes() {
    let (ended, said) = said(Lesson::STEP_4, |shop, customers| async move {
        let mut coffees = JoinSet::new();
        for order in shop.orders(customers) {
            coffees.spawn(async move {
                order.pay_for_coffee().await;
                pending::<()>().await;
            });
        }
        coffees.join_all().await;
    });
    let Err(error @ Error::Asleep) = ended else { panic!("{ended:?}: {said}") };
    says(&error.to_string(), &["nothing can go on: the clock is paused", "std::future::pending()"]);
    says(&said, &["Stopped after 2.0 s", "3 of 3 lost. They ended between two actions."]);
}
