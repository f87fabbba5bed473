use std::env;
use std::path::{Path, PathBuf};

/// The folder in which criterion keeps its baselines and reports: `CRITERION_HOME`, or
/// `criterion` in the folder that cargo built this bench in.
///
/// Criterion looks for the same places, but does not tell which it found, and a bench that ends
/// by naming its report must know. It also takes a relative `CRITERION_HOME` from the folder of
/// the package, in which cargo runs a bench; here it is taken from where it was typed.
#[must_use]
pub fn criterion_home() -> PathBuf {
    let named = env::var_os("CRITERION_HOME").map(PathBuf::from);
    let typed_in = env::var_os("PWD").map(PathBuf::from);
    home(named.as_deref(), typed_in.as_deref(), env::current_exe().ok().as_deref())
}

fn home(named: Option<&Path>, typed_in: Option<&Path>, bench: Option<&Path>) -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    let here = typed_in.or(workspace).unwrap_or(Path::new("."));
    match named {
        Some(named) => here.join(named),
        // target/release/deps/serve_customers-...
        None => match bench.and_then(|bench| bench.ancestors().nth(3)) {
            Some(target) => target.join("criterion"),
            None => here.join("target/criterion"),
        },
    }
}

/// Whether this run draws a report, and if not, why, as a sentence. Cargo and criterion pass on
/// what was typed, so that is where to learn it.
///
/// # Errors
///
/// The sentence.
pub fn draws_report() -> Result<(), &'static str> {
    let asked = |flag: &str| env::args().any(|arg| arg == flag);
    if !asked("--bench") {
        Err("No report was drawn: run this with cargo bench.")
    } else if asked("--noplot") || asked("-n") {
        Err("No report was drawn: run this without --noplot.")
    } else {
        Ok(())
    }
}

/// What to read after a run, as a sentence: criterion's own report, or why there is none.
#[must_use]
pub fn report_sentence() -> String {
    match draws_report() {
        Err(why) => why.to_owned(),
        Ok(()) => {
            format!("The report: {}", criterion_home().join("report").join("index.html").display())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_home_counts_from_where_it_was_typed() {
        let bench = Path::new("/clone/target/release/deps/serve_customers-1");
        let typed_in = Some(Path::new("/room"));
        let from = |named: Option<&str>| home(named.map(Path::new), typed_in, Some(bench));
        assert_eq!(from(Some("reports")), Path::new("/room/reports"));
        assert_eq!(from(Some("/reports")), Path::new("/reports"));
        assert_eq!(from(None), Path::new("/clone/target/criterion"));
        assert_eq!(home(None, typed_in, None), Path::new("/room/target/criterion"));
    }
}
