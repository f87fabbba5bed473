use std::io;
use std::time::Duration;

use rush::Paper;

use crate::memory::megabytes;
use crate::pod::{Pod, Status};

/// How often what is shown while one waits is brought up to date, in real time.
const LOOK: Duration = Duration::from_millis(200);

/// Where a rehearsal is seen.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) paper: Paper,
    /// How long something may take that takes a moment, in real time.
    pub(crate) patience: Duration,
}

impl Stage {
    /// Prints a line.
    pub(crate) fn say(&self, line: &str) -> io::Result<()> {
        self.paper.print(&format!("{line}\n"))
    }

    /// Prints sentences, broken where they would not fit into 80 columns.
    pub(crate) fn tell(&self, indent: usize, sentences: &str) -> io::Result<()> {
        let indent = " ".repeat(indent);
        let width = textwrap::Options::new(80).initial_indent(&indent).subsequent_indent(&indent);
        self.say(&textwrap::fill(sentences, width))
    }

    /// Shows what is waited for, and the memory of these pods meanwhile.
    pub(crate) async fn during<T>(
        &mut self,
        what: &str,
        pods: &[Pod],
        waited: impl Future<Output = T>,
    ) -> T {
        self.paper.wait_for(what.to_owned());
        let bar = self.paper.bar().clone();
        let show = async {
            loop {
                let weights = pods.iter().map(|pod| megabytes(pod.weight.now()));
                let weights: Vec<_> = weights.collect();
                bar.set_message(format!("{what}, {}", weights.join(" and ")));
                tokio::time::sleep(LOOK).await;
            }
        };
        let done = tokio::select! {
            done = waited => done,
            () = show => unreachable!("it shows for ever"),
        };
        self.paper.done();
        done
    }

    /// Waits until a pod is ready.
    pub(crate) async fn ready(&mut self, pod: &Pod) -> Result<Status, crate::error::Error> {
        use crate::error::Error;
        let ready = pod.until(|status| status.ready || status.gone.is_some());
        let patience = self.patience;
        let waited =
            self.during("until the shop is ready", &[], tokio::time::timeout(patience, ready));
        let status = waited.await.map_err(|_| {
            let last = pod.status.borrow().last.clone();
            let last =
                last.map(|(ending, _)| format!(": {}", ending.in_words())).unwrap_or_default();
            let seconds = patience.as_secs();
            Error::NotReady(format!("the shop was not ready within {seconds} s{last}"))
        })?;
        match status.gone {
            Some(Err(why)) => Err(Error::NoStart(why)),
            Some(Ok(())) => Err(Error::NoStart("it was closed".to_owned())),
            None => Ok(status),
        }
    }
}
