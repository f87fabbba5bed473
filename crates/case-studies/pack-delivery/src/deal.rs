//! Templates, packs and their commitments.

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

use rand::CryptoRng;
use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What an issuer posts: how many packs there are, and what goes into each of them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// How many packs are dealt, from 1 to [`Template::MAX_PACKS`].
    pub packs: u32,
    /// Where the collectibles of a pack come from: each pack gets some of each bucket.
    pub buckets: Vec<Bucket>,
}

/// A set of collectibles, of which each pack gets the same number.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Bucket {
    /// How many of the collectibles go into each pack, at least 1.
    pub per_pack: u32,
    /// The collectibles' numbers on the chain; no number stands twice in a template.
    pub collectibles: Vec<u64>,
}

/// Why a template cannot be dealt. The message names the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// No packs, or too many.
    #[error("packs is {0}, and must be from 1 to {max}", max = Template::MAX_PACKS)]
    Packs(u32),
    /// Nothing to deal from.
    #[error("buckets is empty, so the packs would be, too: add a bucket")]
    NoBuckets,
    /// A bucket of which no pack gets anything.
    #[error("buckets[{bucket}].per_pack is 0: leave the bucket out, or let a pack have some of it")]
    PerPack {
        /// The bucket's place in the list, from 0.
        bucket: usize,
    },
    /// A bucket that does not suffice for all packs.
    #[error(
        "buckets[{bucket}].collectibles has {there}, and the packs need {needed}: add some, or deal \
         fewer packs"
    )]
    TooFew {
        /// The bucket's place in the list, from 0.
        bucket: usize,
        /// How many collectibles all packs together need of it.
        needed: u64,
        /// How many it has.
        there: usize,
    },
    /// A collectible that would be dealt twice.
    #[error(
        "buckets[{bucket}].collectibles has {collectible}, which stands in the template before"
    )]
    Twice {
        /// The place, from 0, of the bucket in which it stands again.
        bucket: usize,
        /// The collectible.
        collectible: u64,
    },
}

/// A dealt pack. Its content stays secret until it is revealed; its [`Commitment`] is public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pack {
    /// What is in it: bucket after bucket.
    pub collectibles: Vec<u64>,
    /// Random bytes, without which one could find the content by trying commitments.
    pub salt: [u8; 32],
}

/// The hash by which a pack is known on the chain: it says nothing of the content, and only this
/// content with this salt fits it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Commitment(pub [u8; 32]);

impl Template {
    /// The most packs of one distribution.
    pub const MAX_PACKS: u32 = 100_000;

    /// Checks each rule of the template.
    ///
    /// # Errors
    ///
    /// The first rule that does not hold.
    pub fn check(&self) -> Result<(), TemplateError> {
        if !(1..=Self::MAX_PACKS).contains(&self.packs) {
            return Err(TemplateError::Packs(self.packs));
        }
        if self.buckets.is_empty() {
            return Err(TemplateError::NoBuckets);
        }
        let mut seen = HashSet::new();
        for (bucket, content) in self.buckets.iter().enumerate() {
            content.check(bucket, self.packs)?;
            let twice = content.collectibles.iter().find(|collectible| !seen.insert(**collectible));
            if let Some(&collectible) = twice {
                return Err(TemplateError::Twice { bucket, collectible });
            }
        }
        Ok(())
    }
}

impl Bucket {
    fn check(&self, bucket: usize, packs: u32) -> Result<(), TemplateError> {
        if self.per_pack == 0 {
            return Err(TemplateError::PerPack { bucket });
        }
        let (needed, there) =
            (u64::from(self.per_pack) * u64::from(packs), self.collectibles.len());
        if needed > there as u64 {
            return Err(TemplateError::TooFew { bucket, needed, there });
        }
        Ok(())
    }
}

/// Deals the collectibles at random: each goes into at most one pack, and each pack gets as many of
/// each bucket as the template says. The same generator state deals the same packs, so production
/// wants one that is seeded by the operating system.
///
/// # Errors
///
/// The first rule of the template that does not hold.
pub fn deal(template: &Template, rng: &mut impl CryptoRng) -> Result<Vec<Pack>, TemplateError> {
    template.check()?;
    let mut packs = vec![Vec::new(); template.packs as usize];
    for bucket in &template.buckets {
        let mut collectibles = bucket.collectibles.clone();
        collectibles.shuffle(rng);
        for (pack, some) in packs.iter_mut().zip(collectibles.chunks(bucket.per_pack as usize)) {
            pack.extend_from_slice(some);
        }
    }
    let salted = packs.into_iter().map(|collectibles| {
        let mut salt = [0; 32];
        rng.fill_bytes(&mut salt);
        Pack { collectibles, salt }
    });
    Ok(salted.collect())
}

impl Pack {
    /// The hash of salt and content. Each part has a fixed width, so no other content with the same
    /// bytes in a row has the same hash.
    #[must_use]
    pub fn commitment(&self) -> Commitment {
        let mut hash = Sha256::new();
        hash.update(self.salt);
        for collectible in &self.collectibles {
            hash.update(collectible.to_be_bytes());
        }
        Commitment(hash.finalize().into())
    }
}

impl fmt::Display for Commitment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Commitment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}…", hex::encode(&self.0[..4]))
    }
}

impl FromStr for Commitment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| {
            format!("'{text:.70}' is not a commitment: it has 64 hexadecimal digits")
        })?;
        Ok(Self(bytes))
    }
}

impl Serialize for Commitment {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Commitment {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
