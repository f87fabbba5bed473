use counter::SHOP;
use rush::{Answer, Request, Verdict};

/// The request that orders coffee for so many customers.
///
/// # Panics
///
/// Never: the path is one of a URL for every number.
#[must_use]
pub fn order(customers: u32) -> Request {
    Request::get(&format!("/serve-customer/{customers}")).expect("a number is plain ASCII")
}

/// Whether the customers were served (or promised their coffee, in step 3).
#[must_use]
pub fn is_coffee(answer: &Answer) -> bool {
    answer.status.is_success() && has_sign(answer)
}

/// Whether a proxy answered, because it lost the shop behind it. (A gateway timeout, 504, says only
/// that the shop is slow.)
#[must_use]
pub fn is_bad_gateway(answer: &Answer) -> bool {
    answer.status == 502 && !has_sign(answer)
}

/// Whether a shop gave this answer, which its header says, or a proxy that has no shop to ask.
#[must_use]
pub fn is_of_a_shop(answer: &Answer) -> bool {
    let by_proxy = [429, 502, 503, 504];
    has_sign(answer) || by_proxy.contains(&answer.status.as_u16())
}

fn has_sign(answer: &Answer) -> bool {
    answer.headers.contains_key(SHOP)
}

/// What an answer to an order means to the load engine.
#[must_use]
pub fn verdict(answer: &Answer) -> Verdict {
    match answer {
        _ if is_coffee(answer) => Verdict::Expected,
        _ if is_of_a_shop(answer) => Verdict::Refused,
        _ => Verdict::Foreign,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn answer(status: u16, signed: bool) -> Answer {
        let mut answer = Answer {
            status: status.try_into().expect("a status"),
            headers: Default::default(),
            body: b"Took 2.0 s to serve coffee to 3 customers".as_slice().into(),
            took: Duration::ZERO,
        };
        if signed {
            answer.headers.insert(SHOP, "step 6".parse().expect("a value"));
        }
        answer
    }

    #[test]
    fn a_shop_is_known_by_its_header_and_not_by_what_it_says() {
        for (status, signed, expected) in [
            (200, true, Verdict::Expected),
            (200, false, Verdict::Foreign),
            (400, true, Verdict::Refused),
            (400, false, Verdict::Foreign),
            (404, false, Verdict::Foreign),
            (301, false, Verdict::Foreign),
            (503, true, Verdict::Refused),
            (503, false, Verdict::Refused), // of a proxy
        ] {
            assert_eq!(verdict(&answer(status, signed)), expected, "{status} {signed}");
        }
        assert!(is_bad_gateway(&answer(502, false)) && !is_bad_gateway(&answer(504, false)));
    }
}
