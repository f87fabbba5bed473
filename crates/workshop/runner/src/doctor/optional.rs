use std::time::Duration;

use super::finding::Finding;
use super::probe::{Answer, ask, command, first_line};

/// The daemon of a container engine may hang.
const PATIENCE: Duration = Duration::from_secs(5);

/// Only for the steps with containers, clusters, browsers and slides.
pub(crate) fn all() -> Vec<Finding> {
    vec![
        container_engine(),
        named(
            "kubectl",
            &[("kubectl", &["version", "--client"])],
            "https://kubernetes.io/docs/tasks/tools",
        ),
        named(
            "Chromium",
            &[
                ("chromium", &["--version"]),
                ("chromium-browser", &["--version"]),
                ("google-chrome", &["--version"]),
            ],
            "sudo apt install chromium; any browser shows the live page",
        ),
        named("Node.js", &[("node", &["--version"])], "https://nodejs.org, for the slides only"),
    ]
}

fn container_engine() -> Finding {
    const WHAT: &str = "docker or podman";
    let mut said = "neither is there".to_owned();
    for engine in ["docker", "podman"] {
        match ask(command(engine, &["info"]), PATIENCE) {
            Answer::Said(_) => return Finding::good(WHAT, format!("{engine} answers")),
            Answer::Absent => {}
            Answer::Failed(_) => said = format!("{engine} is there, but its daemon is not"),
            Answer::Silent => said = format!("{engine} is there, but does not answer"),
        }
    }
    Finding::missing(WHAT, said, "start it, or install one: https://podman.io/docs/installation")
}

/// The first of these programs that answers.
fn named(what: &'static str, programs: &[(&str, &[&str])], repair: &str) -> Finding {
    for (program, args) in programs {
        if let Answer::Said(said) = ask(command(program, args), PATIENCE) {
            return Finding::good(what, first_line(&said));
        }
    }
    Finding::missing(what, "not there", repair)
}
