use std::collections::BTreeMap;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::{fmt, fs};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use crate::catalogue::{self, Exercise};
use crate::terminal::Terminal;

/// How far the attendee is: a file in the clone that git ignores, keyed by the exercise's name, so
/// that a pull which adds or renames one loses nothing.
#[derive(Debug)]
pub(crate) struct Progress {
    path: PathBuf,
    marks: BTreeMap<String, Mark>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(default)]
struct Mark {
    passed: bool,
    hints: u8,
}

impl Progress {
    /// Reads the file. One that cannot be read is put aside, with a sentence, and the list is
    /// empty.
    pub(crate) fn read(path: PathBuf, terminal: &Terminal) -> Self {
        let marks = marks(&path).unwrap_or_else(|problem| {
            let kept = match &problem {
                Problem::Nonsense(_) => put_aside(&path),
                Problem::Refused(_) => format!("{} stays as it is", path.display()),
            };
            terminal.complain(&format!(
                "your progress cannot be read ({problem}), so the list begins anew; {kept}. Your \
                 exercises are untouched: check them again, and they count again"
            ));
            BTreeMap::new()
        });
        Self { path, marks }
    }

    pub(crate) fn is_passed(&self, exercise: &Exercise) -> bool {
        self.mark(exercise).passed
    }

    /// How many hints were shown.
    pub(crate) fn hints(&self, exercise: &Exercise) -> u8 {
        self.mark(exercise).hints
    }

    /// How many exercises are passed.
    pub(crate) fn passed(&self) -> usize {
        catalogue::ALL.iter().filter(|exercise| self.is_passed(exercise)).count()
    }

    /// The first exercise that is not passed.
    pub(crate) fn next(&self) -> Option<&'static Exercise> {
        catalogue::ALL.iter().find(|exercise| !self.is_passed(exercise))
    }

    pub(crate) fn set_passed(&mut self, exercise: &Exercise, passed: bool) -> Result<()> {
        self.change(exercise, |mark| mark.passed = passed)
    }

    pub(crate) fn set_hints(&mut self, exercise: &Exercise, hints: u8) -> Result<()> {
        self.change(exercise, |mark| mark.hints = hints)
    }

    fn mark(&self, exercise: &Exercise) -> Mark {
        self.marks.get(exercise.name).copied().unwrap_or_default()
    }

    fn change(&mut self, exercise: &Exercise, change: impl FnOnce(&mut Mark)) -> Result<()> {
        // Another runner may have written meanwhile: a hint in one terminal, `watch` in the other.
        // What was read before it is old, and writing that back would lose an update. There is no
        // lock: two that write within the same millisecond may still lose one.
        match marks(&self.path) {
            Ok(marks) => self.marks = marks,
            Err(Problem::Nonsense(_)) => {}
            Err(problem) => bail!("your progress cannot be read ({problem}), so it is not written"),
        }
        let before = self.mark(exercise);
        let mark = self.marks.entry(exercise.name.to_owned()).or_default();
        change(mark);
        if *mark == before {
            return Ok(());
        }
        self.write().with_context(|| {
            format!("your progress cannot be written to {}: is the disk full?", self.path.display())
        })
    }

    /// The whole file or none of it, however the program ends.
    fn write(&self) -> io::Result<()> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let mut file = NamedTempFile::new_in(folder)?;
        serde_json::to_writer_pretty(&mut file, &self.marks)?;
        file.write_all(b"\n")?;
        file.persist(&self.path)?;
        Ok(())
    }
}

/// Why there is no progress to be read.
#[derive(Debug)]
enum Problem {
    /// The file says something else.
    Nonsense(String),
    /// The system does not hand it out; what it says may be fine.
    Refused(io::Error),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nonsense(why) => f.write_str(why),
            Self::Refused(error) => error.fmt(f),
        }
    }
}

fn marks(path: &Path) -> Result<BTreeMap<String, Mark>, Problem> {
    match fs::read_to_string(path) {
        Ok(text) => serde_json::from_str(&text).map_err(|e| Problem::Nonsense(e.to_string())),
        Err(error) => match error.kind() {
            ErrorKind::NotFound => Ok(BTreeMap::new()),
            ErrorKind::InvalidData => Err(Problem::Nonsense(error.to_string())),
            _ => Err(Problem::Refused(error)),
        },
    }
}

