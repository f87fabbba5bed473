use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, Version, header};

use crate::Limits;
use crate::refusal::Refusal;

/// What HTTP/1.1 demands of a request and hyper lets pass, and the bound on a body.
pub(crate) fn check<B>(request: &Request<B>, limits: &Limits) -> Result<(), Refusal> {
    host(request.headers(), request.version())?;
    transfer_coding(request.headers())?;
    body(request.headers(), limits.body_bytes)
}

/// RFC 9112, 3.2: exactly one, and well-formed. HTTP/1.0 may leave it out.
fn host(headers: &HeaderMap, version: Version) -> Result<(), Refusal> {
    let refuse = |why: String| Err(Refusal::new(StatusCode::BAD_REQUEST, why));
    let mut hosts = headers.get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) if is_host(host) => Ok(()),
        (Some(host), None) => {
            let host = String::from_utf8_lossy(host.as_bytes()).into_owned();
            refuse(format!("'{host:.60}' in the header Host is not a host; try localhost:8080"))
        }
        (Some(_), Some(_)) => refuse("The header Host must be there once, not twice".to_owned()),
        (None, _) if version < Version::HTTP_11 => Ok(()),
        (None, _) => refuse("The header Host is missing".to_owned()),
    }
}

fn is_host(host: &HeaderValue) -> bool {
    let authority = host.to_str().ok().and_then(|host| host.parse::<Authority>().ok());
    let port = |authority: &Authority| {
        let after = authority.as_str().strip_prefix(authority.host());
        after.is_some_and(|port| port.is_empty() || port == ":" || authority.port_u16().is_some())
    };
    host.is_empty() || authority.is_some_and(|authority| port(&authority))
}

/// `chunked` once is the only one that is understood.
fn transfer_coding(headers: &HeaderMap) -> Result<(), Refusal> {
    let fields = headers.get_all(header::TRANSFER_ENCODING).iter();
    let codings: Vec<_> = fields
        .flat_map(|field| field.as_bytes().split(|byte| *byte == b','))
        .map(|coding| String::from_utf8_lossy(coding.trim_ascii()).to_ascii_lowercase())
        .collect();
    if let Some(other) = codings.iter().find(|coding| *coding != "chunked") {
        let why = format!("The transfer coding '{other:.60}' is not understood; chunked is");
        return Err(Refusal::new(StatusCode::NOT_IMPLEMENTED, why));
    }
    if codings.len() > 1 {
        let why = "The transfer coding chunked must be applied once, not twice";
        return Err(Refusal::new(StatusCode::BAD_REQUEST, why));
    }
    Ok(())
}

fn body(headers: &HeaderMap, most: u64) -> Result<(), Refusal> {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    match length.and_then(|length| length.parse::<u64>().ok()) {
        Some(bytes) if bytes > most => {
            let why = format!("A body of {bytes} bytes is too long: at most {most} are taken here");
            Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, why))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_or_an_address_with_an_optional_port() {
        for host in ["localhost", "localhost:8080", "127.0.0.1", "[::1]:80", "a.example:", ""] {
            assert!(is_host(&HeaderValue::from_static(host)), "{host:?}");
        }
        for host in ["a b", "me@localhost", "localhost:port", "localhost:99999", "a/b", "a,b:1:2"] {
            assert!(!is_host(&HeaderValue::from_static(host)), "{host:?}");
        }
    }
}
