//! Narrow terminals, colour, and none.

#[cfg(target_os = "linux")]
use std::process::{Command, Stdio};

use crate::attempts;
use crate::support::Clone;
#[cfg(target_os = "linux")]
use crate::support::finish;

/// `script` gives a program a terminal.
#[cfg(target_os = "linux")]
fn in_a_terminal(clone: &Clone, columns: u16, args: &str, no_color: bool) -> String {
    let program = env!("CARGO_BIN_EXE_workshop");
    let root = clone.root().display();
    let line = format!("stty rows 24 cols {columns}; {program} {args} --root {root} 2>/dev/null");
    let mut script = Command::new("script");
    script.args(["-qec", &line, "/dev/null"]);
    clone.prepare(&mut script);
    script.stdin(Stdio::null()).env("TERM", "xterm");
    if no_color {
        script.env("NO_COLOR", "1");
    }
    finish(script).stdout.replace('\r', "")
}

#[test]
#[cfg(target_os = "linux")]
fn forty_columns_are_enough() {
    let clone = Clone::lend();
    clone.write("04-nested-joins", &attempts::text_of("04-nested-joins", "wrong_actions_in_turn"));
    for args in ["", "list", "check 4", "check 5", "hint 4", "reset 4", "doctor --port 0"] {
        let said = in_a_terminal(&clone, 40, args, true);
        assert!(!said.is_empty(), "{args}");
        for line in said.lines() {
            let is_link = line.contains("https://") && !line.trim().contains(' ');
            let is_code = line.starts_with("    ");
            assert!(line.chars().count() <= 40 || is_link || is_code, "{args}: {line:?}\n{said}");
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_terminal_gets_colour_unless_it_asks_for_none() {
    let clone = Clone::lend();
    clone.write("04-nested-joins", &attempts::text_of("04-nested-joins", "wrong_actions_in_turn"));
    let colourful = in_a_terminal(&clone, 80, "check 4", false);
    assert!(colourful.contains('\x1b'), "{colourful}");
    let plain = clone.run(&["check", "4"]).stdout;
    assert_eq!(in_a_terminal(&clone, 80, "check 4", true), plain);
}

#[test]
fn output_that_is_no_terminal_is_plain() {
    let clone = Clone::lend();
    clone.solve("01-in-turn", "let n: u32 = \"milk\";");
    clone.write("04-nested-joins", &attempts::text_of("04-nested-joins", "wrong_actions_in_turn"));
    for args in [&["check", "1"][..], &["check", "4"], &["list"], &["hint", "1"], &[]] {
        let ran = clone.run(args);
        assert!(!ran.stdout.contains('\x1b'), "{args:?}: {}", ran.stdout);
        assert!(!ran.stderr.contains('\x1b'), "{args:?}: {}", ran.stderr);
    }
}
