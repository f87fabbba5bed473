use std::time::Duration;

use hyper::body::Bytes;
use hyper::{HeaderMap, StatusCode};

/// The longest line of a service that is shown, in characters.
const LONGEST: usize = 300;

/// What a service answered to one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
    /// From the sending of the request to the end of the body, in wall time.
    pub took: Duration,
}

impl Answer {
    /// The first line of the body, [`printable`] and at most 300 characters long.
    #[must_use]
    pub fn line(&self) -> String {
        let text = String::from_utf8_lossy(&self.body);
        printable(text.lines().next().unwrap_or_default().trim(), LONGEST)
    }
}

/// The first `longest` characters of a text without those that a terminal obeys or does not show:
/// control characters, and those that turn the direction of writing or have no width.
#[must_use]
pub fn printable(text: &str, longest: usize) -> String {
    text.chars().filter(|c| !c.is_control() && !is_invisible(*c)).take(longest).collect()
}

/// Unicode's marks for direction, joiners, line separators, variation selectors and tags.
const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(body: &[u8]) -> String {
        let body = Bytes::copy_from_slice(body);
        let (status, headers) = (StatusCode::OK, HeaderMap::new());
        Answer { status, headers, body, took: Duration::ZERO }.line()
    }

    #[test]
    fn what_is_shown_cannot_command_the_terminal_and_has_an_end() {
        assert_eq!(line(b"\x1b[2Jfull\x07\r\nsecond"), "[2Jfull");
        assert_eq!(line("\u{9b}2Jfull\u{7f}".as_bytes()), "2Jfull");
        assert_eq!(line("x".repeat(9_999).as_bytes()).len(), LONGEST);
        assert_eq!(line(&[0xff, b'a']), "\u{fffd}a");
    }

    #[test]
    fn what_is_shown_reads_in_the_order_in_which_it_was_sent() {
        for mark in
            ['\u{61c}', '\u{200e}', '\u{202a}', '\u{202e}', '\u{2066}', '\u{2069}', '\u{2028}']
        {
            assert_eq!(line(format!("a{mark}b").as_bytes()), "ab", "{mark:?}");
        }
        assert_eq!(line("\u{e9}\u{4e2d}\u{5e9}\u{1f600}".as_bytes()).chars().count(), 4);
    }
}
