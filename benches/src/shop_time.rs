use std::time::Duration;

use criterion::Throughput;
use criterion::measurement::{Measurement, ValueFormatter};
use measured::wall_clock;
use tokio::time::Instant;

/// Shop time as criterion measures it: what the shop's clock says was waited, plus the real time
/// spent working.
///
/// On tokio's paused clock a wait of 2 s costs no real time, and work, however long, does not
/// move the clock. So nothing is counted twice, and the sum is what a live run would take on a
/// machine that does nothing else. The work is also what keeps criterion alive: from waiting
/// alone all samples would be equal, and its t-test plot panics when they are.
///
/// Measure inside the runtime whose clock is paused; elsewhere both clocks run, and all is
/// counted twice.
#[derive(Clone, Copy, Debug, Default)]
pub struct ShopTime;

/// When something started, on both clocks.
#[derive(Clone, Copy, Debug)]
pub struct Start {
    shop: Instant,
    real: std::time::Instant,
}

impl Measurement for ShopTime {
    type Intermediate = Start;
    type Value = Duration;

    fn start(&self) -> Start {
        Start { shop: Instant::now(), real: wall_clock() }
    }

    fn end(&self, start: Start) -> Duration {
        start.shop.elapsed() + (wall_clock() - start.real)
    }

    fn add(&self, one: &Duration, other: &Duration) -> Duration {
        *one + *other
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        value.as_secs_f64()
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        self
    }
}

/// Always seconds, so that 2 s and 1800 s stand beside each other without a change of unit.
const UNIT: &str = "s of shop time";

impl ValueFormatter for ShopTime {
    fn format_value(&self, seconds: f64) -> String {
        format!("{seconds:.4} {UNIT}")
    }

    fn scale_values(&self, _typical: f64, _seconds: &mut [f64]) -> &'static str {
        UNIT
    }

    fn scale_throughputs(
        &self,
        _typical: f64,
        throughput: &Throughput,
        values: &mut [f64],
    ) -> &'static str {
        // The only throughput this workshop has is customers.
        let of = match *throughput {
            Throughput::Elements(customers) => customers as f64,
            _ => 1.0,
        };
        for seconds in values {
            *seconds = of / *seconds;
        }
        "customers per s of shop time"
    }

    fn scale_for_machines(&self, _seconds: &mut [f64]) -> &'static str {
        "s"
    }
}
