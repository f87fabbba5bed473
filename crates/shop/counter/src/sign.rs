use std::future::ready;

use axum::Router;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::map_response;
use axum::response::Response;

/// The header by which a shop is recognised. Every answer of a shop has it; its value names the
/// step, such as `step 4`.
pub const SHOP: HeaderName = HeaderName::from_static("coffee-shop");

/// Signs every answer with the step's number, so that a client, or another shop that wants the
/// port, knows what it met. The outermost signature counts.
pub fn signed(router: Router, step: u8) -> Router {
    let value = HeaderValue::try_from(format!("step {step}")).expect("a number is plain ASCII");
    router.layer(map_response(move |mut response: Response| {
        response.headers_mut().insert(SHOP, value.clone());
        ready(response)
    }))
}

/// What the shop says of itself in the head of an answer, such as `step 4`; `None` if the answer is
/// not a shop's.
#[must_use]
pub fn sign(head: &str) -> Option<&str> {
    let headers = head.lines().take_while(|line| !line.is_empty());
    let mut fields = headers.filter_map(|line| line.split_once(':'));
    let (_, value) = fields.find(|(name, _)| name.eq_ignore_ascii_case(SHOP.as_str()))?;
    Some(value.trim())
}
