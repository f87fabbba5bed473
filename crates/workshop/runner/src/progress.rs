use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::catalogue::{self, Exercise};
use crate::desk::Desk;
use crate::marks::{Mark, Problem, marks, put_aside};
use crate::saved::{advice, save};
use crate::terminal::Terminal;

/// How far the attendee is: a file in the clone that git ignores, keyed by the exercise's name, so
/// that a pull which adds or renames one loses nothing.
#[derive(Debug)]
pub(crate) struct Progress<'a> {
    desk: &'a Desk,
    path: PathBuf,
    marks: BTreeMap<String, Mark>,
}

/// How far one exercise is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    ToDo,
    /// What is in the file has passed.
    Passed,
    /// It has passed, and the file has changed since.
    Changed,
}

impl<'a> Progress<'a> {
    /// Reads the file. One that cannot be read is put aside, with a sentence, and the list is
    /// empty.
    pub(crate) fn read(desk: &'a Desk, terminal: &Terminal) -> Self {
        let path = desk.marks();
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
        Self { desk, path, marks }
    }

    pub(crate) fn standing(&self, exercise: &Exercise) -> Standing {
        let mark = self.mark(exercise);
        let now = || self.desk.content(exercise).ok().map(|content| verdict::fingerprint(&content));
        match mark.passed {
            false => Standing::ToDo,
            true if mark.source.is_some() && mark.source == now() => Standing::Passed,
            true => Standing::Changed,
        }
    }

    /// Whether it has passed, at this moment or before.
    pub(crate) fn was_passed(&self, exercise: &Exercise) -> bool {
        self.mark(exercise).passed
    }

