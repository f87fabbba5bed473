use std::collections::HashMap;
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use tokio::net::TcpStream;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::Limits;
use crate::activity::Activity;
use crate::connection::{connection, refuse};
use crate::refusal::Refusal;
use crate::socket::Socket;

/// A connection that has been idle for less may have a request on its way.
const IDLE_MOMENT: Duration = Duration::from_millis(200);
/// At the bound the idle ones are looked at this often.
const LOOK_AGAIN: Duration = Duration::from_millis(20);
/// How many clients are told at the same time that there is no connection for them. More are
/// closed without a word: a flood must not cost more than the connections do.
const MAX_REFUSALS: usize = 16;

/// The open connections, each a task that this owns: dropping it aborts them all.
#[derive(Debug)]
pub(crate) struct Connections {
    router: Router,
    limits: Limits,
    tasks: JoinSet<()>,
    activities: HashMap<Id, Arc<Activity>>,
    refusals: JoinSet<()>,
    /// When the last one began or ended.
    changed: Instant,
    /// Whether a client waits for one.
    crowded: Arc<AtomicBool>,
}

impl Connections {
    pub(crate) fn new(router: Router, limits: Limits) -> Self {
        Self {
            router,
            limits,
            tasks: JoinSet::new(),
            activities: HashMap::new(),
            refusals: JoinSet::new(),
            changed: Instant::now(),
            crowded: Arc::default(),
        }
    }

    /// Done when one has ended; never, while there are none. Cancel safe.
    pub(crate) async fn closed(&mut self) {
        match self.tasks.join_next_with_id().await {
            Some(ended) => self.forget(&ended),
            None => pending().await,
        }
    }

    /// Begins a connection, or refuses it when for too long there was no room. Cancelled, it closes
    /// the newcomer.
    pub(crate) async fn add(&mut self, stream: TcpStream) {
        let socket = Socket::new(stream, self.limits.socket_buffer);
        if self.has_room().await {
            let activity = Activity::new(&self.crowded);
            let (router, limits) = (self.router.clone(), self.limits);
            let task = self.tasks.spawn(connection(socket, router, limits, Arc::clone(&activity)));
            self.activities.insert(task.id(), activity);
            self.changed = Instant::now();
        } else {
            while self.refusals.try_join_next().is_some() {}
            if self.refusals.len() < MAX_REFUSALS {
                self.refusals.spawn(refuse(socket, self.refusal()));
            }
        }
    }

    /// Waits for room, and makes it where a connection is idle. The wait counts from the last change:
    /// all that wait in the system's queue meanwhile have waited as long.
    async fn has_room(&mut self) -> bool {
        while let Some(ended) = self.tasks.try_join_next_with_id() {
            self.forget(&ended);
        }
        self.crowded.store(self.tasks.len() >= self.limits.connections, Ordering::Relaxed);
        while self.tasks.len() >= self.limits.connections {
            self.retire_the_longest_idle();
            let too_long = self.changed + self.limits.newcomer_wait;
            tokio::select! {
                () = self.closed() => {}
                () = sleep_until(too_long) => return false,
                () = sleep(LOOK_AGAIN) => {}
            }
        }
        true
    }

    fn retire_the_longest_idle(&self) {
        let idle = self.activities.values().filter(|activity| !activity.is_retired());
        let idle = idle.filter_map(|activity| Some((activity.idle_for()?, activity)));
        if let Some((_, longest)) =
            idle.filter(|(idle, _)| *idle >= IDLE_MOMENT).max_by_key(|(idle, _)| *idle)
        {
            longest.retire();
        }
    }

    fn refusal(&self) -> Refusal {
        let Limits { connections, newcomer_wait, .. } = self.limits;
        let why =
            format!("All {connections} connections of this server are in use. Try again later");
        let refusal = Refusal::new(StatusCode::SERVICE_UNAVAILABLE, why);
        refusal.retry_after(newcomer_wait.as_secs())
    }

    fn forget(&mut self, ended: &Result<(Id, ()), JoinError>) {
        let id = ended.as_ref().map_or_else(JoinError::id, |(id, ())| *id);
        self.activities.remove(&id);
        self.changed = Instant::now();
    }

    /// Lets what was accepted end within the grace period, and aborts the rest. Returns how many it
    /// aborted.
    pub(crate) async fn close(mut self) -> usize {
        self.activities.values().for_each(|activity| activity.retire());
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if timeout(self.limits.grace, all).await.is_ok() {
            return 0;
        }
        let mut aborted = 0;
        self.tasks.abort_all();
        while let Some(ended) = self.tasks.join_next().await {
            aborted += usize::from(ended.is_err_and(|error| error.is_cancelled()));
        }
        aborted
    }
}
