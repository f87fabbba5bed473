use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

/// What `kubectl kustomize` makes of an overlay in `k8s/`.
#[derive(Debug)]
pub(crate) struct Overlay(Vec<Value>);

impl Overlay {
    pub(crate) fn read(name: &str) -> Self {
        let k8s = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../k8s");
        let yaml = kubectl(&["kustomize", &k8s.join(name).to_string_lossy()], "");
        // Changes nothing, and asks no cluster: kubectl writes the same objects as JSON.
        let patch = ["patch", "--local", "-f", "-", "--type=merge", "--patch", "{}", "-o", "json"];
        let json = kubectl(&patch, &yaml);
        let objects = serde_json::Deserializer::from_str(&json).into_iter();
        Self(objects.collect::<Result<_, _>>().expect("JSON"))
    }

    /// A field of the only object of this kind.
    pub(crate) fn field(&self, kind: &str, pointer: &str) -> Value {
        let object = self.0.iter().find(|object| object["kind"] == kind);
        let field = object.and_then(|object| object.pointer(pointer));
        field.unwrap_or_else(|| panic!("{kind} has no {pointer}")).clone()
    }

    pub(crate) fn container(&self, field: &str) -> Value {
        self.field("Deployment", "/spec/template/spec/containers/0")[field].clone()
    }

    pub(crate) fn request(&self, resource: &str) -> Option<f64> {
        self.container("resources")["requests"][resource].as_str().map(quantity)
    }

    fn limit(&self, resource: &str) -> Option<f64> {
        self.container("resources")["limits"][resource].as_str().map(quantity)
    }

    /// The flags for podman that stand for the pod: user, limits, and the environment with what the
    /// Downward API would add.
    pub(crate) fn podman_flags(&self) -> Vec<String> {
        let security = self.field("Deployment", "/spec/template/spec/securityContext");
        let (user, group) = (&security["runAsUser"], &security["runAsGroup"]);
        let mut flags = vec![format!("--user={user}:{group}")];
        let memory = self.limit("memory");
        flags.extend(memory.map(|bytes| format!("--memory={bytes}")));
        flags.extend(memory.map(|bytes| format!("--memory-swap={bytes}")));
        // In microseconds of every 100 ms. Linux gives no less than 1,000, as the kubelet knows.
        let quota = self.limit("cpu").map(|cores| (cores * 100_000.0).max(1_000.0));
        flags.extend(quota.map(|quota| format!("--cpu-quota={quota}")));
        let environment = self.container("env");
        for entry in environment.as_array().expect("a list") {
            let name = entry["name"].as_str().expect("a name");
            let value = entry["value"].as_str().map(str::to_owned);
            // The one entry that is not a value is `limits.memory`; k8s/check/rules.py holds that.
            let value = value.or_else(|| Some(memory?.to_string())).expect("a value");
            flags.push(format!("--env={name}={value}"));
        }
        flags
    }
}

/// A number of cores or bytes, as Kubernetes writes it.
fn quantity(text: &str) -> f64 {
    let digits = text.trim_end_matches(char::is_alphabetic);
    let factor = match &text[digits.len()..] {
        "" => 1.0,
        "m" => 1e-3,
        "M" => 1e6,
        "Mi" => f64::from(1 << 20),
        unit => panic!("{text}: the unit {unit} is not used here"),
    };
    digits.parse::<f64>().expect("a number") * factor
}

fn kubectl(args: &[&str], input: &str) -> String {
    let program = std::env::var("KUBECTL").expect("docker/check.sh says which kubectl to use");
    let mut kubectl = Command::new(program);
    kubectl.args(args).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut running = kubectl.spawn().expect("kubectl runs");
    // Shorter than what a pipe holds, and read as a whole before anything is written.
    let written = running.stdin.take().expect("it is piped").write_all(input.as_bytes());
    let output = running.wait_with_output().expect("kubectl runs");
    assert!(output.status.success() && written.is_ok(), "kubectl {args:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}
