use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, text};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use serving::{Counts, Tally};
use tokio::runtime::{Handle, RuntimeMetrics};
use tracing_appender::non_blocking::ErrorCounter;

/// Upper bounds in seconds: around the 2 s and 6 s that the steps take, and what a queue adds.
const BUCKETS: [f64; 10] = [0.1, 0.5, 1.0, 2.0, 2.1, 2.5, 4.0, 6.5, 20.0, 60.0];

/// How figures are written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Format {
    /// What Prometheus has always read, and what a client gets that asks for nothing.
    Text,
    OpenMetrics,
}

impl Format {
    pub(crate) const ALL: [Self; 2] = [Self::Text, Self::OpenMetrics];

    pub(crate) const fn media_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }
}

/// The older format from OpenMetrics: it has neither units nor an end, and the name of a counter
/// includes `_total`.
fn plain(open_metrics: &str) -> String {
    let counters: Vec<_> = open_metrics
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE ")?.strip_suffix(" counter"))
        .collect();
    let mut text = String::with_capacity(open_metrics.len());
    for line in open_metrics.lines() {
        let words: Vec<_> = line.splitn(4, ' ').collect();
        match words[..] {
            ["#", "EOF"] | ["#", "UNIT", ..] => continue,
            ["#", what, name, said] if counters.contains(&name) => {
                text.push_str(&format!("# {what} {name}_total {said}"));
            }
            _ => text.push_str(line),
        }
        text.push('\n');
    }
    text
}

/// The figures of the shop and of its runtime.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    durations: Histogram,
}

impl Metrics {
    pub(crate) fn new(tally: &Arc<Tally>) -> Self {
        let mut registry = Registry::default();
        let durations = Histogram::new(BUCKETS);
        let shop = registry.sub_registry_with_prefix("coffee_shop");
        let help = "How long an order took that was served, with its wait for room, in shop time";
        shop.register_with_unit("order_duration", help, Unit::Seconds, durations.clone());
        registry.register_collector(Box::new(Customers(Arc::clone(tally))));
        registry.register_collector(Box::new(Tokio(Handle::current().metrics())));
        Self { registry, durations }
    }

    pub(crate) fn count_dropped_lines(&mut self, dropped: ErrorCounter) {
        self.registry.register_collector(Box::new(LogLines(dropped)));
    }

    pub(crate) fn answered(&self, after: Duration) {
        self.durations.observe(after.as_secs_f64());
    }

    pub(crate) fn text(&self, format: Format) -> String {
        let mut text = String::new();
        text::encode(&mut text, &self.registry).expect("writing to a string never fails");
        match format {
            Format::Text => plain(&text),
            Format::OpenMetrics => text,
        }
    }
}

/// The customers of all orders, counted when a client asks.
#[derive(Debug)]
struct Customers(Arc<Tally>);

impl Collector for Customers {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let Counts { asked, served, undelivered, shed, abandoned, waiting, in_flight } =
            self.0.counts();
        for (name, help, value) in [
            ("asked", "Customers who asked for coffee", asked),
            ("served", "Customers who got their coffee", served),
            (
                "undelivered",
                "Customers whose coffee was made and whose answer could not be written",
                undelivered,
            ),
            ("shed", "Customers turned away because the shop was full or closing", shed),
            ("abandoned", "Customers left without: hung up, panic, closed", abandoned),
        ] {
            let name = format!("coffee_shop_customers_{name}");
            let counter = ConstCounter::new(value);
            let kind = counter.metric_type();
            counter.encode(encoder.encode_descriptor(&name, help, None, kind)?)?;
        }
        for (name, help, value) in [
            ("waiting", "Customers who wait to be admitted", waiting),
            ("in_flight", "Customers who are being served", in_flight),
        ] {
            let name = format!("coffee_shop_customers_{name}");
            let gauge = ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX));
            let kind = gauge.metric_type();
            gauge.encode(encoder.encode_descriptor(&name, help, None, kind)?)?;
        }
        Ok(())
    }
}

/// Lines of the log that were dropped, because the ones before were not read.
#[derive(Debug)]
struct LogLines(ErrorCounter);

impl Collector for LogLines {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let dropped = ConstCounter::new(u64::try_from(self.0.dropped_lines()).unwrap_or(u64::MAX));
        let (name, help) = ("coffee_shop_log_lines_dropped", "Log lines that were not written");
        let kind = dropped.metric_type();
        dropped.encode(encoder.encode_descriptor(name, help, None, kind)?)
    }
}

/// What tokio's stable interface says of the runtime, read when a client asks.
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
