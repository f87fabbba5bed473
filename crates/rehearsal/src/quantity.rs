use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// An amount as Kubernetes writes it: `10Mi`, `3092M`, `1m`, `4`, `129e6`.
#[derive(Clone, Debug)]
pub struct Quantity {
    text: String,
    /// The value is `numerator / denominator`, exactly.
    numerator: u128,
    denominator: u128,
}

/// What stands behind a number: a power of 2 and a power of 10.
const SUFFIXES: [(&str, u32, i32); 16] = [
    ("Ki", 10, 0),
    ("Mi", 20, 0),
    ("Gi", 30, 0),
    ("Ti", 40, 0),
    ("Pi", 50, 0),
    ("Ei", 60, 0),
    ("n", 0, -9),
    ("u", 0, -6),
    ("m", 0, -3),
    ("", 0, 0),
    ("k", 0, 3),
    ("M", 0, 6),
    ("G", 0, 9),
    ("T", 0, 12),
    ("P", 0, 15),
    ("E", 0, 18),
];
/// More than any machine has, and little enough to calculate with.
const LARGEST: u128 = 9_000_000_000_000_000;

impl Quantity {
    /// In units: bytes of memory, rounded up as the Downward API does, or whole CPUs.
    #[must_use]
    pub fn ceil(&self) -> u64 {
        u64::try_from(self.numerator.div_ceil(self.denominator)).unwrap_or(u64::MAX)
    }

    /// Whether it is written with `n`, `u` or `m`, a part of a unit.
    #[must_use]
    pub fn is_in_parts(&self) -> bool {
        self.text.ends_with(['n', 'u', 'm'])
    }

    /// In units, with their parts.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }
}

/// By value: `1` and `1000m` are the same.
impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.partial_cmp(other) == Some(Ordering::Equal)
    }
}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let [left, right] = [
            self.numerator.checked_mul(other.denominator)?,
            other.numerator.checked_mul(self.denominator)?,
        ];
        Some(left.cmp(&right))
    }
}

/// As it was written.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The error is a sentence.
impl FromStr for Quantity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("'{text:.40}' is no quantity; try 10Mi for memory or 500m for CPU");
        let unsigned = text.strip_prefix('+').unwrap_or(text);
        if unsigned.strip_prefix('-').is_some_and(|rest| split(rest).is_some()) {
            return Err(format!("'{text:.40}' is negative; try 10Mi for memory or 500m for CPU"));
        }
        let (digits, fraction, twos, tens) = split(unsigned).ok_or_else(wrong)?;
        let tens = tens - i32::try_from(fraction).map_err(|_| wrong())?;
        let large = || format!("'{text:.40}' is more than any machine has; try 10Mi or 500m");
        let (numerator, denominator) = fractions(&digits, twos, tens).ok_or_else(large)?;
        if numerator / denominator > LARGEST {
            return Err(large());
        }
        Ok(Self { text: text.to_owned(), numerator, denominator })
    }
}

/// The digits of a number, how many of them stand behind the point, and the powers of 2 and 10 that
/// its suffix or exponent multiplies with.
fn split(text: &str) -> Option<(String, usize, u32, i32)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, suffix) = text.split_at(end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || fraction.contains('.') {
        return None;
    }
    let known = SUFFIXES.iter().find(|(name, ..)| *name == suffix);
    let (twos, tens) = match known {
        Some((_, twos, tens)) => (*twos, *tens),
        None => (0, exponent(suffix)?),
    };
    Some((digits, fraction.len(), twos, tens))
}

/// `e6`, `E-1`
fn exponent(suffix: &str) -> Option<i32> {
    let number = suffix.strip_prefix(['e', 'E'])?;
    let digits = number.strip_prefix(['+', '-']).unwrap_or(number);
    let all = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| number.parse().unwrap_or(if number.starts_with('-') { -999 } else { 999 }))
}

/// The value as a fraction, or `None` if it is too large. What is too small is rounded up, as
/// Kubernetes does below a billionth.
fn fractions(digits: &str, twos: u32, tens: i32) -> Option<(u128, u128)> {
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return Some((0, 1));
    }
    let (digits, tens) = match digits.len() {
        0..=24 => (digits.parse::<u128>().ok()?, tens),
        // More digits than these change no byte.
        length => (digits[..24].parse::<u128>().ok()? + 1, tens + i32::try_from(length - 24).ok()?),
    };
    match tens {
        0.. => Some((
            digits
                .checked_mul(1 << twos)?
                .checked_mul(10_u128.checked_pow(tens.unsigned_abs())?)?,
            1,
        )),
        -27.. => Some((digits.checked_mul(1 << twos)?, 10_u128.pow(tens.unsigned_abs()))),
        _ => Some((1, 1_000_000_000)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_kubernetes_means_them() {
        for (text, units) in [
            ("10Mi", 10_485_760),
            ("3092M", 3_092_000_000),
            ("1.5Gi", 1_610_612_736),
            ("4", 4),
            ("1m", 1),
            ("2500m", 3),
            ("0", 0),
            // By the specification: a sign, an exponent, and a point without digits around it.
            ("129e6", 129_000_000),
            ("1e-1", 1),
            ("+5", 5),
            ("1E3", 1_000),
            ("5.", 5),
            (".5Ki", 512),
            ("0.1Gi", 107_374_183),
            ("1.1k", 1_100),
            ("12E0", 12),
            ("1e-40", 1),
            ("0e999999999999", 0),
            ("0000000000000000000000000000000000000000001", 1),
        ] {
            let quantity: Quantity = text.parse().expect(text);
            assert_eq!((quantity.ceil(), quantity.to_string().as_str()), (units, text));
        }
    }

    #[test]
    fn the_same_amount_is_equal_however_it_is_written() {
        let quantity = |text: &str| text.parse::<Quantity>().expect(text);
        assert_eq!(quantity("1"), quantity("1000m"));
        assert_eq!(quantity("1Gi"), quantity("1048576Ki"));
        assert!(quantity("1Gi") > quantity("1G") && quantity("1e-3") < quantity("2m"));
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in [
            "", "Mi", "10MB", "10 Mi", "1.2.3", "NaN", "many", "1e", "1e+", "1e5Mi", "--1", "+",
            ".",
        ] {
            let error = text.parse::<Quantity>().expect_err(text);
            assert!(error.contains("is no quantity; try 10Mi"), "{error}");
        }
        for (text, sentence) in [
            ("-1", "is negative"),
            ("-10Mi", "is negative"),
            ("9999999P", "is more than any machine has"),
            ("1e99", "is more than any machine has"),
            ("9Ei", "is more than any machine has"),
            ("99999999999999999999999999999999999999999999", "is more than any machine has"),
        ] {
            let error = text.parse::<Quantity>().expect_err(text);
            assert!(error.contains(sentence), "{error}");
        }
    }
}
