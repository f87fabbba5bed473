use std::process::ExitCode;

use coffee::{OrderLog, Shop, Timeline, count, seconds};

use super::{A_CROWD, Case, each, even, is_about, serving, uneven};
use crate::announce::{Verdict, examine};
use crate::look::{Look, apart};
use crate::shops::EVEN;
use crate::sitting::{After, sit};

/// What the attendee expects of 3 customers who are spawned and not awaited. All in shop time,
/// and counted from the order.
#[derive(Clone, Copy, Debug)]
pub struct Prediction {
    /// When `serve` returns.
    pub answer_seconds: Option<f64>,
    /// When the last coffee is out.
    pub last_coffee_seconds: Option<f64>,
    /// How many of the 3 get their coffee if the program ends right after the answer.
    pub coffees_if_the_program_ends: Option<u32>,
}

const CUSTOMERS: u32 = 3;

/// Exercise 2: a task for each customer, and none of the tasks is awaited.
///
/// After the talk's step 3.
pub fn spawned(prediction: Prediction, serve: impl AsyncFn(&Shop, u32)) -> ExitCode {
    examine(|| {
        if let Some(complaint) = prediction.missing() {
            return Verdict::before_any_run(complaint);
        }
        let mut verdict = each(
            &[even(CUSTOMERS), even(1), uneven(10), uneven(A_CROWD)],
            serving(&serve),
            |case, sitting| judge(case, &sitting.timeline),
            String::new,
        );
        if verdict.outcome.is_ok() {
            let work = async |shop: &Shop, _: &OrderLog| serve(shop, CUSTOMERS).await;
            let closed = sit(EVEN, After::Close, work).timeline;
            verdict.outcome = prediction.compare(closed.served());
        }
        verdict
    })
}

fn judge(case: Case, timeline: &Timeline) -> Result<(), String> {
    let look = Look::at(timeline);
    let answered = look.took();
    if look.nothing_began() {
        return Err("Nothing happened, although the shop stayed open: either no future was given to \
             tokio::spawn, or the tasks ended when their owner did. A JoinSet that is dropped aborts \
             its tasks; here spawn them so that they have no owner"
            .to_owned());
    }
    look.all_are_served(case.customers)?;
    look.own_actions_in_turn()?;
    if !answered.is_zero() {
        return Err(format!(
            "The answer came after {}; the goal is 0.0 s: something is awaited. Spawn a task for \
             each customer and await none of them, just to see what that does",
            seconds(answered)
        ));
    }
    let tasks = look.tasks();
    if tasks < case.customers as usize {
        return Err(format!(
            "{} were served in {}: give each customer a task of their own",
            count(case.customers.into(), "customer"),
            count(tasks as u64, "task")
        ));
    }
    let goal = case.pace.longest_coffee(case.customers);
    if timeline.last_end() != goal {
        let (was, goal) = apart(timeline.last_end(), goal);
        return Err(format!(
            "The last coffee was out at {was}; the goal is {goal}: spawn all tasks at once, and let \
             none of them wait for another",
        ));
    }
    Ok(())
}

impl Prediction {
    fn missing(self) -> Option<String> {
        let all = self.answer_seconds.is_some()
            && self.last_coffee_seconds.is_some()
            && self.coffees_if_the_program_ends.is_some();
        (!all).then(|| {
            "Predict first: put three numbers into PREDICTION, such as Some(1.0), and the run will \
             tell how close they are"
                .to_owned()
        })
    }

    fn compare(self, served: u32) -> Result<String, String> {
        let wrong = |predicted: f64, is: f64| !is_about(predicted, is);
        let Self { answer_seconds, last_coffee_seconds, coffees_if_the_program_ends } = self;
        match (answer_seconds, last_coffee_seconds, coffees_if_the_program_ends) {
            (Some(answer), ..) if wrong(answer, 0.0) => Err(format!(
                "You predicted an answer after {answer:.1} s, and it came after 0.0 s: nothing in \
                 serve waits, so it returns as soon as the tasks are spawned. Correct PREDICTION"
            )),
            (_, Some(last), _) if wrong(last, 6.0) => Err(format!(
                "You predicted the last coffee at {last:.1} s, and it was out at 6.0 s: the tasks \
                 go on by themselves, all at the same time. Correct PREDICTION"
            )),
            (.., Some(coffees)) if coffees != served => Err(format!(
                "You predicted {coffees} coffees if the program ends right after the answer, and \
                 there were {served}: tasks end with the program, and nothing waited for them. \
                 Correct PREDICTION"
            )),
            _ => Ok(format!(
                "The answer came at 0.0 s, the coffees at 6.0 s, and of those who order just \
                 before the program ends {served} get any. That is why the answer lies: it says \
                 that the tasks began, not that they are done"
            )),
        }
    }
}
