use std::future::pending;
use std::io::ErrorKind;
use std::net::IpAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use axum::middleware::from_fn_with_state;
use clap::{CommandFactory, FromArgMatches};
use counter::{Audience, Counter, Listener, signed};
use live::Publisher;
use program::{End, Interrupt};
use serving::{Admission, Counts, Drain, Limits, Places, Room, Tally, place_streams, serve};
use tokio::runtime::Builder;

use crate::args::{Arguments, Command, Settings};
use crate::capacity::{Capacity, connections, is_tiny};
use crate::error::Error;
use crate::front::Front;
use crate::log::Log;
use crate::memory::{Memory, memory};

/// The talk's number of what this shop shows, in whatever way it serves.
const STEP: u8 = 6;
/// How long the shop may take to write its last log line after a second signal, in real time.
const LAST_WORDS: Duration = Duration::from_secs(3);
/// How long the runtime may take to drop what is left in it, in real time.
const LAST_CALL: Duration = Duration::from_secs(1);

/// Runs the shop as the command line and the environment say, until SIGTERM or Ctrl-C. `name` is
/// how it was called, for `--help`.
///
/// The exit code is 0 if all accepted customers were served, 1 if some were abandoned at the end or
/// the shop could not open, 2 if a flag is wrong, and 130 if it is
/// blocked and a second signal ends it.
#[must_use]
pub fn run(name: &'static str) -> ExitCode {
    run_until(name, pending())
}

/// The same, and it also closes in order when `stop` is done: for a program that runs the shop
/// where there is no SIGTERM.
#[must_use]
pub fn run_until(name: &'static str, stop: impl Future<Output = ()>) -> ExitCode {
    let mut command = Arguments::command().bin_name(name);
    let matches = command.get_matches_mut();
    let arguments = Arguments::from_arg_matches(&matches)
        .unwrap_or_else(|error| error.format(&mut command).exit());
    let settings = arguments.settings;
    let ended = match arguments.command {
        Some(Command::Health) => {
            crate::health::health(settings.address, settings.port).map(|()| End::Done)
        }
        None => shop(&settings, stop).map(|abandoned| match abandoned {
            0 => End::Done,
            _ => End::Unsuccessful,
        }),
    };
    program::exit(ended)
}

/// Returns how many customers were abandoned because the shop closed.
fn shop(settings: &Settings, stop: impl Future<Output = ()>) -> Result<u64, Error> {
    let log = Log::begin(settings.log_format);
    let system = |source| Error::System { source };
    let runtime = Builder::new_multi_thread().enable_all().build().map_err(system)?;
    let (tally, before) = runtime.block_on(open(settings, &log, stop))?;
    // Drops tasks that nothing awaits, which only step 3 has: their customers are counted then.
    runtime.shutdown_timeout(LAST_CALL);
    let Counts { served, undelivered, shed, .. } = tally.counts();
    let abandoned = lost(tally.counts()).saturating_sub(before);
    let log_lines_dropped = log.dropped().dropped_lines();
    tracing::info!(served, undelivered, shed, abandoned, log_lines_dropped, "closed");
    Ok(abandoned)
}

/// Customers who were admitted and got nothing.
const fn lost(counts: Counts) -> u64 {
    counts.abandoned + counts.undelivered + counts.in_flight
}

