use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;

use saphyr::Scalar;
use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput, Tag};
use serde_json::{Map, Value};

use crate::error::ManifestError;
use crate::source::text;

/// How deep maps and lists may lie in one another.
const DEEPEST: usize = 64;
/// How many values a file may have, those of its aliases included.
const MOST: usize = 200_000;

/// The documents of a YAML file, as the JSON that Kubernetes means by them.
pub(crate) fn documents(path: &Path) -> Result<Vec<Value>, ManifestError> {
    let text = text(path)?;
    Reader::of(&text).documents().map_err(|problem| match problem {
        Problem::Syntax(why) => ManifestError::Yaml { path: path.to_owned(), why },
        Problem::Twice(key, line) => ManifestError::Twice { path: path.to_owned(), key, line },
        Problem::Refused(what, line) => {
            let field = format!("{what} in line {line}");
            ManifestError::Unknown { path: path.to_owned(), field }
        }
        Problem::Ambiguous(text, line) => {
            ManifestError::Ambiguous { path: path.to_owned(), text, line }
        }
    })
}

/// Why there are no documents.
enum Problem {
    Syntax(String),
    Twice(String, usize),
    Refused(String, usize),
    Ambiguous(String, usize),
}

/// Builds values from the parser's events. (The loader of the same crate does it without lines.)
struct Reader<'a> {
    parser: Parser<'a, StrInput<'a>>,
    anchors: HashMap<usize, Value>,
    values: usize,
}

impl<'a> Reader<'a> {
    fn of(text: &'a str) -> Self {
        Self { parser: Parser::new_from_str(text), anchors: HashMap::new(), values: 0 }
    }

    fn documents(mut self) -> Result<Vec<Value>, Problem> {
        let mut documents = Vec::new();
        loop {
            match self.next()? {
                (Event::StreamStart | Event::DocumentEnd | Event::Nothing, _) => {}
                (Event::DocumentStart(_), _) => {
                    let event = self.next()?;
                    documents.push(self.node(event, 0)?);
                }
                _ => return Ok(documents),
            }
        }
    }

    fn next(&mut self) -> Result<(Event<'a>, usize), Problem> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => Ok((event, line(&span))),
            Some(Err(error)) => Err(Problem::Syntax(error.to_string())),
            None => Ok((Event::StreamEnd, 0)),
        }
    }

    fn node(&mut self, (event, line): (Event<'a>, usize), depth: usize) -> Result<Value, Problem> {
        self.values += 1;
        if depth > DEEPEST || self.values > MOST {
            return Err(Problem::Refused("more than one can read".to_owned(), line));
        }
        let (anchor, value) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                (anchor, scalar(text, style, tag.as_ref(), line)?)
            }
            Event::SequenceStart(anchor, _) => (anchor, self.list(depth)?),
            Event::MappingStart(anchor, _) => (anchor, self.map(depth)?),
            Event::Alias(anchor) => {
                let value = self.anchors.get(&anchor).cloned();
                let value = value.ok_or_else(|| {
                    Problem::Refused("an alias of something around it".to_owned(), line)
                })?;
                self.values += size(&value);
                return Ok(value);
            }
            _ => return Err(Problem::Syntax(format!("a value is missing in line {line}"))),
        };
        if anchor > 0 {
            self.anchors.insert(anchor, value.clone());
        }
        Ok(value)
    }

    fn list(&mut self, depth: usize) -> Result<Value, Problem> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(Value::Array(items)),
                event => items.push(self.node(event, depth + 1)?),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Value, Problem> {
        let mut fields = Map::new();
        loop {
            let (key, line) = match self.next()? {
                (Event::MappingEnd, _) => return Ok(Value::Object(fields)),
                (Event::Scalar(key, ..), line) => (key.into_owned(), line),
                (_, line) => {
                    return Err(Problem::Refused("a key that is no text".to_owned(), line));
                }
            };
            // A merge key, and the directives of strategic merge patches.
            if key == "<<" || key.starts_with('$') {
                return Err(Problem::Refused(key, line));
            }
            let event = self.next()?;
            let value = self.node(event, depth + 1)?;
            if fields.contains_key(&key) {
                return Err(Problem::Twice(key, line));
            }
            fields.insert(key, value);
        }
    }
}

fn line(span: &Span) -> usize {
    span.start.line()
}

fn size(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(fields) => fields.values().map(size).sum(),
        _ => 0,
    }
}

