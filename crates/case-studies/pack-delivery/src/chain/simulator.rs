use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::{Instant, sleep};

use crate::chain::faults::{Fault, Faults};
use crate::chain::{Event, Kind, Node, NodeError, Reason, Signed, Status, TransactionId, What};
use crate::deal::Commitment;

/// A block is made every second of chain time, which is tokio's clock.
pub const BLOCK: Duration = Duration::from_secs(1);
/// How many blocks after its reference a transaction is valid.
pub const EXPIRY: u64 = 600;

/// How a chain behaves. Durations are chain time, which is tokio's clock.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// How many proposal keys the account has.
    pub keys: u32,
    /// How long a transaction takes until it is sealed.
    pub seal: Duration,
    /// How long each call to the node takes.
    pub latency: Duration,
    /// How many submissions the node takes in a second.
    pub rate: u32,
}

/// The simulated chain, with the access node in front of it. It moves with tokio's clock and needs
/// no task.
#[derive(Debug)]
pub struct Chain {
    rules: Rules,
    started: Instant,
    ledger: Mutex<Ledger>,
}

/// A transaction in the chain's books.
#[derive(Clone, Debug)]
pub struct Included {
    /// What was sent.
    pub signed: Signed,
    /// When it was taken, in chain time since the start.
    pub taken: Duration,
    /// When its fate was final.
    pub sealed: Duration,
    /// Its fate.
    pub fate: Result<(), Reason>,
}

#[derive(Debug, Default)]
struct Ledger {
    included: Vec<Included>,
    by_id: HashMap<TransactionId, usize>,
    /// The last transaction of each key that has its number.
    last: HashMap<u32, usize>,
    asked: Vec<(Duration, Kind, Commitment)>,
    faults: Faults,
    /// From when on the rate limit lets the next submission in.
    next_in: Duration,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            keys: 40,
            seal: Duration::from_secs(10),
            latency: Duration::from_millis(150),
            rate: 10,
        }
    }
}

impl Chain {
    /// A chain without a transaction, whose first block is made now.
    #[must_use]
    pub fn new(rules: Rules) -> Self {
        Self { rules, started: Instant::now(), ledger: Mutex::default() }
    }

    /// How this chain behaves.
    #[must_use]
    pub const fn rules(&self) -> Rules {
        self.rules
    }

    /// Every transaction that was ever taken, in that order: what tests and pictures are made of.
    #[must_use]
    pub fn included(&self) -> Vec<Included> {
        self.ledger().included.clone()
    }

    /// How many times each pack went through a transaction of that kind, as sealed so far.
    #[must_use]
    pub fn count(&self, kind: Kind) -> HashMap<Commitment, u32> {
        let now = self.now();
        let mut count = HashMap::new();
        for one in &self.ledger().included {
            if one.signed.kind == kind && one.fate.is_ok() && one.sealed <= now {
                for pack in &one.signed.packs {
                    *count.entry(*pack).or_default() += 1;
                }
            }
        }
        count
    }

    /// How many packs went through a transaction of that kind, as sealed so far; a pack that went
    /// through two counts twice.
    #[must_use]
    pub fn sealed(&self, kind: Kind) -> usize {
        let now = self.now();
        let ledger = self.ledger();
        let sealed = ledger.included.iter().filter(|one| one.fate.is_ok() && one.sealed <= now);
        sealed.filter(|one| one.signed.kind == kind).map(|one| one.signed.packs.len()).sum()
    }

    /// The owner of a pack asks on the chain for a transaction of that kind.
    pub fn ask(&self, kind: Kind, pack: Commitment) {
        let now = self.now();
        self.ledger().asked.push((now, kind, pack));
    }

    /// What happens to the next submissions, one after another. After them nothing goes wrong.
    pub fn fail_next(&self, faults: impl IntoIterator<Item = Fault>) {
        self.ledger().faults.submissions.extend(faults);
    }

    /// From now on the node refuses every connection, or no longer.
    pub fn set_down(&self, down: bool) {
        self.ledger().faults.down = down;
    }

    /// From now on events come in the wrong order, or no longer.
    pub fn set_backwards(&self, backwards: bool) {
        self.ledger().faults.backwards = backwards;
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }

    /// Never held across an await, and whole between two statements.
    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn travel(&self) -> Result<(), NodeError> {
        sleep(self.rules.latency).await;
        match self.ledger().faults.down {
            true => Err(NodeError::Unavailable),
            false => Ok(()),
        }
    }

    /// Takes a transaction as it arrives, whatever its sender hears of it.
    fn take(&self, signed: &Signed) -> Result<Fault, NodeError> {
        let now = self.now();
        let mut ledger = self.ledger();
        if signed.key >= self.rules.keys {
            return Err(NodeError::Refused(format!("the account has no key {}", signed.key)));
        }
        if signed.packs.len() > Signed::MAX_PACKS {
            let packs = signed.packs.len();
            return Err(NodeError::Refused(format!(
                "{packs} packs are too many for a transaction"
            )));
        }
        ledger.admit(now, self.rules.rate)?;
        let fault = ledger.faults.next();
        if fault.takes() {
            ledger.include(signed, now, self.rules.seal);
        }
        Ok(fault)
    }
}

