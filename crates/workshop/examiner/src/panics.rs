use std::panic::{self, PanicHookInfo};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// The first panic of a sitting, wherever it happened. A task that is not awaited panics unseen
/// otherwise.
#[derive(Clone, Debug)]
pub(crate) struct Panic {
    message: String,
    place: String,
}

static FIRST: Mutex<Option<Panic>> = Mutex::new(None);

/// From here on panics are written down instead of printed: the verdict tells of them.
pub(crate) fn watch() {
    panic::set_hook(Box::new(|info| {
        first().get_or_insert_with(|| Panic::from(info));
    }));
}

/// The first panic since the last call.
pub(crate) fn take() -> Option<Panic> {
    first().take()
}

fn first() -> std::sync::MutexGuard<'static, Option<Panic>> {
    FIRST.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Panic {
    /// What the panic means for the attendee. A `todo!` is no accident: it is where to begin. And
    /// "stuck" is what the examiner's own card says.
    pub(crate) fn sentence(&self) -> String {
        let Self { message, place } = self;
        if let Some(rest) = message.strip_prefix("not yet implemented") {
            let what = rest.trim_start_matches([':', ' ']);
            return format!("{place}, is still to do: {what}");
        }
        match message.strip_prefix("stuck: ") {
            Some(why) => format!("In {place}, {why}"),
            None => format!("Your code panicked in {place}: {message}"),
        }
    }
}

impl From<&PanicHookInfo<'_>> for Panic {
    fn from(info: &PanicHookInfo<'_>) -> Self {
        let payload = info.payload();
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        let place = info.location().map_or_else(
            || "an unknown place".to_owned(),
            |at| {
                let file = Path::new(at.file()).file_name().unwrap_or_default();
                format!("{}, line {}", file.to_string_lossy(), at.line())
            },
        );
        Self { message: cleaned(text.unwrap_or("it did not say why")), place }
    }
}

/// A message may be as long as a log, and hold what a terminal obeys.
fn cleaned(text: &str) -> String {
    const LONGEST: usize = 300;
    let is_plain = |sign: &char| !sign.is_control() || sign.is_whitespace();
    let plain = |sign: char| if sign.is_whitespace() { ' ' } else { sign };
    let mut signs = text.chars().filter(is_plain).map(plain);
    let mut message: String = signs.by_ref().take(LONGEST).collect();
    if signs.next().is_some() {
        message += "...";
    }
    message
}

#[cfg(test)]
mod tests {
    use super::cleaned;

    #[test]
    fn a_message_is_one_plain_line_of_bounded_length() {
        assert_eq!(cleaned("left: 1\n right: \u{1b}[31m2"), "left: 1  right: [31m2");
        assert_eq!(cleaned(&"milk ".repeat(100_000)).chars().count(), 303);
        assert_eq!(cleaned(&"a".repeat(300)), "a".repeat(300));
    }
}
