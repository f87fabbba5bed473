use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use crate::client::get;
use crate::container::{Container, image, podman};
use crate::figures::measured;
use crate::wait::eventually;

#[test]
fn the_image_is_small_and_holds_the_shop_and_nothing_else() {
    let inspected = podman(&["image", "inspect", &image()]);
    let inspected: Value = serde_json::from_str(&inspected).expect("JSON");
    let (image, config) = (&inspected[0], &inspected[0]["Config"]);
    let size = image["Size"].as_u64().expect("a size");
    measured(&json!({ "image_bytes": size }));
    assert!(size <= 3_000_000, "{size} bytes");
    assert_eq!(config["User"], "65532:65532");
    assert_eq!(config["Entrypoint"], json!(["/app"]));
    assert_eq!(image["Healthcheck"]["Test"], json!(["CMD", "/app", "health"]));
    for label in ["title", "description", "licenses"] {
        let label = format!("org.opencontainers.image.{label}");
        assert!(config["Labels"][&label].as_str().is_some_and(|text| !text.is_empty()), "{label}");
    }
    let shop = Container::run(&[], &[]);
    let archive = tempfile::NamedTempFile::new().expect("a file");
    let archive = archive.path().to_str().expect("UTF-8");
    podman(&["export", "--output", archive, &shop.name]);
    let list = Command::new("tar").args(["--list", "--file", archive]).output().expect("tar runs");
    let list = String::from_utf8(list.stdout).expect("UTF-8");
    // Apart from folders to mount at, and what the engine mounts into every container.
    let mounts = ["dev/", "etc/", "proc/", "run/", "sys/"];
    let mounted = |file: &&str| mounts.iter().any(|folder| file.starts_with(folder));
    let files = list.lines().filter(|file| !file.ends_with('/') && !mounted(file));
    assert_eq!(files.collect::<Vec<_>>(), ["app"]);
}

#[test]
fn an_order_under_way_is_finished_when_the_container_is_stopped() {
    let shop = Container::run(&["--memory", "10m"], &[]);
    let port = shop.port;
    let order = thread::spawn(move || get(port, "/serve-customer/3"));
    eventually("the order to begin", || {
        shop.get("/metrics").1.contains("in_flight 3\n").then_some(())
    });
    shop.signal("TERM");
    let (status, answer, time) = order.join().expect("no panic");
    assert_eq!(status, Some(200), "{answer}");
    assert!(time >= Duration::from_secs(2), "{time:?}");
    assert_eq!(shop.exit_code(), 0);
    let closed = shop.log().pop().expect("a last line");
    assert_eq!((&closed["message"], &closed["served"]), (&"closed".into(), &3.into()), "{closed}");
}

#[test]
fn the_health_check_of_the_image_asks_the_shop() {
    let shop = Container::run(&[], &["--live-page", "false"]);
    let health = |port: &str| {
        let port = format!("PORT={port}");
        let mut podman = Command::new("podman");
        podman.args(["--runtime", "runc", "exec", "--env", &port, &shop.name]);
        podman.args(["/app", "health"]).status().expect("podman runs").code()
    };
    assert_eq!(health(&shop.port.to_string()), Some(0));
    assert_eq!(health("1"), Some(1), "no shop listens there");
}

#[test]
fn it_needs_little_memory_while_idle() {
    let shop = Container::run(&["--memory", "10m"], &[]);
    let status = fs::read_to_string(format!("/proc/{}/status", shop.inspect("{{.State.Pid}}")));
    let status = status.expect("a process");
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.strip_suffix("kB"));
    let resident: u64 = resident.expect("a line").trim().parse().expect("a number");
    measured(&json!({ "idle_bytes": resident * 1024 }));
    assert!(resident <= 4_000, "{resident} kB");
}

/// Measures the binary alone: an engine takes longer to make a container, which is not the shop's.
#[test]
fn it_is_ready_at_once() {
    let binary =
        std::env::var("BINARY").expect("docker/check.sh says which binary is in the image");
    let times = (0..10).map(|_| {
        let mut shop = Command::new(&binary);
        shop.args(["--port", "0", "--log-format", "json"]).env_clear();
        let began = Instant::now();
        let mut shop = shop.stderr(Stdio::piped()).spawn().expect("it starts");
        let mut open = String::new();
        let log = BufReader::new(shop.stderr.as_mut().expect("it is piped")).read_line(&mut open);
        let time = began.elapsed();
        shop.kill().and_then(|()| shop.wait()).expect("it ends");
        assert!(log.is_ok() && open.contains(r#""message":"open""#), "{open}");
        time
    });
    let mut times: Vec<_> = times.collect();
    times.sort_unstable();
    let median = times[times.len() / 2];
    measured(&json!({ "ready_s": median.as_secs_f64() }));
    assert!(median < Duration::from_millis(50), "{times:?}");
}
