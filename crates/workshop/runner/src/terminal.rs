use std::io::{self, ErrorKind, Write};
use std::process;

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use console::Term;
use textwrap::core::Word;
use textwrap::{Options, WordSeparator, WordSplitter};

/// Where the runner talks: plain if the output is no terminal or `NO_COLOR` is set, and never wider
/// than the terminal or 80 columns.
#[derive(Debug)]
pub(crate) struct Terminal {
    colour: bool,
    columns: usize,
}

pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const STRONG: Style = Style::new().bold();
pub(crate) const FAINT: Style = Style::new().dimmed();

impl Terminal {
    pub(crate) fn new() -> Self {
        let colour = AutoStream::choice(&io::stdout()) != ColorChoice::Never;
        let columns = Term::stdout().size_checked().map_or(80, |(_, columns)| columns.into());
        Self { colour, columns: columns.clamp(20, 80) }
    }

    pub(crate) fn colour(&self) -> bool {
        self.colour
    }

    pub(crate) fn columns(&self) -> usize {
        self.columns
    }

    /// How wide the terminal is, if there is one.
    pub(crate) fn width() -> Option<u16> {
        Term::stdout().size_checked().map(|(_, columns)| columns)
    }

    /// The text in this style, if there is colour.
    pub(crate) fn styled(&self, style: Style, text: &str) -> String {
        if self.colour { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    /// Writes a text as it is, without escapes if there is no colour, and ends its last line.
    pub(crate) fn say(&self, text: &str) {
        let choice = if self.colour { ColorChoice::Always } else { ColorChoice::Never };
        let mut out = AutoStream::new(io::stdout(), choice).lock();
        let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        let written = out.write_all(text.as_bytes()).and_then(|()| out.write_all(end.as_bytes()));
        match written.and_then(|()| out.flush()) {
            Ok(()) => {}
            // A reader that has left, `| head -1`, wants no more: no error, and no work either.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => process::exit(0),
            Err(error) => {
                eprintln!("error: the output cannot be written: {error}. Look where it goes");
                process::exit(2);
            }
        }
    }

    /// A text, broken between words where it would not fit. The name of a file is one word, whatever
    /// dashes it has, and is broken only behind its folder.
    pub(crate) fn wrapped(&self, text: &str, indent: &str) -> String {
        let options = Options::new(self.columns).subsequent_indent(indent);
        let options = options.word_splitter(WordSplitter::NoHyphenation);
        textwrap::fill(text, options.word_separator(WordSeparator::Custom(words)))
    }

    /// Writes a sentence.
    pub(crate) fn tell(&self, sentence: &str) {
        self.say(&self.wrapped(sentence, ""));
    }

    /// Writes a command that could be typed now, in a line of its own.
    pub(crate) fn offer(&self, command: &str) {
        self.say(&format!("  cargo workshop {command}"));
    }

    /// An empty line.
    pub(crate) fn gap(&self) {
        self.say("\n");
    }

    /// Writes to standard error what went wrong.
    pub(crate) fn complain(&self, sentence: &str) {
        let sentence = self.wrapped(&format!("error: {sentence}."), "");
        let _ = writeln!(anstream::stderr(), "{sentence}");
    }

    /// Writes to standard error what takes time.
    pub(crate) fn mention(&self, line: &str) {
        let _ = writeln!(anstream::stderr(), "{FAINT}{line}{FAINT:#}");
    }
}

/// The words of a line; a path is two, without a space between them.
fn words(line: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    let words = WordSeparator::AsciiSpace.find_words(line).collect::<Vec<_>>();
    let parts = words.into_iter().flat_map(|word| {
        let whole = word.word;
        let is_path = whole.starts_with("crates/");
        let end = whole.rfind('/').filter(|_| is_path).map_or(0, |slash| slash + 1);
        let mut file = Word::from(&whole[end..]);
        file.whitespace = word.whitespace;
        let folder = (end > 0).then(|| Word::from(&whole[..end]));
        folder.into_iter().chain([file])
    });
    Box::new(parts)
}
