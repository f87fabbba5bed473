use std::time::Duration;

/// What a client may cost before its request reaches the router. All durations are real time.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many connections are open at the same time. At the bound the connection that has been
    /// idle for longest is closed for the next client, if any has been idle for a moment.
    pub connections: usize,
    /// How long the next client waits while none closes, before it gets 503.
    pub newcomer_wait: Duration,
    /// How many headers a request may have; one more gets 431.
    pub headers: usize,
    /// How many bytes of a request's head are kept, at least 8,192; a longer one gets 431.
    pub head_bytes: usize,
    /// How many bytes of a request's body are taken; a longer one gets 413.
    pub body_bytes: u64,
    /// How many bytes the kernel keeps for a connection, each way: of answers that are not read
    /// yet, and of requests.
    pub socket_buffer: usize,
    /// How long a client may take to send a request's head, before it gets 408; also how long an
    /// idle connection is kept.
    pub request_wait: Duration,
    /// How long a client may leave its answer unread, before the connection is cut.
    pub write_wait: Duration,
    /// How long accepted requests may take to be answered once the server closes.
    pub grace: Duration,
}

impl Limits {
    /// Bounds for everything except the connections, whose number depends on the machine.
    ///
    /// A head may be as long as the cookies that browsers keep for a host: they send them to all of
    /// its ports.
    #[must_use]
    pub const fn with_connections(connections: usize) -> Self {
        Self {
            connections,
            newcomer_wait: Duration::from_secs(10),
            headers: 64,
            head_bytes: 40 * 1024,
            body_bytes: 64 * 1024,
            socket_buffer: 16 * 1024,
            request_wait: Duration::from_secs(10),
            write_wait: Duration::from_secs(10),
            grace: Duration::from_secs(1),
        }
    }
}
