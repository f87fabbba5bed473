use std::fmt;
use std::str::FromStr;

use hyper::Uri;
use thiserror::Error;

/// Where a service is: a host and a port, reached by HTTP without encryption.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Address {
    host: String,
    port: u16,
}

/// Why a text is no address. Each message but that of `Encrypted` ends with what to write.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum AddressError {
    /// It is no URL at all, or has no host.
    #[error("not the URL of a service; try http://localhost:8080")]
    NoUrl,
    /// A host and a port without `http://`.
    #[error("the scheme is missing; try http://{0}")]
    NoScheme(String),
    /// An encrypted connection is asked for.
    #[error("rush speaks http only, without encryption")]
    Encrypted,
    /// A scheme that is not HTTP.
    #[error("rush speaks http only; try http://localhost:8080")]
    OtherScheme,
    /// A name or password before the host.
    #[error("rush does not log in; leave out what stands before the @")]
    LogIn,
    /// More than a host and a port.
    #[error("rush adds the path itself; try {0}")]
    Path(Address),
}

impl Address {
    /// An address of this machine.
    #[must_use]
    pub fn local(port: u16) -> Self {
        Self { host: "127.0.0.1".to_owned(), port }
    }

    /// The name or number of the host, without the brackets that a URL needs around version 6.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// `localhost:8080`, as the `Host` header says it.
    #[must_use]
    pub fn authority(&self) -> String {
        let Self { host, port } = self;
        if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
    }
}

/// `http://localhost:8080`
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "http://{}", self.authority())
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let uri: Uri = text.parse().map_err(|_| AddressError::NoUrl)?;
        let authority = uri.authority().ok_or(AddressError::NoUrl)?;
        match uri.scheme_str() {
            Some("http") => {}
            Some("https") => return Err(AddressError::Encrypted),
            Some(_) => return Err(AddressError::OtherScheme),
            None => return Err(AddressError::NoScheme(authority.to_string())),
        }
        if authority.as_str().contains('@') {
            return Err(AddressError::LogIn);
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        // `http://host:70000` has a host, and no port on which a program could listen.
        let port = match authority.as_str().strip_prefix(authority.host()) {
            Some("") => Some(80),
            Some(port) => port.strip_prefix(':').and_then(|port| port.parse().ok()),
            None => None,
        };
        let port = port.filter(|port| *port > 0 && !host.is_empty()).ok_or(AddressError::NoUrl)?;
        let address = Self { host: host.to_owned(), port };
        match uri.path_and_query().map_or("/", |path| path.as_str()) {
            "/" => Ok(address),
            _ => Err(AddressError::Path(address)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_and_a_port_are_an_address_and_80_is_the_default_port() {
        for (text, host, port) in [
            ("http://localhost:8080", "localhost", 8080),
            ("http://localhost:8080/", "localhost", 8080),
            ("HTTP://some-host", "some-host", 80),
            ("http://[::1]:8080", "::1", 8080),
            ("http://127.0.0.1:1", "127.0.0.1", 1),
        ] {
            let address: Address = text.parse().expect(text);
            assert_eq!((address.host(), address.port()), (host, port), "{text}");
            assert_eq!(address.to_string().parse(), Ok(address), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_says_what_to_write() {
        for (text, sentence) in [
            ("", "not the URL of a service; try http://localhost:8080"),
            ("host 1", "not the URL"),
            ("/serve-customer/3", "not the URL"),
            ("http://", "not the URL"),
            ("http://:8080", "not the URL"),
            ("http://localhost:0", "not the URL"),
            ("http://localhost:70000", "not the URL"),
            ("http://localhost:port", "not the URL"),
            ("localhost:8080", "the scheme is missing; try http://localhost:8080"),
            ("https://host.example", "rush speaks http only, without encryption"),
            ("ftp://host.example", "rush speaks http only; try"),
            ("http://user:secret@host.example", "leave out what stands before the @"),
            ("http://localhost:8080/healthz", "itself; try http://localhost:8080"),
            ("http://localhost:8080?a=3", "itself; try http://localhost:8080"),
        ] {
            let error = text.parse::<Address>().expect_err(text).to_string();
            assert!(error.contains(sentence), "{text}: {error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
