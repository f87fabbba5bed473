use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, text};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use tokio::runtime::{Handle, RuntimeMetrics};

use crate::books::Books;

/// Upper bounds in seconds: around the 2 s and 6 s that the steps take, and what a queue adds.
const BUCKETS: [f64; 10] = [0.1, 0.5, 1.0, 2.0, 2.1, 2.5, 4.0, 6.5, 20.0, 60.0];

/// The figures of the shop and of its runtime, in the text format of Prometheus.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    durations: Histogram,
}

impl Metrics {
    pub(crate) fn new(books: &Arc<Books>) -> Self {
        let mut registry = Registry::default();
        let durations = Histogram::new(BUCKETS);
        let shop = registry.sub_registry_with_prefix("coffee_shop");
        let help = "How long an order took that was served, with its wait for room, in shop time";
        shop.register_with_unit("order_duration", help, Unit::Seconds, durations.clone());
        for (name, help, counter) in [
            ("asked", "Customers who asked for coffee", &books.asked),
            ("served", "Customers who got their coffee", &books.served),
            ("shed", "Customers turned away because the shop was full or closing", &books.shed),
            ("abandoned", "Customers left without: hung up, panic, closed", &books.abandoned),
        ] {
            shop.register(format!("customers_{name}"), help, counter.clone());
        }
        for (name, help, gauge) in [
            ("waiting", "Customers who wait to be admitted", &books.waiting),
            ("in_flight", "Customers who are being served", &books.in_flight),
        ] {
            shop.register(format!("customers_{name}"), help, gauge.clone());
        }
        registry.register_collector(Box::new(Tokio(Handle::current().metrics())));
        Self { registry, durations }
    }

    pub(crate) fn answered(&self, after: Duration) {
        self.durations.observe(after.as_secs_f64());
    }

    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        text::encode(&mut text, &self.registry).expect("writing to a string never fails");
        text
    }
}

/// What tokio's stable interface says of the runtime, asked when somebody looks.
#[derive(Debug)]
struct Tokio(RuntimeMetrics);

impl Collector for Tokio {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let workers = self.0.num_workers();
        let busy = (0..workers).map(|worker| self.0.worker_total_busy_duration(worker));
        for (name, help, value) in [
            ("tokio_workers", "Worker threads", workers),
            ("tokio_alive_tasks", "Tasks that have not ended", self.0.num_alive_tasks()),
            ("tokio_global_queue_depth", "Tasks ready to run", self.0.global_queue_depth()),
        ] {
            let gauge = ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX));
            let metric = encoder.encode_descriptor(name, help, None, gauge.metric_type())?;
            gauge.encode(metric)?;
        }
        let (name, help) = ("tokio_busy", "Time in which workers worked, all of them together");
        let busy = ConstCounter::new(busy.sum::<Duration>().as_secs_f64());
        let kind = busy.metric_type();
        busy.encode(encoder.encode_descriptor(name, help, Some(&Unit::Seconds), kind)?)
    }
}
