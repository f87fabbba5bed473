use std::slice;
use std::time::Duration;

use customers::{Attempt, attempt, is_coffee, seconds};
use indicatif::{DecimalBytes, HumanCount};
use rush::Client;
use tokio::time::{Instant, timeout};

use crate::backoff::SCALE;
use crate::error::Error;
use crate::pod::Pod;
use crate::progress::Progress;
use crate::talk;

/// How long the rehearsal may take to notice that a shop died, in wall time.
const NOTICED: Duration = Duration::from_secs(5);

/// One order after another, each with more customers, to one pod.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ladder<'a> {
    pub(crate) customers: &'a [u32],
    /// The step whose figures stand beside ours; `None` if the talk did not do this.
    pub(crate) talk: Option<u8>,
    /// How long one answer may take, in wall time.
    pub(crate) timeout: Duration,
}

impl Ladder<'_> {
    pub(crate) async fn walk(&self, progress: &mut Progress, pod: &Pod) -> Result<(), Error> {
        progress.say(" customers  the talk          here        memory")?;
        for customers in self.customers {
            self.one(progress, pod, *customers).await?;
        }
        Ok(())
    }

    async fn one(&self, progress: &mut Progress, pod: &Pod, customers: u32) -> Result<(), Error> {
        let status = progress.ready(pod).await?;
        let address = status.address.ok_or(Error::NoStart("it has no address".to_owned()))?;
        let client = Client::new(address, self.timeout);
        pod.memory.take_peak();
        let number = HumanCount(customers.into()).to_string();
        let what = format!("{number} customers");
        let attempt =
            progress.during(&what, slice::from_ref(pod), attempt(&client, customers)).await;
        let here = here(&attempt);
        let talk = self.talk.map(|step| talk::reported(step, customers).join(", "));
        let talk = talk.filter(|talk| !talk.is_empty()).unwrap_or_else(|| "-".to_owned());
        let peak = DecimalBytes(pod.memory.take_peak()).to_string();
        progress.say(&format!("{number:>10}  {talk:<14} {here:>10} {peak:>13}"))?;
        if let Some(aside) = self.talk.and_then(|step| talk::aside(step, customers)) {
            progress.tell(12, &format!("The talk's shop: {aside}."))?;
        }
        if let Some(refusal) = attempt.end.as_ref().ok().filter(|answer| !is_coffee(answer)) {
            progress.tell(12, &refusal.line())?;
        }
        if attempt.died() {
            restarted(progress, pod, status.restarts).await?;
        }
        Ok(())
    }
}

fn here(attempt: &Attempt) -> String {
    match &attempt.end {
        _ if attempt.died() => "died".to_owned(),
        Ok(answer) if is_coffee(answer) => seconds(attempt.took),
        Ok(answer) => answer.status.as_u16().to_string(),
        Err(failure) => failure.word().to_owned(),
    }
}

/// Waits until a shop that died is ready again, and says why it died and how long that took.
async fn restarted(progress: &mut Progress, pod: &Pod, restarts: u32) -> Result<(), Error> {
    let began = Instant::now();
    let restarted = pod.until(|status| status.restarts > restarts || status.gone.is_some());
    let noticed = NOTICED + 2 * Duration::from_secs(300) / SCALE;
    let _ = timeout(noticed, progress.during("until it is restarted", &[], restarted)).await;
    let status = progress.ready(pod).await?;
    let Some((ending, wait)) = status.last else {
        return Err(Error::NotReady("the connection ended, and the shop did not".to_owned()));
    };
    let restart = match wait.as_secs() {
        0 => "came at once".to_owned(),
        wait => format!("waited {} s, a kubelet {wait} s", wait as f64 / f64::from(SCALE)),
    };
    let (ending, number) = (ending.in_words(), status.restarts);
    let back = seconds(began.elapsed());
    progress.tell(12, &format!("{ending}. Restart {number} {restart}; ready after {back}."))?;
    Ok(())
}
