use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use rush::{Tally, thousands};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::service::{Served, Service};

/// Many orders at once, spread over the replicas.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Crowd {
    /// How many orders at the most.
    pub(crate) orders: u64,
    /// How many of them at the same time.
    pub(crate) at_once: u32,
    /// How many customers each of them is for.
    pub(crate) customers: u32,
    /// Over how long the clients arrive, in real time: who arrives together leaves together, and
    /// never sees what happens in between.
    pub(crate) arrive_over: Duration,
}

/// Which replica did what.
#[derive(Debug, Default)]
pub(crate) struct Shares {
    replicas: BTreeMap<Arc<str>, Tally>,
    nobody: Tally,
    pub(crate) retries: u64,
}

impl Crowd {
    /// Sends the orders until they are used up or `enough` is set, and waits for every answer.
    /// `counted` is told how many have ended. Cancel safe: dropped, it hangs up.
    pub(crate) async fn order(
        self,
        service: &Arc<Service>,
        enough: &Arc<AtomicBool>,
        mut counted: impl FnMut(u64),
    ) -> Shares {
        let (told, mut ends) = mpsc::channel(256);
        let taken = Arc::new(AtomicU64::new(0));
        let mut clients = JoinSet::new();
        for number in 0..self.at_once {
            let arrives = self.arrive_over * number / self.at_once;
            let (service, enough) = (service.clone(), enough.clone());
            let (taken, told) = (taken.clone(), told.clone());
            clients.spawn(async move {
                sleep(arrives).await;
                while !enough.load(Ordering::Relaxed)
                    && taken.fetch_add(1, Ordering::Relaxed) < self.orders
                {
                    let served = service.order(self.customers).await;
                    // A shop that is full or closing must not use up all orders in an instant.
                    let pause = served.end.as_ref().is_ok_and(|answer| !answer.is_coffee());
                    if told.send(served).await.is_err() {
                        return; // nobody counts any more
                    }
                    if pause {
                        sleep(Duration::from_millis(100)).await;
                    }
                }
            });
        }
        drop(told); // or the last end would be waited for
        let mut shares = Shares::default();
        for number in 1.. {
            let Some(served) = ends.recv().await else { break };
            shares.count(self.customers, served);
            counted(number);
        }
        shares
    }
}

impl Shares {
    fn count(&mut self, customers: u32, Served { by, retries, end }: Served) {
        self.retries += retries;
        let tally = match by {
            Some(name) => self.replicas.entry(name).or_default(),
            None => &mut self.nobody,
        };
        tally.count(customers, &end);
    }

    /// How many orders were accepted and never answered.
    pub(crate) fn lost(&self) -> u64 {
        let lost = |tally: &Tally| tally.ended("died") + tally.ended("timed out");
        self.replicas.values().map(lost).sum()
    }

    /// How many orders were served.
    pub(crate) fn served(&self) -> u64 {
        self.replicas.values().map(Tally::served).sum()
    }

    /// How many orders ended, in whatever way.
    pub(crate) fn orders(&self) -> u64 {
        self.replicas.values().chain([&self.nobody]).map(Tally::requests).sum()
    }

    /// A row for each replica, and what is to say of all.
    pub(crate) fn table(&self) -> String {
        let mut text =
            "replica           orders   served     lost  refused  customers\n".to_owned();
        for (name, tally) in &self.replicas {
            let lost = tally.ended("died") + tally.ended("timed out");
            let refused = tally.requests() - tally.served() - lost;
            let [orders, served, lost, refused, customers] =
                [tally.requests(), tally.served(), lost, refused, tally.customers()].map(thousands);
            let _ = writeln!(
                text,
                "{name:<15} {orders:>8} {served:>8} {lost:>8} {refused:>8} {customers:>10}"
            );
        }
        let _ = writeln!(
            text,
            "connections refused, and the order sent again: {}; orders that nobody took: {}",
            thousands(self.retries),
            thousands(self.nobody.requests())
        );
        text
    }
}