/// Returns the counts, and how many customers were lost before the end, by leaving.
async fn open(
    settings: &Settings,
    log: &Log,
    stop: impl Future<Output = ()>,
) -> Result<(Arc<Tally>, u64), Error> {
    let listener = listen(settings).await?;
    let interrupt = Interrupt::listen_with_last_words(LAST_WORDS);
    let interrupt = interrupt.map_err(|source| Error::System { source })?;
    let memory = memory(settings.memory_limit);
    let (permits, scale) = settings.capacity.permits(memory);
    let capacity = permits.map(|permits| scale.most_customers(settings.step, permits));
    let Settings { request_wait, write_wait, .. } = *settings;
    let connections = most_connections(settings, memory);
    let newcomer_wait = settings.max_wait;
    let limits = Limits::with_connections(connections);
    let limits = Limits { request_wait, write_wait, newcomer_wait, ..limits };
    let places = Places::of_connections(connections);
    let mut counter = counter(settings, capacity);
    let page = settings.live_page.then(|| live::open(&counter, connections.div_ceil(2)));
    let (live, publisher) = page.unzip();
    counter.audience.extend(live.clone().map(|live| Arc::new(live) as Arc<dyn Audience>));
    // A waiting request holds a place: half of them are for orders in flight.
    let max_waiting = (settings.max_waiting as usize).min(places.free().div_ceil(2));
    let room = Room { capacity: permits, max_waiting, max_wait: settings.max_wait };
    let front = Front::new(counter, Admission::new(room, places.clone()), scale);
    let front = front.counting_dropped_lines(log.dropped());
    let mut router = front.router();
    if let Some(live) = live {
        let page = live::router(live).layer(from_fn_with_state(places, place_streams));
        router = router.merge(page);
    }
    let router = signed(router, STEP);
    say_what_is_in_force(settings, &listener, memory, capacity, limits, max_waiting);

    let Settings { drain_delay, grace_period, .. } = *settings;
    let drain = Drain { delay: drain_delay, grace: grace_period };
    let mut before = 0;
    let shutdown = async {
        let stop = async {
            tokio::select! {
                () = interrupt.requested() => {}
                () = stop => {}
            }
        };
        tokio::select! {
            _ = drain.run(front.admission(), stop, interrupt.insisted()) => {}
            // Dropped with the others, it ends the event streams, or browsers that watch would
            // keep the shop open.
            () = publish(publisher) => {}
        }
        let counts = front.admission().tally().counts();
        before = counts.abandoned + counts.undelivered;
    };
    serve(listener, router, limits, shutdown).await;
    Ok((Arc::clone(front.admission().tally()), before))
}

async fn listen(settings: &Settings) -> Result<Listener, Error> {
    let port = settings.port;
    let listener = match settings.address {
        Some(address) => Listener::on(address, port).await,
        None => Listener::on_localhost(port).await,
    };
    listener.map_err(|source| match source.kind() {
        ErrorKind::AddrInUse => Error::Taken { port },
        _ => Error::Listen { port, source },
    })
}

/// Publishes what the live page shows, if there is one. Never ends by itself.
async fn publish(publisher: Option<Publisher>) {
    match publisher {
        Some(publisher) => publisher.run().await,
        None => pending().await,
    }
}

fn counter(settings: &Settings, capacity: Option<u32>) -> Counter {
    Counter {
        step: settings.step,
        offered: settings.offer.clone(),
        durations: settings.action_seconds,
        max_customers: capacity.unwrap_or(u32::MAX),
        audience: vec![],
    }
}

fn most_connections(settings: &Settings, memory: Memory) -> usize {
    // Raises the soft limit to the hard one, as Go and others do; a system without one has no
    // bound here but memory.
    let descriptors = rlimit::increase_nofile_limit(u64::MAX).unwrap_or(u64::MAX);
    let fit = connections(memory, descriptors);
    settings.max_connections.map_or(fit, |most| fit.min(most as usize))
}

fn say_what_is_in_force(
    settings: &Settings,
    listener: &Listener,
    memory: Memory,
    capacity: Option<u32>,
    limits: Limits,
    max_waiting: usize,
) {
    let address = settings.address.map_or("localhost".to_owned(), |address| address.to_string());
    let customers = capacity.map_or("unlimited".to_owned(), |customers| customers.to_string());
    let offered: Vec<_> = settings.offer.iter().map(|step| step.name()).collect();
    tracing::info!(
        address,
        port = listener.port(),
        step = settings.step.name(),
        offer = offered.join(","),
        capacity = customers,
        memory = memory.bytes,
        memory_from = memory.from,
        connections = limits.connections,
        live_page = settings.live_page,
        max_wait = ?settings.max_wait,
        max_waiting,
        request_wait = ?limits.request_wait,
        write_wait = ?limits.write_wait,
        action_seconds = %settings.action_seconds,
        drain_delay = ?settings.drain_delay,
        grace_period = ?settings.grace_period,
        "open"
    );
    // No program can go to the address that means all addresses.
    let host = settings.address.filter(|address| !address.is_unspecified());
    let host = host.map_or("localhost".to_owned(), |address| match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("[{address}]"),
    });
    let port = listener.port();
    tracing::info!("order with: curl {host}:{port}/serve-customer/3");
    if settings.live_page {
        tracing::info!("watch it work: http://{host}:{port} in a browser");
    }
    if is_tiny(memory) {
        tracing::warn!(
            memory = memory.bytes,
            "the memory is too little: one customer and one connection are what fits. Give the shop \
             10 MiB or more"
        );
    }
    if settings.capacity == Capacity::Unlimited {
        tracing::warn!(
            "capacity is unlimited: a large request can use up the memory and end the shop for \
             all clients. Leave out --capacity to admit what fits"
        );
    }
}
