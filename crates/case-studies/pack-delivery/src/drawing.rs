use std::sync::Arc;

use timeline::{Keep, Log, Look, Timeline};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use crate::chain::{Chain, Included, Kind};

/// Lanes are keys, and a span is a transaction, from when the chain took it until its fate was final.
impl timeline::Kind for Kind {
    const ALL: &'static [Self] = &[Self::Settle, Self::Mint, Self::Reveal, Self::Open];
    const LANE: &'static str = "key";
    const PRODUCT: &'static str = "transaction";
    const SPAN: &'static str = "transaction";
    const TASK: &'static str = "sign with";

    fn name(self) -> &'static str {
        Self::name(self)
    }

    fn look(self) -> Look {
        match self {
            Self::Settle => Look::GREEN.signed('s'),
            Self::Mint => Look::BROWN.signed('m'),
            Self::Reveal => Look::PALE.signed('r'),
            Self::Open => Look::AMBER.signed('o'),
        }
    }
}

/// What the chain's books say, as a timeline with a lane for each key. A transaction that came to
/// nothing is drawn as cancelled.
///
/// The books are played back on tokio's clock, which must be paused: then it takes no time and is exact.
pub async fn timeline(chain: &Chain) -> Timeline<Kind> {
    let log = Log::new(Keep::Everything);
    let started = Instant::now();
    let included = chain.included();
    let mut keys = JoinSet::new();
    for key in 0..chain.rules().keys {
        let lane = log.lane();
        let of_key = included.iter().filter(|one| one.signed.key == key).cloned();
        let own: Vec<Included> = of_key.collect();
        keys.spawn(async move {
            let mut parts = JoinSet::new();
            let lane = Arc::new(lane);
            for one in own {
                let lane = Arc::clone(&lane);
                parts.spawn(async move {
                    sleep_until(started + one.taken).await;
                    let mut span = lane.span(one.signed.kind);
                    sleep_until(started + one.sealed).await;
                    if one.fate.is_ok() {
                        span.finish();
                    }
                });
            }
            parts.join_all().await;
            if let Some(lane) = Arc::into_inner(lane) {
                lane.serve();
            }
        });
    }
    keys.join_all().await;
    log.answer();
    log.timeline()
}
