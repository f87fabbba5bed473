use std::time::Duration;

/// How many requests there are, and how they are paced.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    /// When the next request is sent.
    pub pace: Pace,
    /// How many requests at the most.
    pub requests: u64,
    /// For how long requests are sent at the most, in wall time. Those under way are waited for.
    pub duration: Duration,
    /// Over how long the clients of a closed loop begin, in wall time: clients that begin together
    /// end together, and never see what happens in between.
    pub ramp: Duration,
}

/// When the next request is sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// So many clients, each of which sends its next request when its last one has ended. A
    /// latency counts from when its request was sent.
    Closed {
        /// How many.
        clients: u32,
    },
    /// A steady rate, whatever the service does. A latency counts from when its request was due,
    /// also if it was sent later because too many were in flight.
    Open {
        /// Requests a second.
        rate: f64,
        /// How many requests may be in flight.
        max_in_flight: u32,
    },
}

impl Plan {
    /// A closed loop of so many clients, without another bound.
    #[must_use]
    pub const fn closed(clients: u32) -> Self {
        Self::paced(Pace::Closed { clients })
    }

    /// An open loop of so many requests a second, without another bound.
    ///
    /// # Panics
    ///
    /// If the rate is not a number above 0.
    #[must_use]
    pub fn open(rate: f64, max_in_flight: u32) -> Self {
        assert!(rate.is_finite() && rate > 0.0, "{rate} requests a second are no rate");
        Self::paced(Pace::Open { rate, max_in_flight })
    }

    const fn paced(pace: Pace) -> Self {
        Self { pace, requests: u64::MAX, duration: Duration::MAX, ramp: Duration::ZERO }
    }

    /// Bounds the number of requests.
    #[must_use]
    pub const fn requests(self, requests: u64) -> Self {
        Self { requests, ..self }
    }

    /// Bounds the time in which requests are sent (wall time).
    #[must_use]
    pub const fn duration(self, duration: Duration) -> Self {
        Self { duration, ..self }
    }

    /// Has the clients of a closed loop begin over so long (wall time).
    #[must_use]
    pub const fn ramp(self, ramp: Duration) -> Self {
        Self { ramp, ..self }
    }

    /// How many clients there are: no more requests than that are in flight.
    #[must_use]
    pub const fn clients(&self) -> u32 {
        match self.pace {
            Pace::Closed { clients } => clients,
            Pace::Open { max_in_flight, .. } => max_in_flight,
        }
    }
}