    /// Whether what is in its file has passed.
    pub(crate) fn is_passed(&self, exercise: &Exercise) -> bool {
        self.standing(exercise) == Standing::Passed
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

    /// The file with this fingerprint has passed.
    pub(crate) fn set_passed(&mut self, exercise: &Exercise, source: &str) -> Result<()> {
        self.change(exercise, |mark| {
            mark.passed = true;
            mark.source = Some(source.to_owned());
        })
    }

    /// The exercise is to do again.
    pub(crate) fn set_to_do(&mut self, exercise: &Exercise) -> Result<()> {
        self.change(exercise, |mark| {
            mark.passed = false;
            mark.source = None;
        })
    }

    pub(crate) fn set_hints(&mut self, exercise: &Exercise, hints: u8) -> Result<()> {
        self.change(exercise, |mark| mark.hints = hints)
    }

    fn mark(&self, exercise: &Exercise) -> Mark {
        self.marks.get(exercise.name).cloned().unwrap_or_default()
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
        let text = serde_json::to_string_pretty(&self.marks)? + "\n";
        match save(&self.path, text.as_bytes()) {
            Ok(()) => Ok(()),
            Err(error) => {
                let advice = advice(&error);
                let path = self.path.display();
                let context = format!("your progress cannot be written to {path}{advice}");
                Err(error).context(context)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A clone with nothing but exercises.
    struct Folder {
        folder: tempfile::TempDir,
        desk: Desk,
    }

    impl Folder {
        fn new(marks: Option<&str>) -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            let exercises = folder.path().join("crates/workshop/exercises");
            fs::create_dir_all(exercises).expect("folders can be made");
            let desk = Desk::find(Some(folder.path())).expect("it has exercises");
            if let Some(marks) = marks {
                fs::write(desk.marks(), marks).expect("it can be written");
            }
            Self { folder, desk }
        }

        fn progress(&self) -> Progress<'_> {
            Progress::read(&self.desk, &Terminal::new())
        }

        /// The attendee writes an exercise. Gives its fingerprint.
        fn write(&self, exercise: &Exercise, text: &str) -> String {
            fs::write(self.desk.file(exercise), text).expect("it can be written");
            verdict::fingerprint(text.as_bytes())
        }

        fn kept(&self, name: &str) -> String {
            let path = self.folder.path().join(format!(".workshop.json.{name}"));
            fs::read_to_string(path).expect("it was put aside")
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let folder = Folder::new(None);
        let [first, _, third, ..] = &catalogue::ALL;
        let source = folder.write(first, "mine");
        let mut progress = folder.progress();
        assert_eq!(progress.next().map(Exercise::number), Some(1));
        progress.set_passed(first, &source).expect("written");
        progress.set_hints(third, 2).expect("written");

        let again = folder.progress();
        assert_eq!(again.marks, progress.marks);
        assert_eq!((again.passed(), again.next().map(Exercise::number)), (1, Some(2)));
        assert_eq!(again.hints(third), 2);
    }

    #[test]
    fn a_passed_exercise_whose_file_is_another_one_now_has_changed() {
        let folder = Folder::new(None);
        let first = &catalogue::ALL[0];
        let source = folder.write(first, "right");
        let mut progress = folder.progress();
        progress.set_passed(first, &source).expect("written");
        assert_eq!(progress.standing(first), Standing::Passed);
        folder.write(first, "wrong");
        assert_eq!(progress.standing(first), Standing::Changed);
        assert_eq!(progress.next().map(Exercise::number), Some(1));
        folder.write(first, "right");
        assert_eq!(progress.standing(first), Standing::Passed);
        fs::remove_file(folder.desk.file(first)).expect("it can be removed");
        assert_eq!(progress.standing(first), Standing::Changed);
        progress.set_to_do(first).expect("written");
        assert_eq!(progress.standing(first), Standing::ToDo);
    }

    #[test]
    fn a_file_that_cannot_be_read_is_kept_and_the_list_is_empty() {
        for nonsense in ["", "{\"01-in-turn\":", "[]", "{\"01-in-turn\": 1}", "\0\0"] {
            let folder = Folder::new(Some(nonsense));
            assert_eq!(folder.progress().passed(), 0);
            assert_eq!(folder.kept("unreadable"), nonsense);
        }
    }

    #[test]
    fn what_another_runner_wrote_in_between_is_kept() {
        let folder = Folder::new(None);
        let fourth = &catalogue::ALL[3];
        let source = folder.write(fourth, "mine");
        let (mut watching, mut hinting) = (folder.progress(), folder.progress());
        hinting.set_hints(fourth, 2).expect("written");
        watching.set_passed(fourth, &source).expect("written");
        hinting.set_hints(fourth, 3).expect("written");
        assert!(hinting.is_passed(fourth));
        assert_eq!(hinting.hints(fourth), 3);
    }

    #[test]
    fn a_second_unreadable_file_does_not_replace_the_first() {
        let folder = Folder::new(Some("first"));
        folder.progress();
        fs::write(folder.desk.marks(), "second").expect("it can be written");
        folder.progress();
        assert_eq!([folder.kept("unreadable"), folder.kept("unreadable-2")], ["first", "second"]);
    }

    /// A folder in its place stands for all that the system does not let us read.
    #[test]
    fn what_the_system_does_not_let_us_read_stays_where_it_is() {
        let folder = Folder::new(None);
        fs::create_dir(folder.desk.marks()).expect("it can be made");
        let mut progress = folder.progress();
        assert_eq!(progress.passed(), 0);
        let refused = progress.set_passed(&catalogue::ALL[0], "0");
        assert!(refused.is_err(), "and nothing replaces it");
        assert!(folder.desk.marks().is_dir());
    }

    #[test]
    fn an_exercise_that_this_version_does_not_know_is_kept() {
        let text = r#"{"99-later": {"passed": true, "more": 1}, "01-in-turn": {"passed": true}}"#;
        let folder = Folder::new(Some(text));
        let mut progress = folder.progress();
        assert!(progress.was_passed(&catalogue::ALL[0]));
        progress.set_passed(&catalogue::ALL[1], "0").expect("written");
        let written = fs::read_to_string(folder.desk.marks()).expect("there");
        assert!(written.contains("99-later"), "{written}");
    }
}
