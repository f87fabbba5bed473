//! Any bytes as path and query: the shop answers each with a status that it documents and a
//! sentence, serves no one whom the path did not ask for, and has nothing in flight afterwards.
#![no_main]

use std::cell::OnceCell;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{Request, Uri};
use coffee::Durations;
use counter::Counter;
use libfuzzer_sys::{Corpus, fuzz_target};
use menu::Step;
use server::{Front, Scale};
use serving::{Admission, Places, Room};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

const CAPACITY: u32 = 20;
/// The longest sentence that quotes what was asked is shorter.
const LONGEST_REFUSAL: usize = 300;

struct Shop {
    runtime: Runtime,
    front: Front,
}

impl Shop {
    fn open() -> Self {
        let mut runtime = Builder::new_current_thread();
        let runtime = runtime.enable_time().start_paused(true).build().expect("a runtime");
        let counter = Counter {
            step: Step::NestedJoins,
            offered: vec![Step::Sequential, Step::Joined, Step::Table],
            durations: Durations::default(),
            max_customers: CAPACITY,
            audience: vec![],
        };
        let room = Room { capacity: Some(CAPACITY), max_waiting: 0, max_wait: Duration::ZERO };
        let admission = Admission::new(room, Places::unlimited());
        let open = async { Front::new(counter, admission, Scale::Customers) };
        let front = runtime.block_on(open);
        Self { runtime, front }
    }

    fn ask(&self, uri: &Uri) {
        let before = self.front.admission().tally().counts();
        let request = Request::get(uri.clone()).body(Body::empty()).expect("a request");
        let (status, text) = self.runtime.block_on(async {
            let response = self.front.router().oneshot(request).await.expect("never fails");
            let status = response.status();
            let bytes = to_bytes(response.into_body(), 1 << 20).await.expect("a whole body");
            (status.as_u16(), String::from_utf8(bytes.into()).expect("UTF-8"))
        });
        let after = self.front.admission().tally().counts();
        let served = after.served - before.served;
        match status {
            200 if uri.path().starts_with("/serve-customer") => {
                assert!((1..=u64::from(CAPACITY)).contains(&served), "{uri}: {served}");
                assert!(text.starts_with("Took "), "{uri}: {text}");
            }
            200 => assert!(["/healthz", "/readyz", "/metrics"].contains(&uri.path()), "{uri}"),
            400 | 404 | 422 => {
                assert_eq!(served, 0, "{uri}");
                assert!(text.ends_with('\n') && text.len() < LONGEST_REFUSAL, "{uri}: {text}");
            }
            other => panic!("{uri}: {other}"),
        }
        assert_eq!((after.in_flight, after.waiting, after.shed), (0, 0, 0), "{uri}");
        assert_eq!(self.front.admission().room(), Some(CAPACITY as usize), "{uri}");
    }
}

thread_local! {
    static SHOP: OnceCell<Shop> = const { OnceCell::new() };
}

fuzz_target!(|bytes: &[u8]| -> Corpus {
    // What is no URI never gets past hyper.
    let Ok(uri) = Uri::try_from(bytes) else { return Corpus::Reject };
    SHOP.with(|shop| shop.get_or_init(Shop::open).ask(&uri));
    Corpus::Keep
});
