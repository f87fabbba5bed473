use std::io::{Write, stderr};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use tokio::runtime::Builder;
use tokio::time::{Instant, timeout};

use crate::address::Address;
use crate::args::Arguments;
use crate::client::Client;
use crate::crowd::{Crowd, descriptors};
use crate::error::Error;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::ladder::{Rung, back, rung};
use crate::paper::{Paper, milliseconds, thousands};
use crate::tally::Tally;

/// How long the runtime may take to drop what is left in it, in real time.
const LAST_CALL: Duration = Duration::from_secs(1);

/// Sends the customers as the command line says.
///
/// The exit code is 0 if everything was sent, whatever came of it; 1 if there is no shop, it did
/// not come back, or the time was over; 2 if the command line is wrong; 130 after Ctrl-C.
#[must_use]
pub fn run() -> ExitCode {
    let args = Arguments::parse();
    let code = match on_a_runtime(rush(&args)) {
        Ok(End::Done) => 0,
        Ok(End::Interrupted) => 130,
        Err(error) => {
            // If not even that can be written, the exit code has to do.
            let _ = writeln!(stderr(), "error: {error}");
            1
        }
    };
    ExitCode::from(code)
}

/// The runtime is left behind if it does not end in time: the system may look up a name for long
/// after nobody wants to know it any more.
fn on_a_runtime<T>(errand: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let runtime = Builder::new_multi_thread().enable_all().build().map_err(Error::System)?;
    let ended = runtime.block_on(errand);
    runtime.shutdown_timeout(LAST_CALL);
    ended
}

enum End {
    Done,
    Interrupted,
}

async fn rush(args: &Arguments) -> Result<End, Error> {
    let interrupt = Interrupt::listen();
    let client = Client::new(args.address.clone(), args.timeout);
    let mut paper = Paper::new(args.plain);
    let ended = match args.crowd() {
        Some(crowd) => all_at_once(args, &client, crowd, &interrupt, &mut paper).await,
        None => {
            let walk = timeout(args.time_limit, walk(args, &client, &mut paper));
            tokio::select! {
                walked = walk => walked.unwrap_or(Err(Error::TimeOver(args.time_limit))),
                () = interrupt.come() => Ok(End::Interrupted),
            }
        }
    };
    paper.done();
    match ended {
        Err(Error::Output(error)) => {
            Paper::unless_closed(Err(error)).map(|()| End::Done).map_err(Error::Output)
        }
        ended => ended,
    }
}

/// One order after another, each with more customers.
async fn walk(args: &Arguments, client: &Client, paper: &mut Paper) -> Result<End, Error> {
    for (step, customers) in args.ladder.iter().enumerate() {
        paper.wait_for(format!("{} customers", thousands((*customers).into())));
        let first = step == 0;
        let rung = of_a_shop(client.address(), rung(client, *customers).await, first)?;
        if first {
            paper.print(" customers  status          time\n")?;
        }
        paper.print(&row(&rung))?;
        if rung.died() || matches!(rung.end, Err(Failure::Refused)) {
            paper.wait_for("until the shop is back".to_owned());
            let waited = back(client, args.back_within).await;
            let waited = waited.ok_or(Error::NotBack(args.back_within))?;
            paper.print(&format!("            it was back after {}\n", milliseconds(waited)))?;
        }
    }
    Ok(End::Done)
}

/// What cannot have come from a coffee shop is an error. A shop that was there before may be gone.
fn of_a_shop(address: &Address, rung: Rung, first: bool) -> Result<Rung, Error> {
    let Rung { customers, end, took } = rung;
    let end = match end {
        Err(failure @ (Failure::Refused | Failure::Unreachable(_))) if first => {
            return Err(Error::NoShop(address.clone(), failure));
        }
        Err(Failure::NotHttp) => return Err(Error::NotHttp(address.clone())),
        Ok(answer) if !answer.is_of_a_shop() => {
            return Err(Error::Another(address.clone(), answer));
        }
        end => end,
    };
    Ok(Rung { customers, end, took })
}

fn row(rung: &Rung) -> String {
    let (status, sentence) = match &rung.end {
        _ if rung.died() => ("died".to_owned(), "the shop died of this order"),
        Ok(answer) if answer.is_coffee() => (answer.status.as_u16().to_string(), ""),
        Ok(answer) => (answer.status.as_u16().to_string(), answer.sentence.as_str()),
        Err(failure) => (failure.word().to_owned(), ""),
    };
    let (customers, took) = (thousands(rung.customers.into()), milliseconds(rung.took));
    let row = format!("{customers:>10}  {status:<9} {took:>9}\n");
    if sentence.is_empty() {
        return row;
    }
    let indent = " ".repeat(12);
    let width = textwrap::Options::new(80).initial_indent(&indent).subsequent_indent(&indent);
    format!("{row}{}\n", textwrap::fill(sentence, width))
}

/// Many orders at once. What there is when the time is over or Ctrl-C came is printed, too.
async fn all_at_once(
    args: &Arguments,
    client: &Client,
    crowd: Crowd,
    interrupt: &Interrupt,
    paper: &mut Paper,
) -> Result<End, Error> {
    let most = descriptors();
    if u64::from(crowd.concurrency) > most {
        return Err(Error::Descriptors(crowd.concurrency, most));
    }
    let mut tally = Tally::default();
    paper.count_to(crowd.requests);
    let mut began = Instant::now();
    let bar = paper.bar().clone();
    let rush = async {
        let connected = client.connect().await;
        connected.map_err(|failure| Error::NoShop(client.address().clone(), failure))?;
        began = Instant::now();
        match crowd.rush(client, &mut tally, |counted| bar.set_position(counted)).await {
            Some(answer) => Err(Error::Another(client.address().clone(), answer)),
            None => Ok(End::Done),
        }
    };
    let ended = tokio::select! {
        ended = rush => Ok(ended?),
        () = interrupt.come() => Ok(End::Interrupted),
        () = tokio::time::sleep(args.time_limit) => Err(Error::TimeOver(args.time_limit)),
    };
    let took = began.elapsed();
    paper.done();
    paper.print(&report(crowd, &tally, took))?;
    ended
}

fn report(crowd: Crowd, tally: &Tally, took: Duration) -> String {
    let Crowd { requests, concurrency, customers } = crowd;
    let [all, ended, served] = [requests, tally.requests(), tally.customers()].map(thousands);
    let per_second = |number: u64| number as f64 / took.as_secs_f64().max(0.001);
    let (orders, people) = (per_second(tally.requests()), per_second(tally.customers()));
    let times = tally.percentiles().unwrap_or_else(|| "nobody was served".to_owned());
    format!(
        "orders      {ended} of {all} ended, up to {concurrency} at a time, each for {} \
         customers\n\
         statuses    {}\n\
         customers   {served} served\n\
         throughput  {orders:.1} orders a second, {people:.1} customers a second\n\
         times       {times}\n\
         took        {}\n",
        thousands(customers.into()),
        if tally.requests() == 0 { "none".to_owned() } else { tally.to_string() },
        milliseconds(took),
    )
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use tokio::task::spawn_blocking;

    use super::*;

    #[test]
    fn a_name_that_is_still_looked_up_is_not_waited_for() {
        let (found, looking_up) = mpsc::channel::<()>();
        let ended = on_a_runtime(async {
            spawn_blocking(move || looking_up.recv_timeout(20 * LAST_CALL));
            Ok(())
        });
        assert!(ended.is_ok());
        found.send(()).expect("it is looked up to this moment");
    }
}
