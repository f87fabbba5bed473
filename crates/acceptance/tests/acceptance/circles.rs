//! No two files of a crate import each other, so each can be read, and changed, without the other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use regex_lite::Regex;

use crate::support::{metadata, root};

/// The modules of a crate, by their path below the crate's root: `""`, `"drawing"`,
/// `"drawing::svg"`.
struct Modules(BTreeMap<String, Module>);

struct Module {
    file: PathBuf,
    /// What stands in its `use` declarations, one path each, with the name it gets here.
    imports: Vec<Import>,
    /// The paths from `crate` and `super` in its other code.
    mentions: BTreeSet<String>,
}

struct Import {
    path: String,
    name: String,
    public: bool,
}

impl Modules {
    /// Reads the crate whose root file is this one.
    fn read(root: &Path) -> Self {
        let mut modules = Self(BTreeMap::new());
        modules.add(String::new(), root.to_owned(), root.parent().expect("a folder"));
        modules
    }

    fn add(&mut self, name: String, file: PathBuf, folder: &Path) {
        let text = code(&fs::read_to_string(&file).expect("a source file"));
        let declared = Regex::new(r"(?m)^ *(?:pub(?:\(\w+\))? )?mod (\w+);").expect("valid");
        for child in declared.captures_iter(&text).map(|found| found[1].to_owned()) {
            let (flat, nested) = (folder.join(format!("{child}.rs")), folder.join(&child));
            let file = if flat.exists() { flat } else { nested.join("mod.rs") };
            // Elsewhere by `#[path]`, as an exercise's solution is: another crate's concern.
            if file.exists() {
                self.add(joined(&name, &child), file, &nested);
            }
        }
        let module = Module { file, imports: imports(&text), mentions: mentions(&text) };
        self.0.insert(name, module);
    }

    /// The module in which the item is defined that a path names, seen from a module. None if it
    /// is another crate's.
    fn home(&self, from: &str, path: &str, depth: u32) -> Option<String> {
        let (first, rest) = path.split_once("::").unwrap_or((path, ""));
        let parent = from.rsplit_once("::").map_or("", |(parent, _)| parent);
        match first {
            "crate" => self.walk("", rest, depth),
            "self" => self.walk(from, rest, depth),
            "super" => self.walk(parent, rest, depth),
            child if self.0.contains_key(&joined(from, child)) => self.walk(from, path, depth),
            _ => None,
        }
    }

    fn walk(&self, at: &str, path: &str, depth: u32) -> Option<String> {
        assert!(depth < 20, "a path that leads back to itself: {at}, {path}");
        let (first, rest) = path.split_once("::").unwrap_or((path, ""));
        if first == "super" {
            return self.walk(at.rsplit_once("::").map_or("", |(parent, _)| parent), rest, depth);
        }
        if first.is_empty() {
            return Some(at.to_owned());
        }
        let child = joined(at, first);
        if self.0.contains_key(&child) {
            return self.walk(&child, rest, depth);
        }
        let import = self.0[at].imports.iter().find(|import| import.name == first);
        match import {
            Some(import) => self.home(at, &import.path, depth + 1),
            None => Some(at.to_owned()),
        }
    }

    /// Which modules each module uses. That a parent exports its child's items is no use of them.
    fn uses(&self) -> BTreeMap<&str, BTreeSet<String>> {
        let uses = |(name, module): (&'_ String, &'_ Module)| -> BTreeSet<String> {
            let imports = module.imports.iter().filter(|import| !import.public);
            let paths = imports.map(|import| &import.path).chain(&module.mentions);
            paths.filter_map(|path| self.home(name, path, 0)).filter(|used| used != name).collect()
        };
        self.0.iter().map(|pair| (pair.0.as_str(), uses(pair))).collect()
    }

