//! The executor serves coffee, on a clock that never waits and on one that does.

use std::cell::RefCell;
use std::future::pending;
use std::rc::Rc;
use std::thread;
use std::time::Duration;

use executor::{Executor, Stuck, Timer};

async fn make_coffee(timer: Timer, action: Duration) {
    timer.wait(action).await;
    timer.wait(action).await;
    timer.wait(action).await;
}

fn serve(customers: usize, action: Duration, sleep: impl FnMut(Duration)) -> (Vec<f64>, usize) {
    let mut executor = Executor::default();
    let done = Rc::new(RefCell::new(Vec::new()));
    for _ in 0..customers {
        let (timer, done) = (executor.timer(), Rc::clone(&done));
        executor.spawn(async move {
            make_coffee(timer.clone(), action).await;
            done.borrow_mut().push(timer.now().as_secs_f64());
        });
    }
    let polls = executor.run(sleep).expect("all are served");
    (done.take(), polls)
}

#[test]
fn any_number_of_customers_takes_as_long_as_one() {
    for customers in [0, 1, 3, 1_000] {
        let mut slept = Vec::new();
        let (done, polls) = serve(customers, Duration::from_secs(2), |time| slept.push(time));
        assert_eq!(done, vec![6.0; customers]);
        // Each is polled once to begin and once at the end of each wait, and never in between.
        assert_eq!(polls, 4 * customers);
        assert_eq!(slept.len(), if customers == 0 { 0 } else { 3 });
    }
}

#[test]
fn on_a_clock_that_waits_it_takes_the_time() {
    let mut slept = Duration::ZERO;
    let (done, _) = serve(3, Duration::from_millis(2), |time| {
        slept += time;
        thread::park_timeout(time);
    });
    assert_eq!((done, slept), (vec![0.006; 3], Duration::from_millis(6)));
}

#[test]
fn waits_of_different_length_end_in_their_order() {
    let mut executor = Executor::default();
    let order = Rc::new(RefCell::new(Vec::new()));
    for seconds in [3, 1, 2] {
        let (timer, order) = (executor.timer(), Rc::clone(&order));
        executor.spawn(async move {
            timer.wait(Duration::from_secs(seconds)).await;
            order.borrow_mut().push(seconds);
        });
    }
    executor.run(|_| ()).expect("all end");
    assert_eq!(order.take(), [1, 2, 3]);
}

#[test]
fn a_task_that_is_never_woken_ends_the_run_with_its_count() {
    let mut executor = Executor::default();
    executor.spawn(async {});
    executor.spawn(pending());
    assert_eq!(executor.run(|_| ()), Err(Stuck { tasks: 1 }));
}
