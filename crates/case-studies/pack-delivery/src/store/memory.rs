//! The store in the process.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::Instant;

use crate::chain::{Event, Kind, Signed, What};
use crate::deal::{Commitment, Pack};
use crate::store::{
    Distribution, DistributionId, PackState, Row, RowId, RowState, SetAside, Stand, Store,
    StoreError,
};

/// A store in the process. It forgets everything when the process ends, and waits for nothing, which
/// is what a paused clock needs.
#[derive(Debug, Default)]
pub struct Memory {
    tables: Mutex<Tables>,
}

#[derive(Debug, Default)]
struct Tables {
    distributions: Vec<Distribution>,
    packs: Vec<PackRow>,
    by_commitment: HashMap<Commitment, usize>,
    outbox: BTreeMap<RowId, Row>,
    leases: HashMap<RowId, Instant>,
    keys: Vec<KeyRow>,
    cursor: u64,
    set_aside: Vec<SetAside>,
}

#[derive(Debug)]
struct PackRow {
    distribution: DistributionId,
    commitment: Commitment,
    state: PackState,
}

#[derive(Debug)]
struct KeyRow {
    number: u64,
    row: Option<RowId>,
}

impl Memory {
    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tables {
    fn write(&mut self, kind: Kind, packs: Vec<Commitment>) {
        let id = self.outbox.len() as RowId + 1;
        let row = Row { id, kind, packs, state: RowState::Ready, attempts: 0 };
        self.outbox.insert(id, row);
    }

    fn row(&mut self, id: RowId) -> Result<&mut Row, StoreError> {
        self.outbox.get_mut(&id).ok_or_else(|| StoreError::Missing(format!("outbox row {id}")))
    }

    fn pack(&mut self, pack: Commitment) -> Result<&mut PackRow, StoreError> {
        let place = self.by_commitment.get(&pack).copied();
        let pack = place.and_then(|place| self.packs.get_mut(place));
        pack.ok_or_else(|| StoreError::Missing("pack with that commitment".to_owned()))
    }

    /// An owner asks. Returns an error for what cannot be asked of that pack now.
    fn ask(&mut self, kind: Kind, commitment: Commitment) -> Result<(), StoreError> {
        let pack = self.pack(commitment)?;
        let (Some(asked), before) = (PackState::asked(kind), pack.state) else {
            return Err(StoreError::Refused(format!("an owner cannot ask to {}", kind.name())));
        };
        if before >= asked {
            return Ok(()); // asked before
        }
        let needed = if kind == Kind::Reveal { PackState::Minted } else { PackState::Revealed };
        if before != needed {
            let why =
                format!("to {} a pack it must be {needed:?}, and it is {before:?}", kind.name());
            return Err(StoreError::Refused(why));
        }
        pack.state = asked;
        self.write(kind, vec![commitment]);
        Ok(())
    }

    fn happened(&mut self, event: &Event) -> Result<(), StoreError> {
        match event.what {
            What::Asked(kind) => self.ask(kind, event.pack),
            What::Did(kind) => {
                let pack = self.pack(event.pack)?;
                // Events may come twice, and in the wrong order.
                pack.state = pack.state.max(PackState::after(kind));
                Ok(())
            }
        }
    }

    fn free(&mut self, id: RowId, number: impl FnOnce(&KeyRow) -> u64) {
        if let Some(key) = self.keys.iter_mut().find(|key| key.row == Some(id)) {
            key.number = number(key);
            key.row = None;
        }
        self.leases.remove(&id);
    }
}

#[async_trait]
impl Store for Memory {
    async fn create(&self, packs: &[Pack]) -> Result<DistributionId, StoreError> {
        let mut tables = self.tables();
        let id = tables.distributions.len() as DistributionId + 1;
        for pack in packs {
            let (commitment, place) = (pack.commitment(), tables.packs.len());
            tables.by_commitment.insert(commitment, place);
            tables.packs.push(PackRow { distribution: id, commitment, state: PackState::Dealt });
        }
        let packs = u32::try_from(packs.len()).unwrap_or(u32::MAX);
        tables.distributions.push(Distribution { id, stand: Stand::Resolved, packs });
        Ok(id)
    }

    async fn distributions(&self) -> Result<Vec<Distribution>, StoreError> {
        Ok(self.tables().distributions.clone())
    }

    async fn packs(
        &self,
        of: DistributionId,
        at: PackState,
    ) -> Result<Vec<Commitment>, StoreError> {
        let tables = self.tables();
        let there = tables.packs.iter().filter(|pack| pack.distribution == of && pack.state == at);
        Ok(there.map(|pack| pack.commitment).collect())
    }

