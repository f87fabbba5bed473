//! The README: every command in it is run here or by `.ci/run`, what it shows is what is printed,
//! and what it points to exists.

use std::fs;

use crate::support::{Shop, finish, masked, root};

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).expect("there is a README").replace("\r\n", "\n")
}

/// The commands of the `console` blocks, each with the output that the README shows for it.
fn commands() -> Vec<(String, String)> {
    let readme = readme();
    let blocks = readme.split("```console\n").skip(1);
    let blocks = blocks.map(|rest| rest.split("```").next().expect("a block ends"));
    let mut commands: Vec<(String, String)> = Vec::new();
    for line in blocks.flat_map(str::lines) {
        // A timeline's legend begins with a dollar, too.
        match line.strip_prefix("$ ").filter(|line| !line.starts_with("pay ")) {
            Some(command) => {
                let command = command.split('#').next().expect("a first part").trim();
                commands.push((command.to_owned(), String::new()));
            }
            None => {
                let (_, output) = commands.last_mut().expect("a block begins with a command");
                *output += &format!("{line}\n");
            }
        }
    }
    commands
}

#[test]
fn every_command_is_run_and_prints_what_the_readme_shows() {
    let commands = commands();
    assert!(commands.len() >= 7, "{commands:?}");
    let read = |path| fs::read_to_string(root().join(path)).expect("there is such a script");
    let ci = read(".ci/run") + &read("benches/check.sh") + &read("crates/rehearsal/check.sh");
    for (command, shown) in commands {
        let words: Vec<_> = command.split(' ').collect();
        match words[..] {
            ["cargo", "run", "--release", "--example", "step6"] => opens("step6"),
            ["cargo", "run", "--release", "--example", "rush", "--", _, ref args @ ..] => {
                rushes(args);
            }
            ["cargo", "run", "--example", name] if name != "step1" => opens(name),
            ["cargo", "run", "--example", name, ref args @ ..] => prints(name, args, &shown),
            ["curl", address] => answers(address),
            ["cargo", "test" | "fetch", ..] | ["cargo", "run", "--release", ..] => {
                assert!(ci.lines().any(|line| line.contains(&command)), ".ci/run: {command}");
            }
            ["cargo", "bench", "-p", "benches", "--bench", name] => {
                assert!(ci.contains(name), "benches/check.sh: {command}");
            }
            ["npm", "ci" | "start", "--prefix", "slides"] => {
                assert!(read("slides/check.sh").contains("npm ci"), "slides/check.sh: {command}");
            }
            ["cargo", "workshop"] => {
                assert!(ci.contains("crates/workshop/runner/check.sh"), "{command}")
            }
            ["git", "stash", ..] => {}
            _ => panic!("no test runs this command of the README: {command}"),
        }
    }
}

fn open(example: &str) -> Shop {
    let args = ["--action-seconds", "0.01"];
    if example == "step6" { Shop::open_server(&args) } else { Shop::open(example, &args) }
}

fn opens(example: &str) {
    let shop = open(example);
    assert!(shop.get("/serve-customer/3").contains("to 3 customers"));
}

/// Sends the customers to a shop on another port, where they need not wait for long.
fn rushes(args: &[&str]) {
    let shop = open("step6");
    let address = format!("http://localhost:{}", shop.port);
    let ran = crate::support::run("rush", &[&[address.as_str()], args].concat());
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{}", ran.stdout);
}

fn prints(example: &str, args: &[&str], shown: &str) {
    // As typed, cargo included, because that is what the README promises.
    let mut command = crate::support::cargo(&["run", "--quiet", "--example", example]);
    command.args(args).env_remove("RUST_BACKTRACE");
    let ran = finish(command);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    if shown.is_empty() {
        return;
    }
    let shown = format!("{shown}\n");
    let paused = args.contains(&"--paused");
    let (printed, shown) = match paused {
        true => (ran.stdout, shown),
        false => (masked(&ran.stdout), masked(&shown)),
    };
    assert_eq!(printed, shown, "the README shows another output of {example} {args:?}");
}

fn answers(address: &str) {
    let path = address.strip_prefix("localhost:8080").expect("the shop's own address");
    let orders = path.starts_with("/serve-customer");
    let shop = open(if orders { "step5" } else { "step6" });
    let mut curl = std::process::Command::new("curl");
    curl.args(["--silent", "--show-error", "--fail"]).arg(format!("localhost:{}{path}", shop.port));
    let answer = finish(curl);
    assert_eq!(answer.code, Some(0), "{}", answer.stderr);
    let expected = if orders { "Took " } else { "# HELP " };
    assert!(answer.stdout.starts_with(expected), "{}", answer.stdout);
}

#[test]
fn every_link_leads_somewhere() {
    for page in ["README.md", "CONTRIBUTING.md"] {
        let text = fs::read_to_string(root().join(page)).expect("there is such a page");
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for link in links.filter(|link| !link.starts_with("http")) {
            assert!(root().join(link).exists(), "{page}: {link}");
        }
    }
}

#[test]
fn every_function_it_names_is_in_that_file() {
    let readme = readme();
    let named = readme.split("[`").skip(1).filter_map(|rest| rest.split("](").next());
    let mut checked = 0;
    for (name, path) in named.filter_map(|link| link.trim_end_matches('`').split_once("` in `")) {
        let text = fs::read_to_string(root().join(path)).expect("the file exists");
        let (function, structure) = (format!("fn {name}("), format!("struct {name}"));
        assert!(text.contains(&function) || text.contains(&structure), "{name} in {path}");
        checked += 1;
    }
    assert!(checked >= 3, "the README names functions: {checked}");
}
