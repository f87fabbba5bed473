//! `watch` goes on, whatever is saved.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::support::{Clone, text};

struct Watch {
    child: Child,
    lines: BufReader<ChildStdout>,
    said: String,
    /// Dropping it calls the watchdog off.
    _leash: mpsc::Sender<()>,
}

impl Watch {
    fn start(clone: &Clone, args: &[&str]) -> Self {
        let mut command = clone.command(&["watch"]);
        let mut child = command.args(args).stdout(Stdio::piped()).spawn().expect("the runner runs");
        let lines = BufReader::new(child.stdout.take().expect("it is piped"));
        let (leash, watched) = mpsc::channel::<()>();
        let pid = child.id().to_string();
        thread::spawn(move || {
            if watched.recv_timeout(Duration::from_secs(300))
                == Err(mpsc::RecvTimeoutError::Timeout)
            {
                let _ = Command::new("kill").args(["-KILL", &pid]).status();
            }
        });
        Self { child, lines, said: String::new(), _leash: leash }
    }

    /// Reads on until a line has this in it, and then until it waits for the next save.
    fn until(&mut self, text: &str) {
        self.until_line(text);
        self.until_line("Watching: ");
    }

    /// Reads on until a line has this in it.
    fn until_line(&mut self, text: &str) {
        loop {
            let mut line = String::new();
            let read = self.lines.read_line(&mut line).expect("UTF-8");
            self.said += &line;
            assert!(read > 0, "it ended before it said {text:?}:\n{}", self.said);
            if line.contains(text) {
                break;
            }
        }
    }

    fn interrupt(mut self) {
        let sent = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        assert!(sent.expect("kill runs").success());
        self.lines.read_to_string(&mut self.said).expect("UTF-8");
        self.child.wait().expect("it ends");
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn it_survives_whatever_is_saved_until_ctrl_c() {
    let clone = Clone::lend();
    let mut watch = Watch::start(&clone, &[]);
    watch.until("is still to do");
    clone.solve("01-in-turn", "let n: u32 = \"milk\";");
    watch.until("does not compile");
    clone.solve("01-in-turn", "loop { std::hint::spin_loop() }");
    watch.until("was still running after 10 s");
    clone.solve("01-in-turn", "panic!(\"sour\")");
    watch.until("sour");
    clone.solve("01-in-turn", "loop { tokio::spawn(std::future::pending::<()>()); }");
    watch.until("took more than 512 MB");
    fs::write(clone.folder().join("01-in-turn.rs"), [0xff, 0xfe, 0]).expect("written");
    watch.until("does not compile");
    // As editors save that replace the file.
    let (file, beside) =
        (clone.folder().join("01-in-turn.rs"), clone.folder().join("01-in-turn.rs.new"));
    fs::remove_file(&file).expect("removed");
    fs::write(&beside, text("solutions/01-in-turn")).expect("written");
    fs::rename(&beside, &file).expect("renamed");
    watch.until("Passed: ");
    clone.write("03-join", &text("solutions/03-join"));
    watch.until("Exercise 3 of 13");
    watch.interrupt();
    assert!(clone.run(&["list"]).stdout.contains("\n2 of 13 are passed."));
}

#[test]
fn it_watches_one_exercise_if_asked() {
    let clone = Clone::lend();
    let mut watch = Watch::start(&clone, &["4", "--poll", "0.05"]);
    watch.until("04-nested-joins.rs, line 24, is still to do");
    clone.write("03-join", &text("solutions/03-join"));
    clone.write("04-nested-joins", &text("solutions/04-nested-joins"));
    watch.until("Passed: ");
    assert!(!watch.said.contains("Exercise 3"), "{}", watch.said);
    watch.interrupt();
}

/// The verdict is about the last save, and does not wait for a program of the one before.
#[test]
fn a_newer_save_ends_the_check_of_the_older_one() {
    let clone = Clone::lend();
    let mut watch = Watch::start(&clone, &["1"]);
    watch.until("is still to do");
    clone.solve("01-in-turn", "loop { std::hint::spin_loop() }");
    watch.until_line("Exercise 1 of 13");
    // The program is compiled, and spins by now, or else it never will.
    #[expect(clippy::disallowed_methods, reason = "another process is waited for")]
    thread::sleep(Duration::from_secs(3));
    clone.write("01-in-turn", &text("solutions/01-in-turn"));
    watch.until("Passed: ");
    assert!(watch.said.contains("The file was saved again"), "{}", watch.said);
    assert!(!watch.said.contains("was still running after 10 s"), "{}", watch.said);
    watch.interrupt();
}
