use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::json;

use crate::client::{at_once, status};
use crate::container::Container;
use crate::figures::measured;
use crate::overlay::Overlay;
use crate::wait::{beside, pause};

/// Without more in swap, which an engine grants by itself.
const TEN_MIB: [&str; 4] = ["--memory", "10m", "--memory-swap", "10m"];
const THREE_GB: [&str; 4] = ["--memory", "3092000000", "--memory-swap", "3092000000"];
/// An answer takes 2 s. So much more is allowed on a busy machine.
const SLACK: Duration = Duration::from_millis(600);

/// Orders, and notes it as a row of the table; the status and the time.
fn row(shop: &Container, limit: &str, step: &str, customers: u32) -> (Option<u16>, Duration) {
    let (status, time) = shop.serve(customers);
    let (seconds, peak) = (time.as_secs_f64(), status.map(|_| shop.peak()));
    measured(&json!({
        "limit": limit, "step": step, "customers": customers,
        "status": status, "took_s": seconds, "peak_bytes": peak,
    }));
    (status, time)
}

fn assert_two_seconds(customers: u32, (status, time): (Option<u16>, Duration)) {
    assert_eq!(status, Some(200), "{customers}");
    assert!(time < Duration::from_secs(2) + SLACK, "{customers} took {time:?}");
}

/// Orders for more and more customers until the kernel kills the shop; for how many it was.
fn killed_by(
    shop: &Container,
    mut ladder: impl Iterator<Item = u32>,
    order: impl Fn(u32) -> Option<u16>,
) -> u32 {
    let (kills, last) = shop.oom_kills_while(|| {
        let last = ladder.find(|customers| order(*customers).is_none());
        let last = last.expect("sixty thousand do not fit");
        assert_eq!(shop.exit_code(), 137, "SIGKILL");
        last
    });
    assert_eq!(kills, 1, "the kernel says that it was the memory");
    last
}

/// The talk's shop was killed by 3,000 customers, because nothing bounded them. So is this one,
/// by more: the kernel says that it was the memory.
#[test]
fn ten_mebibytes_without_a_bound_end_in_an_oom_kill() {
    for (step, survives, apart) in [("nested-joins", 3_000, 1_000), ("table", 100_000, 10_000)] {
        let shop = Container::run(&TEN_MIB, &["--capacity", "unlimited", "--step", step]);
        let ladder = [3, 30, 300, 3_000, 10_000, 30_000, 100_000];
        for customers in ladder.into_iter().filter(|n| *n <= survives) {
            assert_two_seconds(customers, row(&shop, "10 MiB", step, customers));
        }
        let more = (1..=60).map(|number| survives + number * apart);
        let customers = killed_by(&shop, more, |customers| row(&shop, "10 MiB", step, customers).0);
        println!("10 MiB, {step}: killed by {customers} customers");
    }
}

#[test]
fn step_8_is_killed_as_the_overlay_stands() {
    let shop = Container::of(&Overlay::read("step8"), &[]);
    for customers in [3, 30, 300] {
        assert_eq!(shop.serve(customers).0, Some(200), "{customers}");
    }
    let ladder = (1..=20).map(|number| number * 3_000);
    let customers = killed_by(&shop, ladder, |customers| shop.serve(customers).0);
    println!("step 8 as it stands: killed by {customers} customers");
}

#[test]
fn ten_mebibytes_with_a_bound_refuse_what_does_not_fit_and_live() {
    let step8 = || Container::of(&Overlay::read("step8"), &["--capacity", "auto"]);
    let other = |step| Container::run(&TEN_MIB, &["--step", step]);
    let steps = ["nested-joins", "batched", "joined", "table"];
    for shop in steps.map(other).into_iter().chain([step8()]) {
        let opened = shop.opened();
        assert_eq!(opened["memory"], 10 << 20, "{opened}");
        let capacity = opened["capacity"].as_str().and_then(|capacity| capacity.parse().ok());
        let capacity: u32 = capacity.expect("a number of customers");
        for customers in [capacity + 1, 3_000_000] {
            assert_eq!(shop.serve(customers).0, Some(422), "{customers}");
        }
        // The connections are full, and so is the capacity, several times over.
        for customers in [1, 100, capacity / 2, capacity] {
            let statuses = at_once(shop.port, 40, customers);
            println!("10 MiB, {}, auto: 40 x {customers}: {statuses:?}", opened["step"]);
            let polite: usize =
                [200, 503].iter().filter_map(|status| statuses.get(&Some(*status))).sum();
            assert_eq!(polite, 40, "served or 503: {statuses:?}");
        }
        assert_eq!(shop.get("/readyz").0, Some(200), "it goes on");
        assert!(shop.is_running());
        assert_eq!(shop.oom_kills(), Some(0));
    }
}

