use std::process::Output;

use crate::support::{Shop, program};

fn run(args: &[&str], environment: &[(&str, &str)]) -> (Option<i32>, String, String) {
    let mut command = program();
    let output = command.args(args).envs(environment.iter().copied()).output();
    let Output { status, stdout, stderr } = output.expect("it runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn wrong_values_are_refused_with_what_to_try_by_flag_and_by_environment() {
    for (flag, variable, value, sentence) in [
        ("--capacity", "CAPACITY", "0", "0 customers are too few; try auto"),
        ("--capacity", "CAPACITY", "many", "not auto, unlimited or a number of customers from 1"),
        ("--port", "PORT", "tcp://10.0.0.1:80", "not a port from 0 to 65535; try 8081"),
        ("--step", "STEP", "9", "not a step; try sequential or 2, spawned or 3, joined or 4"),
        ("--offer", "OFFER", "2,9", "not a step"),
        ("--action-seconds", "ACTION_SECONDS", "1,2", "2 numbers are neither one for all three"),
        ("--action-seconds", "ACTION_SECONDS", "1,2,0", "not a number of seconds from 0.001"),
        ("--max-wait", "MAX_WAIT", "soon", "not a number of seconds from 0 to 86400; try 5"),
        ("--memory-limit", "MEMORY_LIMIT", "10Mi", "try 10485760 for 10 MiB"),
        ("--max-connections", "MAX_CONNECTIONS", "0", "not a number of connections from 1"),
        ("--log-format", "LOG_FORMAT", "xml", "possible values: text, json"),
    ] {
        for (args, environment) in [(&[flag, value][..], None), (&[], Some((variable, value)))] {
            let (code, _, stderr) = run(args, environment.as_slice());
            assert_eq!(code, Some(2), "{stderr}");
            assert!(stderr.contains(sentence), "{stderr}");
            assert!(stderr.contains(&format!("for '{flag} <")), "{stderr}");
        }
    }
}

#[test]
fn help_names_every_flag_with_its_variable_and_default() {
    let (code, help, _) = run(&["--help"], &[]);
    assert_eq!(code, Some(0));
    for words in ["[env: CAPACITY=]", "[default: auto]", "[env: DRAIN_DELAY=]", "health", "--offer"]
    {
        assert!(help.contains(words), "{words}: {help}");
    }
}

#[test]
fn the_start_up_line_says_what_is_in_force_and_unlimited_warns() {
    let mut shop = Shop::open(&["--capacity", "unlimited", "--offer", "2,joined"]);
    assert_eq!(shop.opened["capacity"], "unlimited");
    assert_eq!(shop.opened["step"], "table");
    assert_eq!(shop.opened["offer"], "sequential,joined");
    shop.until(
        "capacity is unlimited: a large request can use up the memory and end the shop for \
         all clients. Leave out --capacity to admit what fits",
    );
    let shop = Shop::open(&["--memory-limit", "10485760"]);
    assert_eq!(
        (&shop.opened["capacity"], &shop.opened["connections"]),
        (&"43008".into(), &16.into())
    );
    assert!(shop.get("/serve-customer/43009").starts_with("HTTP/1.1 422"));
}

#[test]
fn health_asks_the_shop_and_exits_with_0_or_1() {
    let shop = Shop::open(&[]);
    let port = shop.port.to_string();
    for environment in [&[][..], &[("ADDRESS", "0.0.0.0")]] {
        let (code, stdout, stderr) = run(&["health", "--port", &port], environment);
        assert_eq!((code, stdout.as_str(), stderr.as_str()), (Some(0), "", ""));
    }
    drop(shop);
    let (code, _, stderr) = run(&["health"], &[("PORT", &port)]);
    assert_eq!(code, Some(1));
    assert!(stderr.starts_with("error: no shop answers on 127.0.0.1:"), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
}

#[test]
fn a_taken_port_is_an_error_that_says_what_to_do() {
    let shop = Shop::open(&[]);
    let port = shop.port.to_string();
    let (code, _, stderr) = run(&["--address", "127.0.0.1", "--port", &port], &[]);
    assert_eq!(code, Some(1));
    let sentence = format!("error: port {port} is taken by another shop or program. ");
    assert!(stderr.starts_with(&sentence), "{stderr}");
}

#[test]
fn a_limit_above_the_machines_memory_gives_no_more_than_the_machine_has() {
    for limit in ["1099511627776000", "18446744073709551615"] {
        let shop = Shop::open(&["--memory-limit", limit]);
        let memory = shop.opened["memory"].as_u64().expect("a number");
        assert!(memory < 1 << 46, "{}", shop.opened);
        assert_ne!(shop.opened["memory_from"], "MEMORY_LIMIT", "{}", shop.opened);
    }
}

#[test]
fn with_hardly_any_memory_it_says_that_one_customer_fits() {
    let mut shop = Shop::open(&["--memory-limit", "5242880"]);
    let fits = (&shop.opened["capacity"], &shop.opened["connections"]);
    assert_eq!(fits, (&"1".into(), &1.into()));
    shop.until(
        "the memory is too little: one customer and one connection are what fits. Give the shop \
         10 MiB or more",
    );
}
