use timeline::{Group, Outcome};

use crate::action::{Action, Durations};
use crate::shop::{Orders, Shop};

const ALL_DONE: u8 = 0b111;

/// Orders that are made together, without a future for each: all their actions have started, and
/// the holder of the tray says which have ended. One byte for each order remembers that.
///
/// Dropping the tray cancels the actions that have not ended, and loses the orders that were not
/// served. The orders share their fate where single ones do not: a panic while the tray is told
/// of an end loses all that are not served yet.
#[derive(Debug)]
pub struct Tray {
    shop: Shop,
    first: u32,
    /// A bit for each action that has ended.
    done: Vec<u8>,
    served: u32,
    group: Option<Group<Action>>,
}

impl Orders {
    /// Starts all actions of all these orders now. The log reads the clock once for them.
    #[must_use = "a tray that is dropped loses its orders"]
    pub fn start(mut self) -> Tray {
        let shop = self.shop().clone();
        let places = self.take_all();
        let mut tray = Tray {
            first: places.first,
            done: vec![0; places.lanes as usize],
            served: 0,
            group: shop.log().map(|log| Group::new(log, places)),
            shop,
        };
        if let Some(group) = &mut tray.group {
            group.start();
        }
        tray
    }
}

impl Tray {
    /// How many orders there are on it.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.done.len()
    }

    /// Whether there is no order on it.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.done.is_empty()
    }

    /// How long the actions of each order take, in shop time and in the order of the customers.
    pub fn durations(&self) -> impl Iterator<Item = Durations> {
        let customers = (self.first..).take(self.done.len());
        customers.map(|customer| self.shop.durations_of(customer))
    }

    /// Marks these actions as finished now: each is the index of its order, from 0, and what was
    /// done. An order is served when its third action is finished.
    ///
    /// # Panics
    ///
    /// If there is no order with that index.
    pub fn finish(&mut self, actions: impl Iterator<Item = (u32, Action)> + Clone) {
        let mut served = 0;
        for (order, action) in actions.clone() {
            let done = &mut self.done[order as usize];
            *done |= 1 << action as u8;
            served += u32::from(*done == ALL_DONE);
        }
        if let Some(group) = &self.group {
            group.end(Outcome::Finished, actions);
            self.served += served;
            group.serve(served);
        }
    }
}

impl Drop for Tray {
    fn drop(&mut self) {
        let Some(group) = &self.group else { return };
        let open = (0..).zip(&self.done).flat_map(|(order, done)| {
            let open =
                Action::ALL.into_iter().filter(move |action| done & (1 << *action as u8) == 0);
            open.map(move |action| (order, action))
        });
        if open.clone().next().is_some() {
            group.end(Outcome::Cancelled, open);
        }
        group.lose(self.done.len() as u32 - self.served);
    }
}
