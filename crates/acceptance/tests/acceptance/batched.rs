//! The comparison of three ways to serve a crowd, as a process that starts processes.

use regex_lite::Regex;

use crate::support::run;

/// In real time, with wide bounds: what the machine makes of it is not tested here.
#[test]
fn the_ways_are_compared() {
    let ran = run("batched", &["30"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    assert!(ran.stdout.contains("debug build"), "{}", ran.stdout);
    assert!(ran.stdout.contains("cargo run --release --example batched --"));
    for row in [
        r"(?m)^ +30  simple +\d+\.\d{3} s +\d+\.\d{3} s +\d+\.\d{3} s +\d+ MB$",
        r"(?m)^ +30  batched +\d+\.\d{3} s +\d+\.\d{3} s +\d+\.\d{3} s +\d+ MB$",
        r"(?m)^ +30  table +\d+\.\d{3} s +\d+\.\d{3} s +\d+\.\d{3} s +\d+ MB$",
        r"(?m)^ +ratio( +(\d+\.\d\d|unknown)){3}$",
    ] {
        let row = Regex::new(row).expect("a valid pattern");
        assert!(row.is_match(&ran.stdout), "{row}: {}", ran.stdout);
    }
}

#[test]
fn a_number_that_cannot_be_served_is_a_usage_error() {
    for (args, sentence) in [
        (&["0"][..], "0 customers are too few; try 3000"),
        (&["-3"], "not a whole number from 1 to 30000; try 3000"),
        (&["many"], "not a whole number from 1 to 30000; try 3000"),
        (&["99999999999"], "not a whole number from 1 to 30000; try 3000"),
        (&["30001"], "cargo run --release --example batched -- 30001"),
        (&["3"; 9], "unexpected"),
        (&["--only", "fast", "3"], "possible values: simple, batched, table"),
    ] {
        let ran = run("batched", args);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{args:?}");
        assert!(ran.stderr.starts_with("error: "), "{args:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(sentence), "{args:?}: {}", ran.stderr);
    }
}
