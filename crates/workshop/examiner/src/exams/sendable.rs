use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, ThreadId};
use std::time::Duration;

use coffee::{Action, Durations, Event, Keep, Observer, OrderLog, Shop, count};
use tokio::runtime::Builder;

use super::{A_CROWD, Case, each, even, serving, uneven};
use crate::announce::{Drawing, Verdict, examine};
use crate::look::Look;
use crate::panics;
use crate::sitting::Sitting;

/// Exercise 11: a task for each customer, and what it takes to let a future move to another thread.
/// `serve` returns how many coins are in the till, one for each customer. Each order takes 6 s of shop
/// time.
///
/// In the end it serves on the real clock with several workers, for a few milliseconds of wall time:
/// a future that stays on its thread is seen there.
pub fn sendable(serve: impl AsyncFn(&Shop, u32) -> u32) -> ExitCode {
    examine(|| {
        let verdict = each(
            &[even(3), even(1), uneven(7), uneven(A_CROWD)],
            serving(&serve),
            judge,
            || {
                "3 customers took 6.0 s, each in a task of their own that any thread may go on with: \
                 what it keeps across an await is Send, and it borrows nothing that could end before it"
                    .to_owned()
            },
        );
        verdict.and(|| any_thread_will_do(&serve))
    })
}

fn judge(case: Case, sitting: &Sitting<u32>) -> Result<(), String> {
    let look = Look::at(&sitting.timeline);
    look.all_are_served(case.customers)?;
    look.own_actions_in_turn()?;
    let tasks = look.tasks();
    if tasks < case.customers as usize {
        return Err(format!(
            "{} were served in {}: give each customer a task of their own, with tokio::spawn or with \
             the spawn of a JoinSet, and let rustc say what keeps it from that",
            count(case.customers.into(), "customer"),
            count(tasks as u64, "task")
        ));
    }
    let one_at_a_time = case.customers > 1 && look.most_at_once(Action::Espresso) < 2;
    look.took_exactly(case.pace.longest_coffee(case.customers), || match one_at_a_time {
        true => "a lock that is held while the coffee is made lets one customer in at a time, \
                 whichever kind of lock it is, and so does an await in the loop. Hold the lock only \
                 while you count, and await when all are spawned"
            .to_owned(),
        false => look.what_waits(),
    })?;
    let coins = *sitting.returned()?;
    if coins != case.customers {
        return Err(format!(
            "{} paid, and serve says that {} in the till: count one for each customer who has \
             paid, and look into the till when all are done",
            count(case.customers.into(), "customer"),
            match coins {
                1 => "1 coin is".to_owned(),
                coins => format!("{coins} coins are"),
            }
        ));
    }
    Ok(())
}

/// Counts the actions that a certain thread did.
#[derive(Debug)]
struct Here {
    thread: ThreadId,
    actions: AtomicUsize,
}

impl Observer<Action> for Here {
    fn event(&self, event: &Event) {
        if event.thread == self.thread {
            self.actions.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// A task of a runtime with several workers runs on one of them, and never on the thread that called
/// `block_on`. A task that stays there is one that cannot be sent.
fn any_thread_will_do(serve: &impl AsyncFn(&Shop, u32) -> u32) -> Result<(), Verdict> {
    const CUSTOMERS: u32 = 4;
    let here = Arc::new(Here { thread: thread::current().id(), actions: AtomicUsize::new(0) });
    let log =
        OrderLog::observed(Keep::Everything, vec![Arc::clone(&here) as Arc<dyn Observer<Action>>]);
    let shop = Shop::with_log(Durations::each(Duration::from_millis(1)), &log);
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_time().build();
    let runtime = runtime.expect("two workers are not too much to ask");
    panics::watch();
    let _ = panics::take();
    runtime.block_on(serve(&shop, CUSTOMERS));
    let complaint = match panics::take() {
        Some(panic) => panic.sentence(),
        None if here.actions.load(Ordering::Relaxed) == 0 => return Ok(()),
        None => "On a runtime with several workers your tasks all stay on one thread, as those of \
                 spawn_local do. That hides what rustc has to say: spawn them with tokio::spawn or with \
                 the spawn of a JoinSet"
            .to_owned(),
    };
    let drawing = Drawing::Nothing;
    Err(Verdict { drawing, shop: None, measured: Vec::new(), outcome: Err(complaint) })
}