/// Where the talk's shop needed 3.78 s. The lowest quota is 1 ms of a core; a cluster grants it
/// ten times a second even to a pod that asks for less, and the kernel, if told so, once a second.
#[test]
fn a_hundredth_of_a_core_is_enough_for_three_hundred_customers() {
    for (period, most) in [("100000", 10), ("1000000", 60)] {
        let cpu = ["--cpu-period", period, "--cpu-quota", "1000"];
        let shop = Container::run(&[&TEN_MIB[..], &cpu].concat(), &["--capacity", "unlimited"]);
        let (status, time) = shop.serve(300);
        println!("1 ms of a core in {period} us: 300 customers in {:.2} s", time.as_secs_f64());
        assert_eq!(status, Some(200));
        assert!(time < Duration::from_secs(most), "{time:?}");
    }
}

/// Where the talk's shop was killed, too. And a thousand customers to a task, whose waits are
/// numbers, take less time and less memory than one to a task. (How much less time, benches/check.sh
/// holds, which measures nothing else meanwhile.) Of two runs each, the faster one counts: other work delayed the slower one.
#[test]
fn three_million_in_one_call_fit_into_three_gigabytes() {
    let step9 = Overlay::read("step9");
    let unlimited = |limits: &[&str], step| {
        Container::run(limits, &["--capacity", "unlimited", "--step", step])
    };
    let pod = || Container::of(&step9, &[]);
    let runs = [
        [
            three_million("3092 MB", "nested-joins", &unlimited(&THREE_GB, "nested-joins")),
            probed(&step9, &pod(), |shop| three_million("3092 MB", "table", shop)),
        ],
        ["nested-joins", "table"].map(|step| three_million("none", step, &unlimited(&[], step))),
    ];
    let [simple, table] = [0, 1].map(|step| {
        let [one, other] = runs.map(|run| run[step]);
        (one.0.min(other.0), one.1.max(other.1))
    });
    let requested = step9.request("memory").expect("step 9 requests memory");
    assert!(table.1 as f64 <= requested, "a node short of memory evicts {} bytes first", table.1);
    let ratio = table.0 / simple.0;
    println!("table takes {ratio:.3} of the time beyond 2 s, and {} bytes", table.1);
    assert!(ratio < 0.5, "{ratio}");
    assert!(table.1 < simple.1 / 8, "{} and {} bytes", table.1, simple.1);
}

/// The seconds beyond 2 s that three million take, and the peak in bytes.
fn three_million(limit: &str, step: &str, shop: &Container) -> (f64, u64) {
    for customers in [3, 30, 300, 3_000, 10_000, 30_000] {
        assert_two_seconds(customers, row(shop, limit, step, customers));
    }
    let (status, time) = row(shop, limit, step, 3_000_000);
    assert_eq!((status, shop.oom_kills()), (Some(200), Some(0)));
    ((time - Duration::from_secs(2)).as_secs_f64(), shop.peak())
}

/// Asks as the kubelet's liveness probe does, and more often: it must not restart the shop.
fn probed<T>(overlay: &Overlay, shop: &Container, orders: impl FnOnce(&Container) -> T) -> T {
    let probe = overlay.container("livenessProbe");
    let path = probe["httpGet"]["path"].as_str().expect("a path");
    let patience = Duration::from_secs(probe["timeoutSeconds"].as_u64().expect("seconds"));
    let ask = |over: &AtomicBool| {
        let (mut in_a_row, mut most) = (0, 0);
        while !over.load(Ordering::Relaxed) {
            let alive = status(shop.port, "localhost", path, patience) == Some(200);
            in_a_row = if alive { 0 } else { in_a_row + 1 };
            most = most.max(in_a_row);
            pause(Duration::from_millis(500));
        }
        most
    };
    let (missed, done) = beside(ask, || orders(shop));
    println!("at most {missed} liveness probes in a row were missed");
    assert!(missed < probe["failureThreshold"].as_u64().expect("a number"), "{missed}");
    done
}

/// So an autoscaler with a CPU target has nothing to see; the shop's own figure has.
#[test]
fn thirty_thousand_customers_keep_no_processor_busy() {
    let step9 = Overlay::read("step9");
    let shop = Container::of(&step9, &[]);
    let before = shop.figure("tokio_busy_seconds_total");
    assert_eq!(shop.serve(30_000).0, Some(200));
    let share = (shop.figure("tokio_busy_seconds_total") - before) / 2.0;
    println!("with 30,000 customers in the shop {share:.2} of a CPU is busy");
    let requested = step9.request("cpu").expect("step 9 requests processors");
    assert!(share < 0.5 * requested, "a CPU target of 50 % of the request would fire: {share}");
}

#[test]
fn step_7_has_the_figure_of_the_autoscaler_and_no_limit() {
    let scaler = Overlay::read("autoscale");
    let name = scaler.field("HorizontalPodAutoscaler", "/spec/metrics/0/pods/metric/name");
    let shop = Container::of(&Overlay::read("step7"), &[]);
    assert_eq!(shop.figure(name.as_str().expect("a name")), 0.0);
    assert_ne!(shop.opened()["memory_from"], "MEMORY_LIMIT");
}
