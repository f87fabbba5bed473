//! The page's files and what it is allowed to do.

use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode};
use coffee::Durations;
use counter::Counter;
use menu::Step;
use tower::ServiceExt;

const FILES: [&str; 9] = [
    "/",
    "/live/page.css",
    "/live/page.js",
    "/live/bars.js",
    "/live/order.js",
    "/live/scale.js",
    "/live/draw.js",
    "/live/words.js",
    "/live/cup.svg",
];

async fn get(path: &str) -> Response<Body> {
    let (step, durations) = (Step::Joined, Durations::default());
    let counter =
        Counter { step, offered: vec![], durations, max_customers: 100, audience: vec![] };
    let (live, _publisher) = live::open(&counter, 1);
    let request = Request::get(path).body(Body::empty()).expect("a valid request");
    live::router(live).oneshot(request).await.expect("a router never fails")
}

async fn text(path: &str) -> String {
    let body = to_bytes(get(path).await.into_body(), 1 << 20).await.expect("a whole body");
    String::from_utf8(body.to_vec()).expect("text")
}

#[tokio::test]
async fn whatever_the_page_names_is_there() {
    let page = text("/").await;
    let attributes = page.split('"').filter(|value| value.starts_with("live/"));
    let mut paths: Vec<_> = attributes.map(|path| format!("/{path}")).collect();
    for script in FILES.iter().filter(|path| path.ends_with(".js")) {
        let text = text(script).await;
        let imports = text.split('"').filter(|value| value.starts_with("./"));
        paths.extend(imports.map(|path| path.replacen('.', "/live", 1)));
    }
    assert!(paths.len() >= 12, "{paths:?}");
    for path in paths {
        assert_eq!(get(&path).await.status(), StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn the_page_may_use_its_own_shop_and_nothing_else() {
    for path in FILES.into_iter().chain(["/events"]) {
        let response = get(path).await;
        let headers = response.headers();
        let policy = headers["content-security-policy"].to_str().expect("text");
        assert!(policy.starts_with("default-src 'none'; "), "{policy}");
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        let cached: Vec<_> = headers.get_all("cache-control").iter().collect();
        assert_eq!(cached, ["no-cache, no-transform"], "{path}");
        assert_eq!(headers["x-accel-buffering"], "no", "{path}");
        assert_eq!(headers["coffee-shop"], "step 4");
        assert!(!headers.contains_key("access-control-allow-origin"));
    }
}

#[tokio::test]
async fn nothing_is_inline_and_nothing_comes_from_elsewhere() {
    let page = text("/").await;
    for inline in ["<style", "style=", "onclick", "onload", "javascript:", "<script>"] {
        assert!(!page.contains(inline), "{inline}");
    }
    for path in FILES {
        let elsewhere = text(path).await.replace("http://www.w3.org/2000/svg", "");
        assert!(!elsewhere.contains("http:") && !elsewhere.contains("https:"), "{path}");
        assert!(!elsewhere.contains("//cdn") && !elsewhere.contains("@import"), "{path}");
    }
}

/// A proxy may put a prefix before all paths of the shop.
#[tokio::test]
async fn every_address_is_relative() {
    for path in FILES {
        let text = text(path).await;
        for absolute in
            ["=\"/", "url(/", "fetch(\"/", "fetch(`/", "EventSource(\"/", "from \"/", "= `/"]
        {
            assert!(!text.contains(absolute), "{path} has {absolute}");
        }
    }
}
