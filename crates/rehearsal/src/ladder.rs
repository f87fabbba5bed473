use std::time::Duration;

use rush::{Client, Rung, milliseconds, rung, thousands};
use tokio::time::{Instant, timeout};

use crate::backoff::SCALE;
use crate::error::Error;
use crate::memory::megabytes;
use crate::pod::{Ending, Pod};
use crate::stage::Stage;
use crate::talk;

/// How long the rehearsal may take to notice that a shop died, in real time.
const NOTICED: Duration = Duration::from_secs(5);

/// One order after another, each with more customers, to one pod.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ladder<'a> {
    pub(crate) customers: &'a [u32],
    /// Whose figures stand beside ours; `None` if the talk did not do this.
    pub(crate) talk: Option<u8>,
    /// How long one answer may take, in real time.
    pub(crate) timeout: Duration,
}

impl Ladder<'_> {
    pub(crate) async fn walk(&self, stage: &mut Stage, pod: &Pod) -> Result<(), Error> {
        stage.say(" customers  the talk          here        memory")?;
        for customers in self.customers {
            self.one(stage, pod, *customers).await?;
        }
        Ok(())
    }

    async fn one(&self, stage: &mut Stage, pod: &Pod, customers: u32) -> Result<(), Error> {
        let status = stage.ready(pod).await?;
        let address = status.address.ok_or(Error::NoStart("it has no address".to_owned()))?;
        let client = Client::new(address, self.timeout);
        pod.weight.take_peak();
        let what = format!("{} customers", thousands(customers.into()));
        let rung = stage.during(&what, std::slice::from_ref(pod), rung(&client, customers)).await;
        let here = match &rung.end {
            _ if rung.died() => "died".to_owned(),
            Ok(answer) if answer.is_coffee() => milliseconds(rung.took),
            Ok(answer) => answer.status.as_u16().to_string(),
            Err(failure) => failure.word().to_owned(),
        };
        let talk = self.talk.map(|step| talk::reported(step, customers).join(", "));
        let talk = talk.filter(|talk| !talk.is_empty()).unwrap_or_else(|| "-".to_owned());
        let (number, peak) = (thousands(customers.into()), megabytes(pod.weight.take_peak()));
        stage.say(&format!("{number:>10}  {talk:<14} {here:>10} {peak:>13}"))?;
        if let Some(aside) = self.talk.and_then(|step| talk::aside(step, customers)) {
            stage.tell(12, &format!("The talk's shop: {aside}."))?;
        }
        self.afterwards(stage, pod, &rung, status.restarts).await
    }

    /// What there is to say of an order that was not served.
    async fn afterwards(
        &self,
        stage: &mut Stage,
        pod: &Pod,
        rung: &Rung,
        restarts: u32,
    ) -> Result<(), Error> {
        if let Ok(answer) = &rung.end {
            if !answer.is_coffee() {
                stage.tell(12, &answer.sentence)?;
            }
        }
        if !rung.died() {
            return Ok(());
        }
        let began = Instant::now();
        let restarted = pod.until(|status| status.restarts > restarts || status.gone.is_some());
        let noticed = NOTICED + 2 * Duration::from_secs(300) / SCALE;
        let _ = timeout(noticed, stage.during("until it is restarted", &[], restarted)).await;
        let status = stage.ready(pod).await?;
        let Some((ending, wait)) = status.last else {
            return Err(Error::NotReady("the connection ended, and the shop did not".to_owned()));
        };
        let restart = match wait.as_secs() {
            0 => "came at once".to_owned(),
            wait => format!("waited {} s, a kubelet {wait} s", wait as f64 / f64::from(SCALE)),
        };
        let (ending, number) = (ending.in_words(), status.restarts);
        let back = milliseconds(began.elapsed());
        stage.tell(12, &format!("{ending}. Restart {number} {restart}; ready after {back}."))?;
        Ok(())
    }
}

impl Ending {
    /// A clause.
    pub(crate) fn in_words(&self) -> String {
        match self {
            Self::PastLimit(bytes) => format!(
                "killed by the rehearsal at {}; in a cluster the kernel does it, exit code 137",
                megabytes(*bytes)
            ),
            Self::Killed => "killed because it was asked for".to_owned(),
            Self::Exited(status) => format!("it ended by itself, {status}"),
        }
    }
}