impl Ledger {
    /// The rate limit: submissions are let in evenly, with up to a second's worth at once.
    fn admit(&mut self, now: Duration, rate: u32) -> Result<(), NodeError> {
        const BURST: Duration = Duration::from_secs(1);
        let next = self.next_in.max(now.saturating_sub(BURST)) + Duration::from_secs(1) / rate;
        if next > now + Duration::from_secs(1) / rate {
            return Err(NodeError::Busy(next - now));
        }
        self.next_in = next;
        Ok(())
    }

    fn include(&mut self, signed: &Signed, now: Duration, seal: Duration) {
        let id = signed.id();
        if self.by_id.contains_key(&id) {
            return; // the same transaction again
        }
        let fate = match (height(now) > signed.reference + EXPIRY, self.number(signed.key, now)) {
            (true, _) => Err(Reason::Expired),
            (false, Some(number)) if number == signed.number => Ok(()),
            (false, _) => Err(Reason::WrongNumber),
        };
        let place = self.included.len();
        if fate.is_ok() {
            self.last.insert(signed.key, place);
        }
        self.by_id.insert(id, place);
        self.included.push(Included {
            signed: signed.clone(),
            taken: now,
            sealed: now + seal,
            fate,
        });
    }

    /// The number that the key is at; `None` while a transaction of it waits to be sealed.
    fn number(&self, key: u32, now: Duration) -> Option<u64> {
        match self.last.get(&key).map(|place| &self.included[*place]) {
            None => Some(0),
            Some(last) if last.sealed <= now => Some(last.signed.number + 1),
            Some(_) => None,
        }
    }

    /// What the node says the number is: that of the last sealed block.
    fn sealed_number(&self, key: u32, now: Duration) -> u64 {
        match self.last.get(&key).map(|place| &self.included[*place]) {
            None => 0,
            Some(last) if last.sealed <= now => last.signed.number + 1,
            Some(last) => last.signed.number,
        }
    }

    fn events(&self, from: u64, to: u64, now: Duration) -> Vec<Event> {
        let within = |at: Duration| height(now) >= block(at) && (from..=to).contains(&block(at));
        let asked = self.asked.iter().filter(|(at, ..)| within(*at)).map(|(at, kind, pack)| {
            (*at, Event { height: block(*at), what: What::Asked(*kind), pack: *pack })
        });
        let sealed = self.included.iter().filter(|one| one.fate.is_ok() && within(one.sealed));
        let did = sealed.flat_map(|one| {
            let event = |pack: &Commitment| {
                let height = block(one.sealed);
                (one.sealed, Event { height, what: What::Did(one.signed.kind), pack: *pack })
            };
            one.signed.packs.iter().map(event).collect::<Vec<_>>()
        });
        let mut events: Vec<_> = asked.chain(did).collect();
        events.sort_by_key(|(at, _)| *at);
        if self.faults.backwards {
            events.reverse();
        }
        events.into_iter().map(|(_, event)| event).collect()
    }
}

/// The height of the latest block that is whole, 0 in the first second.
fn height(now: Duration) -> u64 {
    now.as_secs() / BLOCK.as_secs()
}

/// The height of the block in which something happens: it is whole at the end of its second.
fn block(at: Duration) -> u64 {
    height(at) + 1
}

#[async_trait]
impl Node for Chain {
    async fn submit(&self, transaction: &Signed) -> Result<(), NodeError> {
        self.travel().await?;
        let (wait, answer) = self.take(transaction)?.answer();
        sleep(wait).await;
        answer
    }

    async fn status(&self, id: TransactionId) -> Result<Status, NodeError> {
        self.travel().await?;
        let now = self.now();
        let ledger = self.ledger();
        Ok(match ledger.by_id.get(&id).map(|place| &ledger.included[*place]) {
            None => Status::Unknown,
            Some(one) if one.sealed > now => Status::Pending,
            Some(Included { fate: Ok(()), .. }) => Status::Sealed,
            Some(Included { fate: Err(reason), .. }) => Status::Failed(*reason),
        })
    }

    async fn sequence_number(&self, key: u32) -> Result<u64, NodeError> {
        self.travel().await?;
        if key >= self.rules.keys {
            return Err(NodeError::Refused(format!("the account has no key {key}")));
        }
        let now = self.now();
        Ok(self.ledger().sealed_number(key, now))
    }

    async fn height(&self) -> Result<u64, NodeError> {
        self.travel().await?;
        Ok(height(self.now()))
    }

    async fn events(&self, from: u64, to: u64) -> Result<Vec<Event>, NodeError> {
        self.travel().await?;
        let now = self.now();
        Ok(self.ledger().events(from, to, now))
    }
}
