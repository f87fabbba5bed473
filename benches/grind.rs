//! Work on one core and on more, over its size; and the opposite, waiting on threads. Wall time.
//!
//! `cargo bench -p benches --bench grind`. With `-- --save` the figures go to benches/data, from
//! where the charts are drawn.

use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::thread::available_parallelism;
use std::time::Duration;

use anyhow::Result;
use benches::grinding::{FiveWays, Grinding, PLAIN, with_threads};
use benches::waiting::{ACTION, Place};
use benches::{Figures, criterion_home, report_sentence};
use criterion::measurement::WallTime;
use criterion::{
    AxisScale, BenchmarkGroup, BenchmarkId, Criterion, PlotConfiguration, PlottingBackend,
    SamplingMode,
};
use grinder::{Pool, Sack, grind, on_rayon};
use measured::{Data, Taken};
use tokio::runtime::{Builder, Runtime};

const BEANS: [u32; 7] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

fn main() -> Result<()> {
    // Criterion refuses what it does not know, so to save is to run with the defaults.
    let save = std::env::args().any(|arg| arg == "--save");
    let defaults = Criterion::default()
        .plotting_backend(PlottingBackend::Plotters)
        .output_directory(&criterion_home())
        .sample_size(10)
        .nresamples(10_000)
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_millis(500));
    let mut criterion = if save { defaults } else { defaults.configure_from_args() };
    let cores = available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let runtime = Builder::new_multi_thread().enable_time().build()?;

    let work = work(&mut criterion, &runtime, cores)?;
    let waiting = wait(&mut criterion, &runtime, cores)?;
    criterion.final_summary();
    if work.is_empty() && waiting.is_empty() {
        return Ok(());
    }
    let report = report_sentence();
    let mut out = io::stdout();
    writeln!(out, "\nGrinding N beans, in wall time:\n\n{work}")?;
    writeln!(out, "N customers wait 3 x {ACTION:?} each, in wall time:\n\n{waiting}\n{report}")?;
    if save {
        let [work, waiting] = [work.curves(), waiting.curves()];
        let (taken, five_ways) = (Taken::now(Grinding::COMMAND), FiveWays::measure(cores)?);
        let action_s = ACTION.as_secs_f64();
        let path = Grinding { taken, work, action_s, waiting, five_ways }.save()?;
        writeln!(out, "Kept in {}", path.display())?;
    }
    Ok(())
}

fn work(criterion: &mut Criterion, runtime: &Runtime, cores: NonZeroUsize) -> Result<Figures> {
    let mut figures = Figures::default();
    let mut group = group(criterion, "grind N beans in wall time (the input is N)");
    for beans in BEANS {
        let sack = Sack::of(beans)?;
        group.bench_function(BenchmarkId::new(PLAIN, beans), |bencher| {
            bencher.iter_custom(|times| figures.time(PLAIN, beans, times, || grind(&sack)));
        });
    }
    // More threads than cores are in it to show that they gain nothing.
    let mut threads = vec![1, 2, cores.get(), 2 * cores.get()];
    threads.dedup();
    for threads in threads.into_iter().filter_map(NonZeroUsize::new) {
        let (pool, curve) = (Pool::new(threads)?, with_threads(threads.get()));
        for beans in BEANS {
            let sack = Sack::of(beans)?;
            let grind = || runtime.block_on(on_rayon(&pool, sack.clone()));
            group.bench_function(BenchmarkId::new(&curve, beans), |bencher| {
                bencher.iter_custom(|times| figures.time(&curve, beans, times, grind));
            });
        }
    }
    group.finish();
    Ok(figures)
}

fn wait(criterion: &mut Criterion, runtime: &Runtime, cores: NonZeroUsize) -> Result<Figures> {
    let mut figures = Figures::default();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(cores.get()).build()?;
    let mut group = group(criterion, "N customers wait in wall time (the input is N)");
    for place in Place::ALL {
        let curve = place.curve(cores);
        for &customers in place.customers() {
            if let Err(error) = place.wait(customers, &pool, runtime) {
                writeln!(io::stdout(), "{curve}: {customers} are refused by the system: {error}")?;
                break;
            }
            let wait = || place.wait(customers, &pool, runtime);
            group.bench_function(BenchmarkId::new(&curve, customers), |bencher| {
                bencher.iter_custom(|times| figures.time(&curve, customers, times, wait));
            });
        }
    }
    group.finish();
    Ok(figures)
}

fn group<'a>(criterion: &'a mut Criterion, name: &str) -> BenchmarkGroup<'a, WallTime> {
    let mut group = criterion.benchmark_group(name);
    group
        .plot_config(PlotConfiguration::default().summary_scale(AxisScale::Logarithmic))
        .sampling_mode(SamplingMode::Flat);
    group
}
