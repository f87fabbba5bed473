use std::time::Duration;

use hyper::StatusCode;

/// The longest sentence of a shop that is shown, in characters.
const LONGEST: usize = 300;

/// What a shop said to one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The first line of the body, without anything that a terminal would obey.
    pub sentence: String,
    /// From the request to the end of the body, in real time.
    pub took: Duration,
}

impl Answer {
    pub(crate) fn new(status: StatusCode, body: &[u8], took: Duration) -> Self {
        let text = String::from_utf8_lossy(body);
        let line = text.lines().next().unwrap_or_default().trim();
        let sentence = line.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
        Self { status, sentence, took }
    }

    /// Whether the customers were served (or promised their coffee, in step 3).
    #[must_use]
    pub fn is_coffee(&self) -> bool {
        let of_coffee = ["Took ", "No coffee yet "];
        self.status.is_success() && of_coffee.iter().any(|start| self.sentence.starts_with(start))
    }

    /// Whether a proxy answered, because it lost the shop behind it. (A gateway timeout, 504, says
    /// only that the shop is slow.)
    #[must_use]
    pub fn is_lost_behind_a_proxy(&self) -> bool {
        self.status == StatusCode::BAD_GATEWAY
    }

    /// Whether a coffee shop, or a proxy before one, can have said this to an order. What else
    /// answers is something else.
    #[must_use]
    pub fn is_of_a_shop(&self) -> bool {
        let refusal = [400, 422, 429, 500, 502, 503, 504];
        self.is_coffee() || refusal.contains(&self.status.as_u16())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        let status = StatusCode::from_u16(status).expect("a status");
        Answer::new(status, body.as_bytes(), Duration::ZERO)
    }

    #[test]
    fn only_a_sentence_about_coffee_is_coffee() {
        assert!(answer(200, "Took 2.0 s to serve coffee to 3 customers\n\n...").is_coffee());
        assert!(answer(200, "No coffee yet for 3 customers.").is_coffee());
        assert!(!answer(200, "<html>Welcome").is_of_a_shop());
        assert!(!answer(404, "There is nothing here").is_of_a_shop());
        assert!(!answer(301, "").is_of_a_shop());
        assert!(answer(503, "The shop is full").is_of_a_shop());
    }

    #[test]
    fn what_is_shown_cannot_command_the_terminal_and_has_an_end() {
        assert_eq!(answer(503, "\x1b[2Jfull\x07\r\nsecond").sentence, "[2Jfull");
        assert_eq!(answer(503, &"x".repeat(9_999)).sentence.len(), LONGEST);
        let broken = Answer::new(StatusCode::OK, &[0xff, b'a'], Duration::ZERO);
        assert_eq!(broken.sentence, "\u{fffd}a");
    }
}
