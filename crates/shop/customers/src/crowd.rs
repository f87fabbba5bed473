use std::time::Duration;

use indicatif::{HumanCount, ProgressBar};
use program::{End, Interrupt};
use rush::{Client, Foreign, Pace, Plan, Report, load, max_connections};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::error::Error;
use crate::orders::{order, verdict};
use crate::output::Output;
use crate::seconds::seconds;

/// Many orders at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Crowd<'a> {
    pub(crate) client: &'a Client,
    pub(crate) plan: Plan,
    /// How many customers each order is for.
    pub(crate) customers: u32,
    /// How long all of it may take, in wall time.
    pub(crate) time_limit: Duration,
    pub(crate) json: bool,
}

impl Crowd<'_> {
    /// Sends the orders. What there is when the time is over or Ctrl-C came is printed, too.
    pub(crate) async fn send(
        &self,
        interrupt: &Interrupt,
        output: &mut Output,
    ) -> Result<End, Error> {
        let (clients, most) = (self.plan.clients(), max_connections());
        if u64::from(clients) > most {
            return Err(Error::Descriptors(clients, most));
        }
        output.count_to(Some(self.plan.requests).filter(|requests| *requests < u64::MAX));
        let bar = output.bar().clone();
        let (mut report, mut began) = (Report::default(), None);
        let ended = tokio::select! {
            sent = self.send_all(&mut report, &mut began, &bar) => { sent?; Ok(End::Done) }
            () = interrupt.requested() => Ok(End::Interrupted),
            () = sleep(self.time_limit) => Err(Error::TimeOver(self.time_limit)),
        };
        let took = began.map_or(Duration::ZERO, |began| began.elapsed());
        output.done();
        let text = if self.json { self.object(&report, took) } else { self.text(&report, took) };
        output.print(&text)?;
        match (ended?, report.garbage()) {
            (End::Done, garbage @ 1..) => Err(Error::SomeGarbage(garbage, report.requests())),
            (end, _) => Ok(end),
        }
    }

    async fn send_all(
        &self,
        report: &mut Report,
        began: &mut Option<Instant>,
        bar: &ProgressBar,
    ) -> Result<(), Error> {
        self.connects().await?;
        *began = Some(Instant::now());
        let (customers, counted) =
            (self.customers, |report: &Report| bar.set_position(report.requests()));
        let order = move |_| order(customers);
        let sent = load(self.client, order, verdict, &self.plan, report, counted).await;
        sent.map_err(|Foreign(answer)| Error::Foreign(self.client.address().clone(), answer))
    }

    /// Finds out whether there is something to send orders to.
    async fn connects(&self) -> Result<(), Error> {
        let connected = self.client.connect().await;
        let no_shop = |failure| Error::NoShop(self.client.address().clone(), failure);
        connected.map(drop).map_err(no_shop)
    }

    fn text(&self, report: &Report, took: Duration) -> String {
        let ended = HumanCount(report.requests());
        let all = match self.plan.requests {
            u64::MAX => String::new(),
            requests => format!(" of {}", HumanCount(requests)),
        };
        let pace = match self.plan.pace {
            Pace::Closed { clients } => format!("up to {clients} at a time"),
            Pace::Open { rate, .. } => format!("{rate} due a second"),
        };
        let served = report.expected() * u64::from(self.customers);
        let per_second = |number: u64| number as f64 / took.as_secs_f64().max(0.001);
        format!(
            "orders      {ended}{all} ended, {pace}, each for {}\n\
             statuses    {}\n\
             customers   {} served\n\
             throughput  {:.1} orders a second, {:.1} customers a second\n\
             times       {}\n\
             took        {}\n",
            customers(self.customers),
            statuses(report),
            HumanCount(served),
            per_second(report.requests()),
            per_second(served),
            report.latencies().unwrap_or_else(|| "no customer was served".to_owned()),
            seconds(took),
        )
    }

    fn object(&self, report: &Report, took: Duration) -> String {
        let mut object = report.to_json();
        object.insert(
            "planned".to_owned(),
            match self.plan.requests {
                u64::MAX => Value::Null,
                requests => json!(requests),
            },
        );
        object.insert("customers_each".to_owned(), json!(self.customers));
        object.insert("seconds".to_owned(), json!(took.as_secs_f64()));
        match self.plan.pace {
            Pace::Closed { clients } => object.insert("clients".to_owned(), json!(clients)),
            Pace::Open { rate, .. } => object.insert("rate".to_owned(), json!(rate)),
        };
        format!("{}\n", Value::Object(object))
    }
}

/// `200: 1,500, 503: 25`
fn statuses(report: &Report) -> String {
    let ends = report.ends().map(|(end, number)| format!("{end}: {}", HumanCount(number)));
    let ends: Vec<_> = ends.collect();
    if ends.is_empty() { "none".to_owned() } else { ends.join(", ") }
}

fn customers(number: u32) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} customer{plural}", HumanCount(number.into()))
}
