//! What a request asks for, in its path and its query.

use axum::http::StatusCode;
use menu::Step;
use percent_encoding::percent_decode_str;

/// The longest tag that a request may bring.
const LONGEST_TAG: usize = 16;

/// What a request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// How many customers it brings.
    pub customers: u32,
    /// How to serve them.
    pub step: Step,
    /// A word by which its client finds it among all that are watched: `?tag=k3f9`.
    pub tag: Option<String>,
}

/// What a request is told when nothing is brewed for it.
type Refusal = (StatusCode, String);

pub(crate) fn customers(path: &str, max: u32) -> Result<u32, Refusal> {
    let text = path.strip_prefix("/serve-customer").unwrap_or(path);
    let Some(text) = text.strip_prefix('/').filter(|text| !text.is_empty()) else {
        return Ok(1);
    };
    let plain = percent_decode_str(text).decode_utf8_lossy();
    let number = plain.bytes().all(|byte| byte.is_ascii_digit()).then(|| plain.parse::<u32>());
    let (status, why) = match number {
        Some(Ok(0)) => (StatusCode::BAD_REQUEST, "0 customers are too few".to_owned()),
        Some(Ok(customers)) if customers <= max => return Ok(customers),
        // Of digits alone, what cannot be parsed is too large.
        Some(_) if !plain.is_empty() => (
            StatusCode::UNPROCESSABLE_ENTITY,
            format!("{plain:.40} customers are too many: this shop's --max-customers is {max}"),
        ),
        _ => (StatusCode::BAD_REQUEST, format!("'{text:.40}' is not a number of customers")),
    };
    Err((status, format!("{why}. Ask for 1 to {max}, such as /serve-customer/{}\n", max.min(3))))
}

pub(crate) fn step(query: &str, usual: Step, offered: &[Step]) -> Result<Step, Refusal> {
    let Some(number) = value(query, "step=") else {
        return Ok(usual);
    };
    let mut steps = offered.iter().copied();
    steps.find(|step| step.number().to_string() == number).ok_or_else(|| {
        let why = format!("'{number:.40}' is not a step that this shop offers");
        (StatusCode::BAD_REQUEST, format!("{why}. Leave ?step= out for {usual}\n"))
    })
}

pub(crate) fn tag(query: &str) -> Result<Option<String>, Refusal> {
    let Some(tag) = value(query, "tag=") else {
        return Ok(None);
    };
    let is_word = tag.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if tag.is_empty() || tag.len() > LONGEST_TAG || !is_word {
        let why = format!("'{tag:.40}' is not a tag");
        let advice = format!("Use 1 to {LONGEST_TAG} letters and digits, or leave ?tag= out");
        return Err((StatusCode::BAD_REQUEST, format!("{why}. {advice}\n")));
    }
    Ok(Some(tag.to_owned()))
}

fn value<'a>(query: &'a str, key: &str) -> Option<&'a str> {
    query.split('&').find_map(|part| part.strip_prefix(key))
}
