use std::sync::Arc;
use std::time::Duration;

use rand::SeedableRng;
use rand::rngs::StdRng;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::chain::{Chain, Kind, Rules};
use crate::deal::{Bucket, Template, deal};
use crate::store::memory::Memory;
use crate::store::{Store, StoreError};
use crate::{Settings, Stage, World};

/// No run takes longer, in chain time.
const AT_MOST: Duration = Duration::from_secs(24 * 3600);

/// A distribution that is minted by one stage.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How transactions are sent.
    pub stage: Stage,
    /// How many replicas serve, each in all roles.
    pub replicas: u32,
    /// How many proposal keys the account has.
    pub keys: u32,
    /// How many packs are minted.
    pub packs: u32,
}

/// What became of a [`Plan`].
#[derive(Debug)]
pub struct Minted {
    /// When the last pack was minted, in chain time; `None` if that took more than a day.
    pub after: Option<Duration>,
    /// How many transactions the chain took.
    pub taken: usize,
    /// How many of them came to nothing.
    pub wasted: usize,
    /// The chain, from whose books the rest can be read.
    pub chain: Arc<Chain>,
}

/// Mints a distribution on a chain and a store of its own. On a paused clock the result is exact and
/// comes at once; on a running one it takes as long as it says.
///
/// # Errors
///
/// If the store fails, which the one in memory does not.
pub async fn minted(plan: Plan) -> Result<Minted, StoreError> {
    let Plan { stage, replicas, keys, packs } = plan;
    let chain = Arc::new(Chain::new(Rules { keys, ..Rules::default() }));
    let store = Arc::new(Memory::default());
    store.add_keys(&vec![0; keys as usize]).await?;
    store
        .create(&deal(&template(packs), &mut StdRng::seed_from_u64(1)).unwrap_or_default())
        .await?;
    let settings = Settings { keys, ..Settings::default() };
    let world = World { node: chain.clone(), store, settings };
    let quit = CancellationToken::new();
    let mut running = JoinSet::new();
    for _ in 0..replicas {
        running.spawn(stage.run(world.clone(), quit.clone()));
    }
    let finished = async {
        while chain.sealed(Kind::Mint) < packs as usize {
            sleep(settings.tick).await;
        }
    };
    let in_time = timeout(AT_MOST, finished).await.is_ok();
    quit.cancel();
    running.shutdown().await;
    let included = chain.included();
    let sealed = included.iter().filter(|one| one.fate.is_ok()).map(|one| one.sealed);
    let after = sealed.max().filter(|_| in_time);
    let wasted = included.iter().filter(|one| one.fate.is_err()).count();
    Ok(Minted { after, taken: included.len(), wasted, chain })
}

/// Packs of three from two buckets, a rare one and two common ones.
fn template(packs: u32) -> Template {
    let bucket = |per_pack: u32, from: u64| Bucket {
        per_pack,
        collectibles: (from..from + u64::from(per_pack) * u64::from(packs)).collect(),
    };
    Template { packs, buckets: vec![bucket(1, 0), bucket(2, 10_000_000)] }
}
