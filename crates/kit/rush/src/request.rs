use hyper::body::Bytes;
use hyper::header::{HeaderName, HeaderValue};
use hyper::{HeaderMap, Method, Uri};
use thiserror::Error;

/// A request to a service: all but the address. Clones are cheap: they share the body.
#[derive(Clone, Debug)]
pub struct Request {
    pub(crate) method: Method,
    pub(crate) path: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// Why a request cannot be sent.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum RequestError {
    /// The path is not one of a URL.
    #[error("'{0:.60}' is not a path; try /healthz")]
    Path(String),
    /// A header has a name or value that HTTP does not allow.
    #[error("'{0:.60}: {1:.60}' is not a header; try content-type: application/json")]
    Header(String, String),
}

impl Request {
    /// A GET without a body.
    ///
    /// # Errors
    ///
    /// [`RequestError::Path`] if the path does not begin with a slash, or is no path of a URL.
    pub fn get(path: &str) -> Result<Self, RequestError> {
        Self::new(Method::GET, path, Bytes::new())
    }

    /// A POST with this body.
    ///
    /// # Errors
    ///
    /// As for [`get`](Self::get).
    pub fn post(path: &str, body: impl Into<Bytes>) -> Result<Self, RequestError> {
        Self::new(Method::POST, path, body.into())
    }

    fn new(method: Method, path: &str, body: Bytes) -> Result<Self, RequestError> {
        let uri = path.parse::<Uri>().ok().filter(|_| path.starts_with('/'));
        let path = uri.ok_or_else(|| RequestError::Path(path.to_owned()))?;
        Ok(Self { method, path, headers: HeaderMap::new(), body })
    }

    /// Adds a header. `Host`, `Content-Length` and `User-Agent` need not be added.
    ///
    /// # Errors
    ///
    /// [`RequestError::Header`] if HTTP does not allow the name or the value.
    pub fn header(mut self, name: &str, value: &str) -> Result<Self, RequestError> {
        let header = HeaderName::try_from(name).ok().zip(HeaderValue::try_from(value).ok());
        let (name, value) =
            header.ok_or_else(|| RequestError::Header(name.to_owned(), value.to_owned()))?;
        self.headers.append(name, value);
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_http_does_not_allow_is_refused_with_what_to_try() {
        for path in ["", "healthz", "/a b", "http://localhost/"] {
            let error = Request::get(path).expect_err(path).to_string();
            assert!(error.ends_with("is not a path; try /healthz"), "{error}");
        }
        let request = Request::post("/events", "1").expect("right");
        let error = request.header("x", "a\nb").expect_err("two lines").to_string();
        assert!(error.contains("is not a header"), "{error}");
    }
}
