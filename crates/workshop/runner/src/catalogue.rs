use anyhow::{Result, bail};

/// One exercise, with all the runner knows of it. The texts are part of the program, so that no
/// edit in the clone can change them.
#[derive(Debug)]
pub(crate) struct Exercise {
    /// The name of its file and of its binary, number first.
    pub(crate) name: &'static str,
    pub(crate) starter: &'static str,
    pub(crate) solution: &'static str,
    /// The three hints, each but the last followed by a line of three dashes.
    hints: &'static str,
}

macro_rules! exercise {
    ($name:literal) => {
        Exercise {
            name: $name,
            starter: include_str!(concat!("../../exercises/starters/", $name, ".rs")),
            solution: include_str!(concat!("../../exercises/solutions/", $name, ".rs")),
            hints: include_str!(concat!("../../exercises/hints/", $name, ".txt")),
        }
    };
}

pub(crate) static ALL: [Exercise; 13] = [
    exercise!("01-in-turn"),
    exercise!("02-spawn"),
    exercise!("03-join"),
    exercise!("04-nested-joins"),
    exercise!("05-two-machines"),
    exercise!("06-leaving"),
    exercise!("07-closing-time"),
    exercise!("08-grinder"),
    exercise!("09-order-board"),
    exercise!("10-loyalty-counter"),
    exercise!("11-sendable"),
    exercise!("12-cancel-safe"),
    exercise!("13-one-fails"),
];

/// The exercise with that number or name, with or without what comes before the first dash.
pub(crate) fn find(wanted: &str) -> Result<&'static Exercise> {
    let wanted = wanted.strip_suffix(".rs").unwrap_or(wanted);
    let found = ALL.iter().find(|exercise| {
        wanted.parse() == Ok(exercise.number())
            || wanted == exercise.name
            || wanted == exercise.title()
    });
    match found {
        Some(exercise) => Ok(exercise),
        None => bail!(
            "there is no exercise {wanted}: they are 1 to {}, and cargo workshop list names them",
            ALL.len()
        ),
    }
}

pub(crate) fn last() -> &'static Exercise {
    &ALL[ALL.len() - 1]
}

impl Exercise {
    /// Counted from 1, as its name begins.
    pub(crate) fn number(&self) -> usize {
        let (number, _) = self.parts();
        number.parse().expect("a name begins with its number")
    }

    /// Its name without the number.
    pub(crate) fn title(&self) -> &'static str {
        self.parts().1
    }

    fn parts(&self) -> (&'static str, &'static str) {
        self.name.split_once('-').expect("a name is a number, a dash and a title")
    }

    /// What its starter says at the top.
    pub(crate) fn brief(&self) -> String {
        let lines = self.starter.lines().map_while(|line| line.strip_prefix("//!"));
        lines.map(|line| line.strip_prefix(' ').unwrap_or(line).to_owned() + "\n").collect()
    }

    /// A nudge, the idea, the shape of the code.
    pub(crate) fn hints(&self) -> Vec<&'static str> {
        self.hints.split("\n---\n").map(str::trim).collect()
    }

    /// The one after it.
    pub(crate) fn following(&self) -> Option<&'static Self> {
        ALL.get(self.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_exercise_has_a_brief_three_hints_and_a_solution() {
        for (i, exercise) in ALL.iter().enumerate() {
            let name = exercise.name;
            assert_eq!(exercise.number(), i + 1, "{name}");
            assert!(exercise.brief().starts_with(&format!("Exercise {}: ", i + 1)), "{name}");
            assert!(exercise.brief().contains("\nYou need: "), "{name}");
            assert_eq!(exercise.hints().len(), 3, "{name}");
            assert!(exercise.hints().iter().all(|hint| hint.len() > 20), "{name}");
            assert!(!exercise.solution.contains("todo!("), "{name}: not solved");
        }
    }

    #[test]
    fn an_exercise_is_found_by_number_and_by_name() {
        for wanted in ["3", "03", "join", "03-join", "03-join.rs"] {
            assert_eq!(find(wanted).expect(wanted).name, "03-join");
        }
        for nonsense in ["0", "14", "", "-1", "jo", "99999999999999999999"] {
            let said = find(nonsense).expect_err(nonsense).to_string();
            assert!(said.contains("they are 1 to 13"), "{said}");
        }
    }
}