/// Never over an older one.
fn put_aside(path: &Path) -> String {
    let names = (1..).map(|number| match number {
        1 => "json.unreadable".to_owned(),
        _ => format!("json.unreadable-{number}"),
    });
    let mut paths = names.map(|name| path.with_extension(name));
    let aside = paths.find(|aside| !aside.exists()).expect("a folder does not hold that many");
    match fs::rename(path, &aside) {
        Ok(()) => format!("it is now {}", aside.display()),
        Err(error) => format!("and it cannot be put aside: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(text: Option<&str>) -> (tempfile::TempDir, Progress) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(".workshop.json");
        if let Some(text) = text {
            fs::write(&path, text).expect("it can be written");
        }
        let progress = Progress::read(path, &Terminal::new());
        (folder, progress)
    }

    #[test]
    fn what_is_written_is_read_again() {
        let (folder, mut progress) = progress(None);
        assert_eq!(progress.next().map(Exercise::number), Some(1));
        progress.set_passed(&catalogue::ALL[0], true).expect("written");
        progress.set_hints(&catalogue::ALL[2], 2).expect("written");

        let again = Progress::read(folder.path().join(".workshop.json"), &Terminal::new());
        assert_eq!(again.marks, progress.marks);
        assert_eq!((again.passed(), again.next().map(Exercise::number)), (1, Some(2)));
        assert_eq!(again.hints(&catalogue::ALL[2]), 2);
    }

    #[test]
    fn a_file_that_cannot_be_read_is_kept_and_the_list_is_empty() {
        for nonsense in ["", "{\"01-in-turn\":", "[]", "{\"01-in-turn\": 1}", "\0\0"] {
            let (folder, progress) = progress(Some(nonsense));
            assert_eq!(progress.passed(), 0);
            let kept = fs::read_to_string(folder.path().join(".workshop.json.unreadable"));
            assert_eq!(kept.expect("it was put aside"), nonsense);
        }
    }

    #[test]
    fn what_another_runner_wrote_in_between_is_kept() {
        let (folder, mut watching) = progress(None);
        let mut hinting = Progress::read(folder.path().join(".workshop.json"), &Terminal::new());
        hinting.set_hints(&catalogue::ALL[3], 2).expect("written");
        watching.set_passed(&catalogue::ALL[3], true).expect("written");
        hinting.set_hints(&catalogue::ALL[3], 3).expect("written");
        assert!(hinting.is_passed(&catalogue::ALL[3]));
        assert_eq!(hinting.hints(&catalogue::ALL[3]), 3);
    }

    #[test]
    fn a_second_unreadable_file_does_not_replace_the_first() {
        let (folder, _) = progress(Some("first"));
        let path = folder.path().join(".workshop.json");
        fs::write(&path, "second").expect("it can be written");
        Progress::read(path, &Terminal::new());
        for (kept, text) in [("unreadable", "first"), ("unreadable-2", "second")] {
            let kept = fs::read_to_string(folder.path().join(format!(".workshop.json.{kept}")));
            assert_eq!(kept.expect("it was put aside"), text);
        }
    }

    /// A folder in its place stands for whatever the system does not let us read.
    #[test]
    fn what_the_system_does_not_let_us_read_stays_where_it_is() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(".workshop.json");
        fs::create_dir(&path).expect("it can be made");
        let mut progress = Progress::read(path.clone(), &Terminal::new());
        assert_eq!(progress.passed(), 0);
        assert!(progress.set_passed(&catalogue::ALL[0], true).is_err(), "and nothing replaces it");
        assert!(path.is_dir());
    }

    #[test]
    fn an_exercise_that_this_version_does_not_know_is_kept() {
        let text = r#"{"99-later": {"passed": true, "more": 1}, "01-in-turn": {"passed": true}}"#;
        let (folder, mut progress) = progress(Some(text));
        assert_eq!(progress.passed(), 1);
        progress.set_passed(&catalogue::ALL[1], true).expect("written");
        let written = fs::read_to_string(folder.path().join(".workshop.json")).expect("there");
        assert!(written.contains("99-later"), "{written}");
    }
}
