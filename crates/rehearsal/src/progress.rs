use std::time::Duration;

use customers::{Closed, Output};
use indicatif::DecimalBytes;
use tokio::time::{sleep, timeout};

use crate::error::Error;
use crate::pod::Pod;
use crate::status::Status;

/// How often what is shown during a wait is brought up to date, in wall time.
const REFRESHED: Duration = Duration::from_millis(200);

/// What a rehearsal prints, and what it shows while it waits.
#[derive(Debug)]
pub(crate) struct Progress {
    pub(crate) output: Output,
    /// How long a pod may take until it is ready, in wall time.
    pub(crate) patience: Duration,
}

impl Progress {
    /// Prints a line.
    pub(crate) fn say(&self, line: &str) -> Result<(), Closed> {
        self.output.print(&format!("{line}\n"))
    }

    /// Prints sentences, broken where they would not fit into 80 columns.
    pub(crate) fn tell(&self, indent: usize, sentences: &str) -> Result<(), Closed> {
        let indent = " ".repeat(indent);
        let width = textwrap::Options::new(80).initial_indent(&indent).subsequent_indent(&indent);
        self.say(&textwrap::fill(sentences, width))
    }

    /// Waits, and shows for what, and the memory of these pods meanwhile.
    pub(crate) async fn during<T>(
        &mut self,
        what: &str,
        pods: &[Pod],
        waited: impl Future<Output = T>,
    ) -> T {
        self.output.wait_for(what.to_owned());
        let bar = self.output.bar().clone();
        let refresh = async {
            loop {
                let memory = pods.iter().map(|pod| DecimalBytes(pod.memory.now()).to_string());
                let memory: Vec<_> = memory.collect();
                bar.set_message(format!("{what}, {}", memory.join(" and ")));
                sleep(REFRESHED).await;
            }
        };
        let done = tokio::select! {
            done = waited => done,
            () = refresh => unreachable!("it refreshes for ever"),
        };
        self.output.done();
        done
    }

    /// Waits until a pod is ready.
    pub(crate) async fn ready(&mut self, pod: &Pod) -> Result<Status, Error> {
        let ready = pod.until(|status| status.ready || status.gone.is_some());
        let ready = timeout(self.patience, ready);
        let Ok(status) = self.during("until the shop is ready", &[], ready).await else {
            return Err(self.not_ready(&pod.status.borrow()));
        };
        match status.gone {
            Some(Err(why)) => Err(Error::NoStart(why)),
            Some(Ok(())) => Err(Error::NoStart("it was closed".to_owned())),
            None => Ok(status),
        }
    }

    fn not_ready(&self, status: &Status) -> Error {
        let last = status.last.as_ref().map(|(ending, _)| format!(": {}", ending.in_words()));
        let seconds = self.patience.as_secs();
        let last = last.unwrap_or_default();
        Error::NotReady(format!("the shop was not ready within {seconds} s{last}"))
    }
}
