use std::env;
use std::path::PathBuf;

/// The folder in which criterion keeps its baselines and reports: `CRITERION_HOME`, or
/// `criterion` in the folder that cargo built this bench in.
///
/// Criterion looks for the same places, but does not tell which it found, and a bench that ends
/// by naming its report must know.
#[must_use]
pub fn criterion_home() -> PathBuf {
    let named = env::var_os("CRITERION_HOME").map(PathBuf::from);
    let built = || {
        // target/release/deps/serve_customers-...
        let bench = env::current_exe().ok()?;
        Some(bench.ancestors().nth(3)?.join("criterion"))
    };
    named.or_else(built).unwrap_or_else(|| "target/criterion".into())
}

/// Where the report of this run is to be read, as a sentence. Cargo and criterion pass on what
/// was typed, so that is where to learn whether one is drawn.
#[must_use]
pub fn report_sentence() -> String {
    let asked = |flag: &str| env::args().any(|arg| arg == flag);
    if !asked("--bench") {
        "No report was drawn: run this with cargo bench.".to_owned()
    } else if asked("--noplot") || asked("-n") {
        "No report was drawn: run this without --noplot.".to_owned()
    } else {
        format!("The report: {}", criterion_home().join("report").join("index.html").display())
    }
}
