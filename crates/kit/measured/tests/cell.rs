//! A process for a figure: what it tells, and the sentences when it tells nothing.

use std::process::Command;

use measured::{CellError, Cost, Meter, own_process};

fn shell(script: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script]);
    command
}

#[test]
fn work_costs_wall_time_cpu_time_and_memory() {
    let meter = Meter::start();
    let mut bytes = vec![0_u8; 50_000_000];
    let mut sum = 0_u64;
    while meter.stop().cpu.as_millis() < 20 {
        bytes.iter_mut().for_each(|byte| *byte = byte.wrapping_add(1));
        sum += bytes.iter().map(|byte| u64::from(*byte)).sum::<u64>();
    }
    assert!(sum > 0);
    let cost = meter.stop();
    assert!(cost.wall.as_millis() >= 5 && cost.cpu.as_millis() >= 20, "{cost:?}");
    if cfg!(target_os = "linux") {
        let added = cost.added().expect("Linux tells");
        assert!((45_000_000..200_000_000).contains(&added), "{cost:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_process_tells_its_figures() {
    let json = r#"{"wall":{"secs":2,"nanos":0},"cpu":{"secs":1,"nanos":0},"peak":7,"before":3}"#;
    let cost: Cost = own_process("a figure", &mut shell(&format!("echo '{json}'"))).expect(json);
    assert_eq!((cost.wall.as_secs(), cost.added()), (2, Some(4)));
}

#[cfg(unix)]
#[test]
fn a_process_without_figures_is_named_with_what_it_was_for() {
    let failed = |mut command: Command| -> CellError {
        own_process::<Cost>("3 customers", &mut command).expect_err("no figures")
    };
    let killed = failed(shell("kill -9 $$")).to_string();
    assert!(
        killed.starts_with("the process for 3 customers ended early, with signal: 9"),
        "{killed}"
    );
    assert!(killed.contains("free some, or try fewer"), "{killed}");
    let chatty = failed(shell("echo hello")).to_string();
    assert!(chatty.starts_with("the process for 3 customers printed no figures"), "{chatty}");
    let missing = failed(Command::new("/no/such/program")).to_string();
    assert!(missing.starts_with("/no/such/program cannot be started: "), "{missing}");
}
