use std::fmt;
use std::str::FromStr;

/// An amount as Kubernetes writes it: `10Mi`, `3092M`, `1m`, `4`.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    text: String,
    value: f64,
}

/// What stands behind the number, and what it multiplies with.
const SUFFIXES: [(&str, f64); 14] = [
    ("Ki", 1024.0),
    ("Mi", 1_048_576.0),
    ("Gi", 1_073_741_824.0),
    ("Ti", 1_099_511_627_776.0),
    ("Pi", 1_125_899_906_842_624.0),
    ("n", 1e-9),
    ("u", 1e-6),
    ("m", 1e-3),
    ("k", 1e3),
    ("M", 1e6),
    ("G", 1e9),
    ("T", 1e12),
    ("P", 1e15),
    ("", 1.0),
];

impl Quantity {
    /// In units: bytes of memory, rounded up as the Downward API does, or whole CPUs.
    #[must_use]
    pub fn ceil(&self) -> u64 {
        self.value.ceil() as u64
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
        let digits = |c: char| c.is_ascii_digit() || c == '.';
        let end = text.find(|c| !digits(c)).unwrap_or(text.len());
        let (number, suffix) = text.split_at(end);
        let factor = SUFFIXES.iter().find(|(name, _)| *name == suffix).map(|(_, factor)| factor);
        let value = number.parse::<f64>().ok().zip(factor).map(|(number, factor)| number * factor);
        // Within these bounds nothing is lost on the way to bytes.
        let value = value.filter(|value| (0.0..9e15).contains(value));
        let wrong = || format!("'{text:.40}' is no quantity; try 10Mi for memory or 500m for CPU");
        value.map(|value| Self { text: text.to_owned(), value }).ok_or_else(wrong)
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
        ] {
            let quantity: Quantity = text.parse().expect(text);
            assert_eq!((quantity.ceil(), quantity.to_string().as_str()), (units, text));
        }
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in ["", "Mi", "10MB", "10 Mi", "-1", "1.2.3", "9999999P", "NaN", "many"] {
            let error = text.parse::<Quantity>().expect_err(text);
            assert!(error.contains("is no quantity; try 10Mi"), "{error}");
        }
    }
}
