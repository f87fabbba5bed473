use std::future::ready;

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::get;

use crate::feed::events;
use crate::open::Live;

/// The page's files, embedded: nothing to install, nothing to fetch from elsewhere.
const FILES: [(&str, &str, &str); 9] = [
    ("/", "text/html; charset=utf-8", include_str!("../page/index.html")),
    ("/live/page.css", "text/css; charset=utf-8", include_str!("../page/page.css")),
    ("/live/page.js", "text/javascript; charset=utf-8", include_str!("../page/page.js")),
    ("/live/bars.js", "text/javascript; charset=utf-8", include_str!("../page/bars.js")),
    ("/live/order.js", "text/javascript; charset=utf-8", include_str!("../page/order.js")),
    ("/live/scale.js", "text/javascript; charset=utf-8", include_str!("../page/scale.js")),
    ("/live/draw.js", "text/javascript; charset=utf-8", include_str!("../page/draw.js")),
    ("/live/words.js", "text/javascript; charset=utf-8", include_str!("../page/words.js")),
    ("/live/cup.svg", "image/svg+xml", include_str!("../page/cup.svg")),
];

/// The page may use what this shop sends, and nothing else: no other host, nothing inline, and
/// no other page may put it in a frame.
const HEADERS: [(HeaderName, &str); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
         connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    // The next step's server has the same address and may have another page. A proxy that
    // compresses holds events back until a block is full.
    (header::CACHE_CONTROL, "no-cache, no-transform"),
    // nginx holds an answer back until 4 or 8 kB have come, unless it is told not to.
    (HeaderName::from_static("x-accel-buffering"), "no"),
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