    async fn advance(
        &self,
        id: DistributionId,
        from: Stand,
        to: Stand,
        outbox: &[(Kind, Vec<Commitment>)],
    ) -> Result<bool, StoreError> {
        let mut tables = self.tables();
        let Some(one) = tables.distributions.iter_mut().find(|one| one.id == id) else {
            return Err(StoreError::Missing(format!("distribution {id}")));
        };
        if one.stand != from {
            return Ok(false);
        }
        one.stand = to;
        for (kind, packs) in outbox {
            tables.write(*kind, packs.clone());
        }
        Ok(true)
    }

    async fn ask(&self, kind: Kind, pack: Commitment) -> Result<(), StoreError> {
        self.tables().ask(kind, pack)
    }

    async fn cursor(&self) -> Result<u64, StoreError> {
        Ok(self.tables().cursor)
    }

    async fn apply(&self, events: &[Event], from: u64, to: u64) -> Result<(), StoreError> {
        let mut tables = self.tables();
        if tables.cursor != from {
            return Ok(()); // another replica was there before
        }
        for event in events {
            if let Err(why) = tables.happened(event) {
                let (event, why) = (event.clone(), why.to_string());
                tables.set_aside.push(SetAside { event, why });
            }
        }
        tables.cursor = to;
        Ok(())
    }

    async fn set_aside(&self) -> Result<Vec<SetAside>, StoreError> {
        Ok(self.tables().set_aside.clone())
    }

    async fn take(&self, limit: usize) -> Result<Vec<Row>, StoreError> {
        let mut tables = self.tables();
        let ready = tables.outbox.values_mut().filter(|row| row.state == RowState::Ready);
        let taken = ready.take(limit).map(|row| {
            row.state = RowState::Taken;
            row.clone()
        });
        Ok(taken.collect())
    }

    async fn signed(&self, row: RowId, transaction: &Signed) -> Result<(), StoreError> {
        self.tables().row(row)?.state = RowState::Signed(transaction.clone());
        Ok(())
    }

    async fn sent(&self, row: RowId) -> Result<(), StoreError> {
        let mut tables = self.tables();
        let row = tables.row(row)?;
        if let RowState::Signed(transaction) = &row.state {
            row.state = RowState::Sent(transaction.clone());
        }
        Ok(())
    }

    async fn in_flight(&self) -> Result<Vec<Row>, StoreError> {
        let tables = self.tables();
        let sent = tables.outbox.values().filter(|row| matches!(row.state, RowState::Sent(_)));
        Ok(sent.cloned().collect())
    }

    async fn done(&self, row: RowId) -> Result<(), StoreError> {
        let mut tables = self.tables();
        tables.row(row)?.state = RowState::Done;
        tables.free(row, |key| key.number + 1);
        Ok(())
    }

    async fn again(&self, id: RowId, number: Option<u64>, why: &str) -> Result<(), StoreError> {
        let mut tables = self.tables();
        let row = tables.row(id)?;
        row.attempts += 1;
        row.state = match row.attempts < Row::ATTEMPTS {
            true => RowState::Ready,
            false => RowState::Failed(why.to_owned()),
        };
        tables.free(id, |key| number.unwrap_or(key.number));
        Ok(())
    }

    async fn add_keys(&self, numbers: &[u64]) -> Result<(), StoreError> {
        let mut tables = self.tables();
        let known = tables.keys.len();
        let new = numbers.iter().skip(known).map(|&number| KeyRow { number, row: None });
        tables.keys.extend(new);
        Ok(())
    }

    async fn claim(&self, reference: u64, lease: Duration) -> Result<Vec<Row>, StoreError> {
        let mut guard = self.tables();
        let tables = &mut *guard;
        let free = tables.keys.iter_mut().enumerate().filter(|(_, key)| key.row.is_none());
        let ready = tables.outbox.values_mut().filter(|row| row.state == RowState::Ready);
        let leases = &mut tables.leases;
        let claimed = ready.zip(free).map(|(row, (index, key))| {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            key.row = Some(row.id);
            row.state = RowState::Signed(row.sign(index, key.number, reference));
            leases.insert(row.id, Instant::now() + lease);
            row.clone()
        });
        Ok(claimed.collect())
    }

    async fn overdue(&self, lease: Duration) -> Result<Vec<Row>, StoreError> {
        let mut guard = self.tables();
        let tables = &mut *guard;
        let now = Instant::now();
        let mut overdue = Vec::new();
        for row in tables.outbox.values() {
            let signed = matches!(row.state, RowState::Signed(_));
            let until = tables.leases.get_mut(&row.id).filter(|until| signed && **until <= now);
            if let Some(until) = until {
                *until = now + lease;
                overdue.push(row.clone());
            }
        }
        Ok(overdue)
    }
}
