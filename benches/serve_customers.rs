//! How long N customers take in each step, until the last coffee, in shop time.
//!
//! `cargo bench -p benches --bench serve_customers`

use std::io::{self, Write};
use std::time::Duration;

use benches::{
    CUSTOMERS, Figures, ShopTime, criterion_home, draws_report, paused, serve_customers_page,
};
use criterion::measurement::Measurement;
use criterion::{
    AxisScale, BenchmarkId, Criterion, PlotConfiguration, PlottingBackend, SamplingMode,
};
use menu::Step;

const GROUP: &str = "serve N customers (the input is N)";

fn main() -> io::Result<()> {
    let mut criterion = Criterion::default()
        .with_measurement(ShopTime)
        // The same pictures everywhere, whether or not gnuplot is installed.
        .plotting_backend(PlottingBackend::Plotters)
        .output_directory(&criterion_home())
        .sample_size(10)
        .nresamples(10_000)
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_millis(300))
        .configure_from_args();
    let figures = serve_customers(&mut criterion)?;
    criterion.final_summary();
    if figures.is_empty() {
        return Ok(());
    }
    let report = match draws_report() {
        Ok(()) => {
            let page = serve_customers_page(&criterion_home(), GROUP, curve)?;
            format!("The report: {}", page.display())
        }
        Err(why) => why.to_owned(),
    };
    writeln!(
        io::stdout(),
        "\nUntil the last coffee, in shop time (waiting on the paused clock + real work):\n\n\
         {figures}\n\
         Step 3 answers after 0.0 s, whatever N; its coffees are no earlier than step 4's.\n\
         {report}"
    )
}

fn serve_customers(criterion: &mut Criterion<ShopTime>) -> io::Result<Figures> {
    let runtime = paused()?;
    let mut figures = Figures::default();
    let mut group = criterion.benchmark_group(GROUP);
    group
        .plot_config(PlotConfiguration::default().summary_scale(AxisScale::Logarithmic))
        .sampling_mode(SamplingMode::Flat);
    for step in Step::TALK {
        for customers in CUSTOMERS {
            let id = BenchmarkId::new(curve(step), customers);
            group.bench_function(id, |bencher| {
                bencher.iter_custom(|visits| {
                    let took = runtime.block_on(visit(step, customers, visits));
                    figures.note(&curve(step), customers.into(), took, visits);
                    took
                });
            });
        }
    }
    group.finish();
    Ok(figures)
}

async fn visit(step: Step, customers: u32, visits: u64) -> Duration {
    let start = ShopTime.start();
    for _ in 0..visits {
        benches::until_last_coffee(step, customers).await;
    }
    ShopTime.end(start)
}

fn curve(step: Step) -> String {
    match step {
        Step::Spawned => format!("step {}, {}, its last coffee", step.number(), step.name()),
        _ => format!("step {}, {}", step.number(), step.name()),
    }
}