    /// The pairs of files that import each other.
    fn circles(&self) -> Vec<String> {
        let uses = self.uses();
        let pairs = uses.iter().flat_map(|(one, used)| used.iter().map(move |other| (*one, other)));
        let mutual = pairs
            .filter(|(one, other)| *one < other.as_str() && uses[other.as_str()].contains(*one));
        let file = |name: &str| self.0[name].file.display().to_string();
        mutual.map(|(one, other)| format!("{} <-> {}", file(one), file(other))).collect()
    }
}

fn joined(parent: &str, child: &str) -> String {
    if parent.is_empty() { child.to_owned() } else { format!("{parent}::{child}") }
}

/// Without comments, and without the tests, which are in the file that they test.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests").next().expect("a first part");
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .fold(String::new(), |text, line| text + line + "\n")
}

const USE: &str = r"(?m)^ *(pub(?:\(\w+\))? )?use ([^;]+);";

fn imports(text: &str) -> Vec<Import> {
    let mut imports = Vec::new();
    for found in Regex::new(USE).expect("valid").captures_iter(text) {
        let tree: String = found[2].split_whitespace().collect::<Vec<_>>().join(" ");
        for path in expanded(&tree) {
            let (path, name) = match path.split_once(" as ") {
                Some((path, name)) => (path.to_owned(), name.to_owned()),
                None => (path.clone(), path.rsplit("::").next().unwrap_or_default().to_owned()),
            };
            imports.push(Import { path, name, public: found.get(1).is_some() });
        }
    }
    imports
}

fn mentions(text: &str) -> BTreeSet<String> {
    let rest = Regex::new(USE).expect("valid").replace_all(text, "").into_owned();
    let path = Regex::new(r"\b(?:crate|super)(?:::\w+)+").expect("valid");
    path.find_iter(&rest).map(|found| found.as_str().to_owned()).collect()
}

/// `a::{b, c::{self, d}}` as `a::b`, `a::c`, `a::c::d`.
fn expanded(tree: &str) -> Vec<String> {
    let Some((before, rest)) = tree.split_once('{') else {
        return vec![tree.trim().trim_end_matches("::self").to_owned()];
    };
    let (inner, mut depth, mut from) = (rest.trim_end().trim_end_matches('}'), 0_u32, 0);
    let inner_end = rest.rfind('}').unwrap_or(inner.len());
    let inner = &rest[..inner_end];
    let mut paths = Vec::new();
    for (at, sign) in inner.char_indices().chain([(inner.len(), ',')]) {
        match sign {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let part = inner[from..at].trim();
                from = at + 1;
                if !part.is_empty() {
                    paths.extend(expanded(&format!("{}{part}", before.trim())));
                }
            }
            _ => {}
        }
    }
    paths
}

#[test]
fn no_two_files_import_each_other() {
    let metadata = metadata();
    let mut circular = Vec::new();
    let mut files = 0;
    for package in metadata["packages"].as_array().expect("packages") {
        if !package["source"].is_null() {
            continue;
        }
        for target in package["targets"].as_array().expect("targets") {
            let path = Path::new(target["src_path"].as_str().expect("a path"));
            let modules = Modules::read(path);
            files += modules.0.len();
            circular.extend(modules.circles());
        }
    }
    assert!(files > 150, "only {files} files were read");
    let here = format!("{}/", root().display());
    let list = circular.join("\n").replace(&here, "");
    assert!(circular.is_empty(), "these files import each other:\n{list}");
}

#[test]
fn a_circle_is_found_also_through_what_the_crate_exports() {
    let folder = tempfile::tempdir().expect("a folder");
    let write =
        |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    write("lib.rs", "mod one;\nmod two;\nmod three;\npub use one::One;\n");
    write("one.rs", "use crate::two::{self, Two};\npub struct One;\n");
    write("three.rs", "// use crate::one::One;\npub fn three() -> crate::One { crate::One }\n");
    let circles = || Modules::read(&folder.path().join("lib.rs")).circles();
    write("two.rs", "pub struct Two;\n");
    assert!(circles().is_empty(), "{:?}", circles());
    for two in ["use crate::One;\n", "fn two() { super::one::one() }\n"] {
        write("two.rs", two);
        assert!(!circles().is_empty(), "{two}");
    }
}
