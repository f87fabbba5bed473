//! The pages one reads: every command in them is run here or by `.ci/run`, what they show is what
//! is printed, what they point to exists, and every crate is on the map.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Shop, cargo_messages, finish, masked, root};

/// The pages whose commands are run here. Of the cluster's guide it is the part that needs no
/// cluster; `k8s/check.sh` and the rehearsal's tests look at the rest.
const PAGES: [&str; 5] = [
    "README.md",
    "benches/README.md",
    "crates/shop/live/README.md",
    "crates/steps/server/README.md",
    "k8s/README.md",
];

fn page(path: &str) -> String {
    fs::read_to_string(root().join(path)).expect("there is such a page").replace("\r\n", "\n")
}

/// The commands of the `console` blocks, each with the output that the page shows for it.
fn commands(text: &str) -> Vec<(String, String)> {
    let blocks = text.split("```console\n").skip(1);
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
fn every_command_is_run_and_prints_what_the_page_shows() {
    let mut all = BTreeSet::new();
    for path in PAGES {
        let text = page(path);
        let without_cluster = text.split("\n## Before you start").next().expect("a first part");
        let commands = commands(without_cluster);
        assert!(!commands.is_empty(), "{path}");
        all.extend(commands);
    }
    assert!(all.len() >= 15, "{all:?}");
    let read = |path| fs::read_to_string(root().join(path)).expect("there is such a script");
    let ci = read(".ci/run") + &read("benches/check.sh") + &read("crates/rehearsal/check.sh");
    for (command, shown) in all {
        let words: Vec<_> = command.split(' ').collect();
        match words[..] {
            ["cargo", "run", "--release", "--example", "rush", "--", _, ref args @ ..] => {
                rushes(args);
            }
            ["cargo", "run", "--example", name] if name != "step1" => opens(name),
            ["cargo", "run", "--release", "--example", "step6"] => opens("step6"),
            ["cargo", "run", "--example", name, ref args @ ..] => prints(name, args, &shown),
            ["curl", address] => answers(address),
            ["cargo", "test" | "fetch", ..] | ["cargo", "run", "--release", ..] => {
                assert!(ci.lines().any(|line| line.contains(&command)), ".ci/run: {command}");
            }
            ["cargo", "bench", "-p", "benches", "--bench", name] => {
                assert!(ci.contains(name), "benches/check.sh: {command}");
            }
            ["npm", "ci" | "start", "--prefix", "slides"] => {
                assert!(read("slides/check.sh").contains("node_packages"), "{command}");
            }
            ["cargo", "workshop"] => {
                assert!(ci.contains("crates/workshop/runner/check.sh"), "{command}")
            }
            _ => panic!("no test runs this command: {command}"),
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
    // As typed, cargo included, because that is what the page promises.
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
    assert_eq!(printed, shown, "a page shows another output of {example} {args:?}");
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
    let mut pages = Vec::new();
    pages_in(&root(), &mut pages);
    assert!(pages.len() >= 10, "{pages:?}");
    let mut lost = Vec::new();
    for page in pages {
        let text = prose(&fs::read_to_string(&page).expect("a page"));
        let links = text.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
        for link in links.filter(|link| !link.contains("://")) {
            let (path, place) = link.split_once('#').unwrap_or((link, ""));
            let folder = page.parent().expect("a folder");
            let target = if path.is_empty() { page.clone() } else { folder.join(path) };
            if !target.exists() {
                lost.push(format!("{}: {link}", page.display()));
            } else if !place.is_empty() && target.extension().is_some_and(|kind| kind == "md") {
                let there = prose(&fs::read_to_string(&target).expect("a page"));
                let known = there.lines().filter_map(anchor).any(|anchor| anchor == place);
                if !known {
                    lost.push(format!("{}: {link}", page.display()));
                }
            }
        }
    }
    assert!(lost.is_empty(), "these links lead nowhere: {lost:#?}");
}

/// The Markdown pages that belong to the project.
fn pages_in(folder: &Path, pages: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
        let theirs = name.starts_with('.') || ["target", "node_modules"].contains(&name);
        if path.is_dir() && !theirs {
            pages_in(&path, pages);
        } else if name.ends_with(".md") {
            pages.push(path);
        }
    }
}

/// The text without blocks and spans of code, in which brackets are no links.
fn prose(text: &str) -> String {
    let outside = text.split("```").step_by(2).collect::<String>();
    let code = regex_lite::Regex::new("`[^`\n]*`").expect("a pattern");
    let kept =
        |found: &regex_lite::Captures<'_>| found[0].trim_matches('`').replace(['[', ']', '('], "");
    code.replace_all(&outside, kept).into_owned()
}

/// What a code host makes of a heading: small letters and digits, and hyphens for spaces.
fn anchor(line: &str) -> Option<String> {
    let heading = line.strip_prefix('#')?.trim_start_matches('#').trim();
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    Some(kept.collect::<String>().to_lowercase().replace(' ', "-"))
}

#[test]
fn every_function_that_the_map_names_is_in_that_file() {
    let map = page("crates/README.md");
    let named = map.split("[`").skip(1).filter_map(|rest| rest.split(')').next());
    let mut checked = 0;
    for (link, path) in named.filter_map(|link| link.split_once("](")) {
        let Some((name, _)) = link.split_once("` in `") else { continue };
        let path = root().join("crates").join(path);
        let text = fs::read_to_string(&path).expect("the file exists");
        let is_here = [format!("fn {name}("), format!("struct {name}")];
        assert!(is_here.iter().any(|item| text.contains(item)), "{name} in {}", path.display());
        checked += 1;
    }
    assert!(checked >= 3, "the map names functions: {checked}");
}

#[test]
fn every_crate_is_on_the_map() {
    let map = page("crates/README.md");
    let metadata = cargo_messages(&["metadata", "--format-version=1", "--locked", "--no-deps"]);
    let packages = metadata[0]["packages"].as_array().expect("packages");
    let folder = root().join("crates");
    let mut missing = Vec::new();
    for package in packages {
        let manifest = Path::new(package["manifest_path"].as_str().expect("a path"));
        let Ok(own) = manifest.strip_prefix(&folder) else { continue };
        let name = package["name"].as_str().expect("a name");
        let own = own.parent().and_then(Path::to_str).expect("a folder").replace('\\', "/");
        if !map.contains(&format!("| [`{name}`]({own}/")) {
            missing.push(name);
        }
    }
    assert!(missing.is_empty(), "crates/README.md has no line for {missing:?}");
}
