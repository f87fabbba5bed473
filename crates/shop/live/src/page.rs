use std::future::ready;
use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::get;
use coffee::{Action, Observer};
use counter::{Audience, Counter};
use menu::Step;
use tokio::sync::{Semaphore, watch};

use crate::Publisher;
use crate::board::{Board, Visit};
use crate::feed::events;
use crate::frame::Menu;

/// The live page of one shop: an [`Audience`] for its counter. Clones are the same page.
#[derive(Clone, Debug)]
pub struct Live {
    pub(crate) board: Arc<Board>,
    pub(crate) frames: watch::Receiver<Arc<str>>,
    pub(crate) seats: Arc<Semaphore>,
    pub(crate) max_viewers: usize,
    step: Step,
}

/// Opens the page of the shop at this counter. Returns the page, which is to join the counter's
/// audience, and its [`Publisher`], which is to run while the shop is open.
///
/// At most `max_viewers` event streams are open at once. Each keeps a connection, so the server's
/// own bound must leave some for orders.
pub fn open(counter: &Counter, max_viewers: usize) -> (Live, Publisher) {
    let board = Arc::new(Board::new(Menu::of(counter)));
    let seats = Arc::new(Semaphore::new(max_viewers));
    let (publisher, frames) = Publisher::new(board.clone(), seats.clone(), max_viewers);
    (Live { board, frames, seats, max_viewers, step: counter.step }, publisher)
}

impl Audience for Live {
    fn observer(&self, step: Step) -> Arc<dyn Observer<Action>> {
        Arc::new(Visit::new(step, self.board.clone()))
    }
}

/// The page's files, embedded: nothing to install, nothing to fetch from elsewhere.
const FILES: [(&str, &str, &str); 6] = [
    ("/", "text/html; charset=utf-8", include_str!("../page/index.html")),
    ("/live/page.css", "text/css; charset=utf-8", include_str!("../page/page.css")),
    ("/live/page.js", "text/javascript; charset=utf-8", include_str!("../page/page.js")),
    ("/live/draw.js", "text/javascript; charset=utf-8", include_str!("../page/draw.js")),
    ("/live/words.js", "text/javascript; charset=utf-8", include_str!("../page/words.js")),
    ("/live/cup.svg", "image/svg+xml", include_str!("../page/cup.svg")),
];

/// The page may use what this shop sends, and nothing else: no other host, nothing inline, and
/// no other page may put it in a frame.
const HEADERS: [(HeaderName, &str); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
         connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    // The next step's server has the same address and may have another page.
    (header::CACHE_CONTROL, "no-cache"),
];

/// `GET /` is the page and `GET /events` what it draws. To be merged with the counter's router.
pub fn router(live: Live) -> Router {
    let step = live.step;
    let mut router = Router::new().route("/events", get(events)).with_state(live);
    for (path, kind, text) in FILES {
        router = router.route(path, get(async move || ([(header::CONTENT_TYPE, kind)], text)));
    }
    let router = router.layer(map_response(|mut response: Response| {
        let headers = response.headers_mut();
        for (name, value) in HEADERS {
            headers.insert(name, HeaderValue::from_static(value));
        }
        ready(response)
    }));
    counter::signed(router, step.number())
}
