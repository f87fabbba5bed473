use std::time::Duration;

use indicatif::HumanCount;
use rush::{Address, Client, Failure};
use serde_json::json;

use crate::attempt::{Attempt, attempt, recovered};
use crate::error::Error;
use crate::orders::{is_coffee, is_of_a_shop};
use crate::output::Output;
use crate::seconds::seconds;

/// One order after another, each with more customers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ladder<'a> {
    pub(crate) client: &'a Client,
    pub(crate) customers: &'a [u32],
    /// How long a shop that died may take until it is back, in wall time.
    pub(crate) back_within: Duration,
    pub(crate) json: bool,
}

impl Ladder<'_> {
    pub(crate) async fn walk(&self, output: &mut Output) -> Result<(), Error> {
        for (step, customers) in self.customers.iter().enumerate() {
            output.wait_for(format!("{} customers", HumanCount((*customers).into())));
            let attempt = attempt(self.client, *customers).await;
            let attempt = of_a_shop(self.client.address(), attempt, step == 0)?;
            if step == 0 && !self.json {
                output.print(" customers  status          time\n")?;
            }
            if !self.json {
                output.print(&row(&attempt))?;
            }
            let lost = attempt.died() || matches!(attempt.end, Err(Failure::Refused));
            let back = if lost { Some(self.recovered(output).await?) } else { None };
            match back {
                _ if self.json => output.print(&object(&attempt, back))?,
                Some(waited) => {
                    output
                        .print(&format!("            it was back after {}\n", seconds(waited)))?;
                }
                None => {}
            }
        }
        Ok(())
    }

    async fn recovered(&self, output: &mut Output) -> Result<Duration, Error> {
        output.wait_for("until the shop is back".to_owned());
        let waited = recovered(self.client, self.back_within).await;
        waited.ok_or(Error::NotBack(self.back_within))
    }
}

/// What cannot have come from a coffee shop is an error. A shop that was there before may be gone.
fn of_a_shop(address: &Address, attempt: Attempt, first: bool) -> Result<Attempt, Error> {
    let Attempt { customers, end, took } = attempt;
    let end = match end {
        Err(failure @ (Failure::Refused | Failure::Unreachable(_))) if first => {
            return Err(Error::NoShop(address.clone(), failure));
        }
        Err(failure) if failure.is_garbage() => {
            return Err(Error::Garbage(address.clone(), failure));
        }
        Ok(answer) if !is_of_a_shop(&answer) => {
            return Err(Error::Foreign(address.clone(), Box::new(answer)));
        }
        end => end,
    };
    Ok(Attempt { customers, end, took })
}

fn row(attempt: &Attempt) -> String {
    let (status, line) = match &attempt.end {
        _ if attempt.died() => ("died".to_owned(), "the shop died of this order".to_owned()),
        Ok(answer) if is_coffee(answer) => (answer.status.as_u16().to_string(), String::new()),
        Ok(answer) => (answer.status.as_u16().to_string(), answer.line()),
        Err(failure) => (failure.word().to_owned(), String::new()),
    };
    let customers = HumanCount(attempt.customers.into()).to_string();
    let row = format!("{customers:>10}  {status:<9} {:>9}\n", seconds(attempt.took));
    if line.is_empty() {
        return row;
    }
    let indent = " ".repeat(12);
    let width = textwrap::Options::new(80).initial_indent(&indent).subsequent_indent(&indent);
    format!("{row}{}\n", textwrap::fill(&line, width))
}

fn object(attempt: &Attempt, back: Option<Duration>) -> String {
    let (status, failure) = match &attempt.end {
        Ok(answer) => (Some(answer.status.as_u16()), None),
        Err(failure) => (None, Some(failure.word())),
    };
    let object = json!({
        "customers": attempt.customers,
        "status": status,
        "failure": failure,
        "died": attempt.died(),
        "seconds": attempt.took.as_secs_f64(),
        "back_after_seconds": back.map(|back| back.as_secs_f64()),
    });
    format!("{object}\n")
}
