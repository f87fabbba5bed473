use std::time::Duration;

/// What a client may cost before its request reaches the router. All durations are real time.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many connections are open at the same time. One more waits in the operating system's
    /// queue until another is closed.
    pub connections: usize,
    /// How many headers a request may have; one more gets 431.
    pub headers: usize,
    /// How many bytes of a request's head are kept, at least 8,192; a longer one gets 431.
    pub head_bytes: usize,
    /// How long a client may take to send a request's head; also how long an idle connection is
    /// kept.
    pub request_wait: Duration,
    /// How long a client may leave its answer unread, before the connection is cut.
    pub write_wait: Duration,
    /// How long accepted requests may take to be answered once the server closes.
    pub grace: Duration,
}

impl Limits {
    /// Bounds for everything except the connections, whose number depends on the machine.
    #[must_use]
    pub const fn with_connections(connections: usize) -> Self {
        Self {
            connections,
            headers: 64,
            head_bytes: 8 * 1024,
            request_wait: Duration::from_secs(10),
            write_wait: Duration::from_secs(10),
            grace: Duration::from_secs(1),
        }
    }
}
