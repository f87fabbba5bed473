use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use program::{End, Interrupt};
use rush::Client;
use tokio::runtime::Builder;
use tokio::time::timeout;

use crate::args::Arguments;
use crate::crowd::Crowd;
use crate::error::Error;
use crate::ladder::Ladder;
use crate::output::Output;

/// How long the runtime may take to drop what is left in it, in wall time.
const LAST_CALL: Duration = Duration::from_secs(1);

/// Sends the customers as the command line says.
///
/// The exit code is 0 if everything was sent, whatever came of it; 1 if there is no shop, it did
/// not come back, something else answered, or the time was over; 2 if the command line is wrong;
/// 130 after Ctrl-C.
#[must_use]
pub fn run() -> ExitCode {
    let args = Arguments::parse();
    program::exit(on_a_runtime(send(&args)))
}

/// The runtime is left behind if it does not end in time: the system may look up a name for long
/// after the answer is of use.
fn on_a_runtime<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let runtime = Builder::new_multi_thread().enable_all().build().map_err(Error::System)?;
    let ended = runtime.block_on(work);
    runtime.shutdown_timeout(LAST_CALL);
    ended
}

async fn send(args: &Arguments) -> Result<End, Error> {
    let interrupt = Interrupt::listen().map_err(Error::System)?;
    let client = Client::new(args.address.clone(), args.timeout);
    let mut output = Output::new(args.plain);
    let ended = match args.crowd() {
        Some(plan) => {
            let Arguments { customers, time_limit, json, .. } = *args;
            let crowd = Crowd { client: &client, plan, customers, time_limit, json };
            crowd.send(&interrupt, &mut output).await
        }
        None => ladder(args, &client, &interrupt, &mut output).await,
    };
    output.done();
    match ended {
        // A reader that wants no more is no error.
        Err(Error::Closed(_)) => output.check().map(|()| End::Done).map_err(Error::Output),
        ended => ended,
    }
}

async fn ladder(
    args: &Arguments,
    client: &Client,
    interrupt: &Interrupt,
    output: &mut Output,
) -> Result<End, Error> {
    let Arguments { ladder: ref customers, back_within, time_limit, json, .. } = *args;
    let ladder = Ladder { client, customers, back_within, json };
    tokio::select! {
        walked = timeout(time_limit, ladder.walk(output)) => {
            walked.unwrap_or(Err(Error::TimeOver(time_limit))).map(|()| End::Done)
        }
        () = interrupt.requested() => Ok(End::Interrupted),
    }
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
