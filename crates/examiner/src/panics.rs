use std::panic::{self, PanicHookInfo};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// The first panic of a sitting, wherever it happened. A task that nobody awaits panics unseen
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
    /// What the panic means for the attendee. A `todo!` is no accident: it is where to begin.
    pub(crate) fn sentence(&self) -> String {
        let Self { message, place } = self;
        match message.strip_prefix("not yet implemented") {
            Some(rest) => {
                let what = rest.trim_start_matches([':', ' ']);
                format!("{place}, is still to do: {what}")
            }
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
        Self { message: text.unwrap_or("it did not say why").to_owned(), place }
    }
}
