use std::fmt;
use std::str::FromStr;

use crate::memory::Memory;

/// The most that one customer costs in memory, in bytes, whatever the step and the form of the
/// answer: a task with its three timers, the records of the log, and the answer drawn from it.
/// `tests/memory.rs` measures it.
pub const BYTES_PER_CUSTOMER: u64 = 2_560;
/// The most that one connection costs, in bytes: its task, its buffers, its request, and what the
/// kernel keeps of unread answers and requests, which control groups of version 2 count.
///
/// With heads of 200 bytes, 6, 32 and 39 kB and an order under way, 1,000 connections took 26, 30,
/// 63 and 68 kB of resident memory each, and with a second request of 39 kB behind the first 87 kB.
/// The kernel takes twice [`socket_buffer`](serving::Limits::socket_buffer), each way.
pub const BYTES_PER_CONNECTION: u64 = (88 + 4 * 16) * 1024;
/// So many connections fit, if half of the free memory is enough for them.
const ENOUGH_CONNECTIONS: u64 = 16;
/// What the process needs without any client, in bytes: the program and its threads.
pub const BYTES_AT_REST: u64 = 5 * 1024 * 1024;
/// Descriptors that are not connections: the listeners, the runtime's own, and a few to spare.
const OTHER_DESCRIPTORS: u64 = 32;

/// How many customers may be in flight at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capacity {
    /// This many.
    Customers(u32),
    /// As many as fit into the memory.
    Auto,
    /// Any number, until something gives.
    Unlimited,
}

impl Capacity {
    /// The number of customers, `None` for any number.
    ///
    /// That is what the connections leave of the memory that is not needed at rest. At least one
    /// customer is served.
    #[must_use]
    pub fn customers(self, memory: Memory) -> Option<u32> {
        match self {
            Self::Customers(customers) => Some(customers),
            Self::Auto => {
                let fit = (free(memory) - for_connections(memory)) / BYTES_PER_CUSTOMER;
                Some(u32::try_from(fit).unwrap_or(u32::MAX).max(1))
            }
            Self::Unlimited => None,
        }
    }
}

/// How many connections fit: into a quarter of the memory that is not needed at rest, or half of it
/// if that is little, and into the process's limit of open files, which is `descriptors`.
#[must_use]
pub fn connections(memory: Memory, descriptors: u64) -> usize {
    let fit = for_connections(memory) / BYTES_PER_CONNECTION;
    let open = descriptors.saturating_sub(OTHER_DESCRIPTORS);
    usize::try_from(fit.min(open)).unwrap_or(usize::MAX).max(1)
}

fn for_connections(memory: Memory) -> u64 {
    let enough = ENOUGH_CONNECTIONS * BYTES_PER_CONNECTION;
    (free(memory) / 2).min(enough).max(free(memory) / 4)
}

/// Whether so little memory is left that one customer and one connection are all that fits.
#[must_use]
pub(crate) fn is_tiny(memory: Memory) -> bool {
    free(memory) < BYTES_PER_CONNECTION + BYTES_PER_CUSTOMER
}

const fn free(memory: Memory) -> u64 {
    memory.bytes.saturating_sub(BYTES_AT_REST)
}

/// The flag's value: a number, `auto` or `unlimited`. The error is a sentence.
impl FromStr for Capacity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match (text, text.parse()) {
            ("auto", _) => Ok(Self::Auto),
            ("unlimited", _) => Ok(Self::Unlimited),
            (_, Ok(0)) => Err("0 customers are too few; try auto".to_owned()),
            (_, Ok(customers)) => Ok(Self::Customers(customers)),
            (_, Err(_)) => Err(format!(
                "not auto, unlimited or a number of customers from 1 to {}; try auto",
                u32::MAX
            )),
        }
    }
}

impl fmt::Display for Capacity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Customers(customers) => customers.fmt(f),
            Self::Auto => f.write_str("auto"),
            Self::Unlimited => f.write_str("unlimited"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn memory(bytes: u64) -> Memory {
        Memory { bytes, from: "a test" }
    }

    #[test]
    fn ten_mebibytes_hold_sixteen_clients_and_not_thirty_thousand_customers() {
        let small = memory(10 << 20);
        assert_eq!(Capacity::Auto.customers(small), Some(1_075));
        assert_eq!(connections(small, 1_024), 16);
    }

    #[test]
    fn the_smaller_of_memory_and_descriptors_bounds_the_connections() {
        assert_eq!(connections(memory(1 << 40), 1_024), 992);
        assert_eq!(connections(memory(0), 0), 1);
    }

    #[test]
    fn a_machine_that_is_too_small_serves_one_and_a_huge_one_as_many_as_a_request_can_say() {
        assert_eq!(Capacity::Auto.customers(memory(0)), Some(1));
        assert_eq!(Capacity::Auto.customers(memory(u64::MAX)), Some(u32::MAX));
        assert_eq!(Capacity::Unlimited.customers(memory(0)), None);
    }
}
