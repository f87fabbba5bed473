use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rush::{milliseconds, thousands};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::crowd::{Crowd, Shares};
use crate::error::Error;
use crate::memory::megabytes;
use crate::pod::{Pod, Recipe};
use crate::service::Service;
use crate::stage::Stage;
use crate::talk;

/// How long after the others a killed replica is killed within an action: in the midst of it.
const MIDST: u32 = 2;

/// Step 10: replicas behind one address.
#[derive(Debug)]
pub(crate) struct Replicas {
    pub(crate) pods: Vec<Pod>,
    pub(crate) crowd: Crowd,
    /// How long one answer may take, in real time.
    pub(crate) timeout: Duration,
    /// How long an action takes, in real time.
    pub(crate) action: Duration,
}

impl Replicas {
    fn service(&self) -> Arc<Service> {
        Arc::new(Service::new(self.pods.clone(), self.timeout))
    }

    pub(crate) async fn ready(&self, stage: &mut Stage) -> Result<(), Error> {
        for pod in &self.pods {
            stage.ready(pod).await?;
        }
        Ok(())
    }

    /// As many large orders as there are replicas, all at once.
    pub(crate) async fn one_each(&self, stage: &mut Stage, customers: u32) -> Result<(), Error> {
        let service = self.service();
        let mut orders = JoinSet::new();
        for _ in &self.pods {
            let service = service.clone();
            orders.spawn(async move { service.order(customers).await });
        }
        let number = thousands(customers.into());
        let what = format!("{number} customers each");
        let mut served = stage.during(&what, &self.pods, orders.join_all()).await;
        served.sort_by(|one, other| one.by.cmp(&other.by));
        let mut reported = VecDeque::from(talk::reported(10, customers));
        stage.say("replica         customers  the talk          here        memory")?;
        for order in served {
            let by = order.by.as_deref().unwrap_or("none");
            let here = match &order.end {
                Ok(answer) if answer.is_coffee() => milliseconds(answer.took),
                Ok(answer) => answer.status.as_u16().to_string(),
                Err(failure) => failure.word().to_owned(),
            };
            let pod = self.pods.iter().find(|pod| order.by.as_ref() == Some(&pod.name));
            let peak = pod.map_or_else(String::new, |pod| megabytes(pod.weight.take_peak()));
            let talk = reported.pop_front().unwrap_or_else(|| "-".to_owned());
            stage.say(&format!("{by:<15} {number:>9}  {talk:<14} {here:>10} {peak:>13}"))?;
        }
        Ok(())
    }

    /// Many orders at once, and nothing happens.
    pub(crate) async fn rush(&self, stage: &mut Stage) -> Result<Shares, Error> {
        stage.tell(0, &self.crowd.in_words())?;
        let enough = Arc::new(AtomicBool::new(false));
        let service = self.service();
        let shares = self.crowd.order(&service, &enough, |_| {});
        let shares = stage.during("the rush", &self.pods, shares).await;
        stage.paper.print(&shares.table())?;
        Ok(shares)
    }

    /// Many orders at once, and in their midst a replica is killed.
    pub(crate) async fn kill_one(&self, stage: &mut Stage) -> Result<Shares, Error> {
        let victim = self.pods.first().ok_or(Error::NoStart("there is none".to_owned()))?;
        stage.tell(0, &self.crowd.in_words())?;
        let (enough, service) = (Arc::new(AtomicBool::new(false)), self.service());
        let quarter = Notify::new();
        let shares = self.crowd.order(&service, &enough, |ended| {
            if ended == self.crowd.orders.div_ceil(4) {
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
        let (shares, (status, back)) = stage.during("the rush", &self.pods, both).await;
        stage.paper.print(&shares.table())?;
        let [lost, served, retries] =
            [shares.lost(), shares.served(), shares.retries].map(thousands);
        let name = &victim.name;
        stage.tell(
            0,
            &format!(
                "{name} was killed after a quarter of the orders. Lost: {lost}, which it had \
                 accepted and not answered; nobody sends them again, because nobody knows how far \
                 they got. The rest went on: {served} served, {retries} refused connections sent \
                 elsewhere. {name} was ready again after {}, restarts: {}.",
                milliseconds(back),
                status.restarts
            ),
        )?;
        Ok(shares)
    }

    /// Many orders at once, while every replica is replaced by a new one: `maxSurge: 1`,
    /// `maxUnavailable: 0`.
    pub(crate) async fn rollout(
        &self,
        stage: &mut Stage,
        recipes: Vec<Recipe>,
        tasks: &mut JoinSet<()>,
    ) -> Result<Shares, Error> {
        let (enough, service) = (Arc::new(AtomicBool::new(false)), self.service());
        let crowd = Crowd { orders: u64::MAX, ..self.crowd };
        stage.tell(
            0,
            &format!(
                "{} at a time, each for {} customers, until the rollout is over.",
                crowd.at_once, crowd.customers
            ),
        )?;
        let shares = crowd.order(&service, &enough, |_| {});
        let began = Instant::now();
        let rolled = async {
            sleep(self.action / MIDST).await;
            let rolled = self.replace(&service, recipes, tasks).await;
            enough.store(true, Ordering::Relaxed);
            rolled
        };
        let both = async { tokio::join!(shares, rolled) };
        let (shares, rolled) = stage.during("the rollout", &self.pods, both).await;
        stage.paper.print(&shares.table())?;
        let problems = rolled?;
        let (number, took) = (self.pods.len(), milliseconds(began.elapsed()));
        let [orders, lost, other] =
            [shares.orders(), shares.lost(), shares.orders() - shares.served() - shares.lost()]
                .map(thousands);
        stage.tell(
            0,
            &format!(
                "{number} replicas were replaced in {took}: each new one was ready before an old \
                 one was asked to go. Of {orders} orders {lost} were lost and {other} refused.",
            ),
        )?;
        for problem in problems {
            stage.tell(0, &problem)?;
        }
        Ok(shares)
    }

    /// Returns what did not go as it should.
    async fn replace(
        &self,
        service: &Service,
        recipes: Vec<Recipe>,
        tasks: &mut JoinSet<()>,
    ) -> Result<Vec<String>, Error> {
        for (old, recipe) in self.pods.iter().zip(recipes) {
            let new = Pod::start(recipe, tasks);
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

impl Crowd {
    fn in_words(self) -> String {
        let [orders, customers] = [self.orders, self.customers.into()].map(thousands);
        format!("{orders} orders for {customers} customers each, {} at a time:", self.at_once)
    }
}
