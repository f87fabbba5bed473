use crate::batch::Batch;
use crate::event::{Outcome, Phase};
use crate::kind::Kind;
use crate::log::Log;

/// Lanes of a log that follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Places {
    /// The number of the first lane, from 1.
    pub first: u32,
    /// How many they are.
    pub lanes: u32,
    /// Of how many at the beginning a summary keeps the records.
    pub few_first: u32,
    /// Of how many at the end, beside those, a summary keeps the records.
    pub few_last: u32,
}

/// Writes down the spans of many lanes together, for a program in which one task serves them: for
/// all spans that start or end at one moment there is one reading of the clock, one turn in the
/// log and one call of each observer.
///
/// Each lane has one span of each kind. Unlike a [`Span`](crate::Span) a group guards nothing: its
/// owner ends what it has started.
#[derive(Debug)]
pub struct Group<K: Kind> {
    log: Log<K>,
    places: Places,
    /// Where in the log the first kept span is.
    slot: usize,
}

impl<K: Kind> Group<K> {
    /// The lanes of these places, none of whose spans has started.
    #[must_use]
    pub fn new(log: &Log<K>, places: Places) -> Self {
        let places = match log.keeps_everything() {
            true => Places { few_first: places.lanes, few_last: 0, ..places },
            false => places,
        };
        Self { log: log.clone(), places, slot: 0 }
    }

    /// Starts a span of each kind in each lane. To be called once.
    pub fn start(&mut self) {
        if !self.is_kept() && !self.log.is_watched() {
            return;
        }
        let lanes = 0..self.places.lanes;
        let spans = lanes.flat_map(|index| K::ALL.iter().map(move |kind| (index, *kind)));
        let all = numbered(self.places.first, spans.clone());
        let batch = Batch::new(Phase::Started, self.log.elapsed(), &all);
        if self.is_kept() {
            let kept = spans.filter(|(index, _)| self.rank(*index).is_some());
            let events = kept.map(|(index, kind)| batch.event(self.places.first + index, kind));
            self.slot = self.log.write_starts(events);
        }
        self.log.tell_batch(&batch);
    }

    /// Ends these spans: each is the index of its lane, from 0, and its kind.
    pub fn end(&self, outcome: Outcome, spans: impl Iterator<Item = (u32, K)> + Clone) {
        let all = numbered(self.places.first, spans.clone());
        let batch = Batch::new(outcome.into(), self.log.elapsed(), &all);
        let ends = spans.filter_map(|(index, kind)| {
            Some((self.slot_of(index, kind)?, batch.event(self.places.first + index, kind)))
        });
        match self.is_kept() {
            true => self.log.write_ends(batch.at(), outcome, ends),
            false => self.log.ended_at(batch.at()),
        }
        self.log.tell_batch(&batch);
    }

    /// Counts that many of the lanes as served.
    pub fn serve(&self, lanes: u32) {
        self.log.serve(lanes);
    }

    /// Counts that many of the lanes as lost.
    pub fn lose(&self, lanes: u32) {
        self.log.lose(lanes);
    }

    const fn is_kept(&self) -> bool {
        self.places.few_first + self.places.few_last > 0
    }

    /// The how-manieth of the kept lanes it is, from 0.
    fn rank(&self, index: u32) -> Option<u32> {
        let Places { lanes, few_first, few_last, .. } = self.places;
        let last = few_first + index.checked_sub(lanes - few_last).unwrap_or(few_last);
        let rank = if index < few_first { index } else { last };
        (rank < few_first + few_last).then_some(rank)
    }

    fn slot_of(&self, index: u32, kind: K) -> Option<usize> {
        let kind = K::ALL.iter().position(|other| *other == kind)?;
        Some(self.slot + self.rank(index)? as usize * K::ALL.len() + kind)
    }
}

/// Calls what it is given with each of these spans: the index becomes a lane's number.
fn numbered<K: Kind, I: Iterator<Item = (u32, K)> + Clone>(
    first: u32,
    spans: I,
) -> impl Fn(&mut dyn FnMut(u32, K)) + use<K, I> {
    move |each| spans.clone().for_each(|(index, kind)| each(first + index, kind))
}
