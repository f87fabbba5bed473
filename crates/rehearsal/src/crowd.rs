use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use customers::{is_coffee, verdict};
use indicatif::HumanCount;
use rush::{Plan, Report, Sent, Target, send};

use crate::service::{Served, Service};

/// Many orders at once, spread over the replicas.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Crowd {
    pub(crate) plan: Plan,
    /// How many customers each order is for.
    pub(crate) customers: u32,
}

/// How many orders each replica took, and how they ended.
#[derive(Debug)]
pub(crate) struct Shares {
    replicas: BTreeMap<Arc<str>, Report>,
    /// Orders that no replica took.
    untaken: Report,
    pub(crate) retries: u64,
    customers: u32,
}

impl Crowd {
    /// Sends the orders until they are used up or `enough` is done, and waits for every answer;
    /// `counted` is told how many have ended. Cancel safe: dropped, it hangs up.
    pub(crate) async fn order(
        self,
        service: &Arc<Service>,
        enough: impl Future<Output = ()>,
        mut counted: impl FnMut(u64),
    ) -> Shares {
        let orders = Orders { service: service.clone(), customers: self.customers };
        let mut shares = Shares {
            replicas: BTreeMap::new(),
            untaken: Report::default(),
            retries: 0,
            customers: self.customers,
        };
        let ended = |Sent { outcome, latency }| {
            shares.count(outcome, latency);
            counted(shares.orders());
            ControlFlow::Continue(())
        };
        send(&self.plan, &Arc::new(orders), enough, ended).await;
        shares
    }

    /// A sentence.
    pub(crate) fn in_words(self) -> String {
        let clients = self.plan.clients();
        let [orders, customers] = [self.plan.requests, self.customers.into()].map(HumanCount);
        format!("{orders} orders for {customers} customers each, {clients} at a time:")
    }
}

struct Orders {
    service: Arc<Service>,
    customers: u32,
}

impl Target for Orders {
    type Session = ();
    type Outcome = Served;

    async fn send(&self, _: u64, (): &mut ()) -> Served {
        self.service.order(self.customers).await
    }

    fn is_served(&self, served: &Served) -> bool {
        served.end.as_ref().is_ok_and(is_coffee)
    }
}

impl Shares {
    fn count(&mut self, Served { by, retries, end }: Served, latency: Duration) {
        self.retries += retries;
        let report = match by {
            Some(name) => self.replicas.entry(name).or_default(),
            None => &mut self.untaken,
        };
        report.count(end.as_ref().map(|answer| (answer.status, verdict(answer))), latency);
    }

    /// How many orders were accepted and never answered.
    pub(crate) fn lost(&self) -> u64 {
        self.replicas.values().map(lost).sum()
    }

    /// How many orders were served.
    pub(crate) fn served(&self) -> u64 {
        self.replicas.values().map(Report::expected).sum()
    }

    /// How many orders ended, in whatever way.
    pub(crate) fn orders(&self) -> u64 {
        self.replicas.values().chain([&self.untaken]).map(Report::requests).sum()
    }

    /// A row for each replica, and the sums that no row has.
    pub(crate) fn table(&self) -> String {
        let mut text =
            "replica           orders   served     lost  refused  customers\n".to_owned();
        for (name, report) in &self.replicas {
            let (orders, served, lost) = (report.requests(), report.expected(), lost(report));
            let customers = served * u64::from(self.customers);
            let [orders, served, lost, refused, customers] =
                [orders, served, lost, orders - served - lost, customers]
                    .map(|number| HumanCount(number).to_string());
            let _ = writeln!(
                text,
                "{name:<15} {orders:>8} {served:>8} {lost:>8} {refused:>8} {customers:>10}"
            );
        }
        let _ = writeln!(
            text,
            "connections refused, and the order sent again: {}; orders that no shop took: {}",
            HumanCount(self.retries),
            HumanCount(self.untaken.requests())
        );
        text
    }
}

fn lost(report: &Report) -> u64 {
    report.ended("died") + report.ended("timed out")
}