fn scalar(
    text: Cow<'_, str>,
    style: ScalarStyle,
    tag: Option<&Cow<'_, Tag>>,
    line: usize,
) -> Result<Value, Problem> {
    if style == ScalarStyle::Plain && tag.is_none() && is_ambiguous(&text) {
        return Err(Problem::Ambiguous(text.into_owned(), line));
    }
    let wrong = || Problem::Refused("a tag that its value does not fit".to_owned(), line);
    let scalar = Scalar::parse_from_cow_and_metadata(text, style, tag);
    Ok(match scalar.ok_or_else(wrong)? {
        Scalar::Null => Value::Null,
        Scalar::Boolean(truth) => truth.into(),
        Scalar::Integer(number) => number.into(),
        Scalar::FloatingPoint(number) => number.into_inner().into(),
        Scalar::String(text) => text.into_owned().into(),
    })
}

/// Whether YAML 1.1, which Kubernetes reads, takes a plain text for another number than YAML 1.2
/// does, or for a date.
fn is_ambiguous(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let all = |allowed: fn(&u8) -> bool| digits.bytes().all(|byte| allowed(&byte));
    let begins_with_a_digit = digits.starts_with(|c: char| c.is_ascii_digit());
    let octal = digits.starts_with('0') && digits.len() > 1 && all(u8::is_ascii_digit);
    let prefixed = ["0o", "0b", "0x"].iter().any(|prefix| digits.starts_with(prefix));
    let grouped = digits.contains('_') && all(|b| b.is_ascii_digit() || b"_.eE+-".contains(b));
    let dated = digits.len() >= 8
        && digits.as_bytes()[4] == b'-'
        && all(|b| b.is_ascii_digit() || b"-:.+TtZz ".contains(b));
    begins_with_a_digit && (octal || prefixed || grouped || dated)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Result<Vec<Value>, String> {
        Reader::of(text).documents().map_err(|problem| match problem {
            Problem::Syntax(why) => why,
            Problem::Twice(key, line) => format!("{key} twice, {line}"),
            Problem::Refused(what, line) => format!("{what}, {line}"),
            Problem::Ambiguous(text, line) => format!("{text} ambiguous, {line}"),
        })
    }

    #[test]
    fn documents_are_read_as_kubernetes_means_them() {
        let text = "a: &x [1, 2.5, '3', ~, true]\nb: *x\n---\nc: |\n  d\n---\n";
        let list = json!([1, 2.5, "3", null, true]);
        let expected = [json!({"a": list, "b": list}), json!({"c": "d\n"}), Value::Null];
        assert_eq!(read(text), Ok(expected.to_vec()));
        assert_eq!(read(""), Ok(vec![]));
        assert_eq!(
            read("a: yes\nb: 10-11\nc: 0\nd: 0.5"),
            Ok(vec![json!({"a": "yes", "b": "10-11", "c": 0, "d": 0.5})])
        );
    }

    #[test]
    fn what_is_read_in_two_ways_or_followed_by_none_is_named_with_its_line() {
        let bomb: String = (1..9).fold("a0: &a0 [x, x]\n".to_owned(), |text, n| {
            let alias = format!("*a{}", n - 1);
            let aliases = vec![alias; 9].join(", ");
            text + &format!("a{n}: &a{n} [{aliases}]\n")
        });
        for (text, problem) in [
            ("a: 1\nb: 2\na: 3", "a twice, 3"),
            ("a: 1\nb:\n  <<: {c: 1}", "<<, 3"),
            ("- $patch: delete", "$patch, 1"),
            ("a: 017", "017 ambiguous, 1"),
            ("\na: 1_000", "1_000 ambiguous, 2"),
            ("a: 0x1F", "0x1F ambiguous, 1"),
            ("a: 2026-11-25", "2026-11-25 ambiguous, 1"),
            ("? [a]\n: 1", "a key that is no text, 1"),
            ("a: !!int many", "a tag that its value does not fit, 1"),
            ("a: &a [*a]", "an alias of something around it, 1"),
            (&bomb, "more than one can read, 7"),
            (&"[".repeat(100), "more than one can read, 1"),
        ] {
            assert_eq!(read(text), Err(problem.to_owned()), "{text:.60}");
        }
        assert!(read("a: [").expect_err("no end").contains("line"), "{:?}", read("a: ["));
    }
}
