use std::collections::VecDeque;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use customers::{is_coffee, seconds};
use indicatif::{DecimalBytes, HumanCount};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::crowd::{Crowd, Shares};
use crate::error::Error;
use crate::pod::Pod;
use crate::progress::Progress;
use crate::service::Service;
use crate::spec::PodSpec;
use crate::talk;

/// How long after the others a killed replica is killed within an action: in the midst of it.
const MIDST: u32 = 2;

/// Step 10: replicas behind one address.
#[derive(Debug)]
pub(crate) struct Replicas {
    pub(crate) pods: Vec<Pod>,
    pub(crate) crowd: Crowd,
    /// How long one answer may take, in wall time.
    pub(crate) timeout: Duration,
    /// How long an action takes, in wall time.
    pub(crate) action: Duration,
}

impl Replicas {
    fn service(&self) -> Arc<Service> {
        Arc::new(Service::new(self.pods.clone(), self.timeout))
    }

    pub(crate) async fn ready(&self, progress: &mut Progress) -> Result<(), Error> {
        for pod in &self.pods {
            progress.ready(pod).await?;
        }
        Ok(())
    }

    /// As many large orders as there are replicas, all at once.
    pub(crate) async fn one_each(
        &self,
        progress: &mut Progress,
        customers: u32,
    ) -> Result<(), Error> {
        let service = self.service();
        let mut orders = JoinSet::new();
        for _ in &self.pods {
            let service = service.clone();
            orders.spawn(async move { service.order(customers).await });
        }
        let number = HumanCount(customers.into()).to_string();
        let what = format!("{number} customers each");
        let mut served = progress.during(&what, &self.pods, orders.join_all()).await;
        served.sort_by(|one, other| one.by.cmp(&other.by));
        let mut reported = VecDeque::from(talk::reported(10, customers));
        progress.say("replica         customers  the talk          here        memory")?;
        for order in served {
            let by = order.by.as_deref().unwrap_or("none");
            let here = match &order.end {
                Ok(answer) if is_coffee(answer) => seconds(answer.took),
                Ok(answer) => answer.status.as_u16().to_string(),
                Err(failure) => failure.word().to_owned(),
            };
            let pod = self.pods.iter().find(|pod| order.by.as_ref() == Some(&pod.name));
            let peak = pod
                .map_or_else(String::new, |pod| DecimalBytes(pod.memory.take_peak()).to_string());
            let talk = reported.pop_front().unwrap_or_else(|| "-".to_owned());
            progress.say(&format!("{by:<15} {number:>9}  {talk:<14} {here:>10} {peak:>13}"))?;
        }
        Ok(())
    }

    /// Many orders at once, without an accident.
    pub(crate) async fn rush(&self, progress: &mut Progress) -> Result<Shares, Error> {
        progress.tell(0, &self.crowd.in_words())?;
        let service = self.service();
        let shares = self.crowd.order(&service, pending(), |_| {});
        let shares = progress.during("the rush", &self.pods, shares).await;
        progress.output.print(&shares.table())?;
        Ok(shares)
    }

    /// Many orders at once, and in their midst a replica is killed.
    pub(crate) async fn kill_one(&self, progress: &mut Progress) -> Result<Shares, Error> {
        let victim = self.pods.first().ok_or(Error::NoStart("there is none".to_owned()))?;
        progress.tell(0, &self.crowd.in_words())?;
        let service = self.service();
        let quarter = Notify::new();
        let shares = self.crowd.order(&service, pending(), |ended| {
            if ended == self.crowd.plan.requests.div_ceil(4) {
                quarter.notify_one();
            }
        });
        let killed = async {
            quarter.notified().await;
            sleep(self.action / MIDST).await;
            victim.kill().await;
            victim.until(|status| status.last.is_some()).await;
            let began = Instant::now();
            let status = victim.until(|status| status.ready || status.gone.is_some()).await;
            (status, began.elapsed())
        };
        let both = async { tokio::join!(shares, killed) };
        let (shares, (status, back)) = progress.during("the rush", &self.pods, both).await;
        progress.output.print(&shares.table())?;
        let [lost, served, retries] =
            [shares.lost(), shares.served(), shares.retries].map(HumanCount);
        let name = &victim.name;
        progress.tell(
            0,
            &format!(
                "{name} was killed after a quarter of the orders. Lost: {lost}, which it had \
                 accepted and not answered; they are not sent again, because a client cannot know \
                 how far they got. The rest went on: {served} served, {retries} refused connections \
                 sent elsewhere. {name} was ready again after {}, restarts: {}.",
                seconds(back),
                status.restarts
            ),
        )?;
        Ok(shares)
    }

    /// Many orders at once, while every replica is replaced by a new one: `maxSurge: 1`,
    /// `maxUnavailable: 0`.
    pub(crate) async fn rollout(
        &self,
        progress: &mut Progress,
        specs: Vec<PodSpec>,
        tasks: &mut JoinSet<()>,
    ) -> Result<Shares, Error> {
        let (enough, service) = (Notify::new(), self.service());
        let crowd = Crowd { plan: self.crowd.plan.requests(u64::MAX), ..self.crowd };
        progress.tell(
            0,
            &format!(
                "{} at a time, each for {} customers, until the rollout is over.",
                crowd.plan.clients(),
                crowd.customers
            ),
        )?;
        let shares = crowd.order(&service, enough.notified(), |_| {});
        let began = Instant::now();
        let rolled = async {
            sleep(self.action / MIDST).await;
            let rolled = self.replace(&service, specs, tasks).await;
            enough.notify_one();
            rolled
        };
        let both = async { tokio::join!(shares, rolled) };
        let (shares, rolled) = progress.during("the rollout", &self.pods, both).await;
        progress.output.print(&shares.table())?;
        let problems = rolled?;
        let (number, took) = (self.pods.len(), seconds(began.elapsed()));
        let [orders, lost, other] =
            [shares.orders(), shares.lost(), shares.orders() - shares.served() - shares.lost()]
                .map(HumanCount);
        progress.tell(
            0,
            &format!(
                "{number} replicas were replaced in {took}: each new one was ready before an old \
                 one was asked to end. Of {orders} orders {lost} were lost and {other} refused.",
            ),
        )?;
        for problem in problems {
            progress.tell(0, &problem)?;
        }
        Ok(shares)
    }

    /// Returns a sentence for each replica that did not end as it should.
    async fn replace(
        &self,
        service: &Service,
        specs: Vec<PodSpec>,
        tasks: &mut JoinSet<()>,
    ) -> Result<Vec<String>, Error> {
        for (old, spec) in self.pods.iter().zip(specs) {
            let new = Pod::start(spec, tasks);
            let status = new.until(|status| status.ready || status.gone.is_some()).await;
            if let Some(Err(why)) = status.gone {
                return Err(Error::NoStart(why));
            }
            service.add(new);
            old.terminate().await;
        }
        let mut problems = Vec::new();
        for old in &self.pods {
            let status = old.until(|status| status.gone.is_some()).await;
            if let Some(Err(why)) = status.gone {
                problems.push(format!("{}: {why}.", old.name));
            }
        }
        Ok(problems)
    }
}
