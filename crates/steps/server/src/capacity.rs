use std::fmt;
use std::str::FromStr;

use menu::Step;

use crate::memory::Memory;

/// Up to so many customers the log of an order records each action: see `coffee::Keep::for_lanes`.
const RECORDED: u32 = 1_000;
/// What a customer adds in an order that is so small that the log records each action: the records,
/// and the answer drawn from them, in bytes.
const BYTES_PER_RECORDED: u64 = 1_600;
/// How many bytes a permit stands for, where permits stand for memory.
const BYTES_PER_PERMIT: u64 = 16;
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
    /// The number of permits, `None` for any number, and what they stand for.
    ///
    /// That is what the connections leave of the memory that is not needed at rest: room for one
    /// customer at least.
    #[must_use]
    pub fn permits(self, memory: Memory) -> (Option<u32>, Scale) {
        match self {
            Self::Customers(customers) => (Some(customers), Scale::Customers),
            Self::Auto => {
                let one = bytes_per_customer(Step::NestedJoins, 1);
                let left = free(memory) - for_connections(memory);
                (Some(permits(left.max(one))), Scale::Memory)
            }
            Self::Unlimited => (None, Scale::Customers),
        }
    }
}

/// What a permit of the admission stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// A customer.
    Customers,
    /// A piece of memory. How many of them a customer takes depends on the step, and on whether
    /// the order is so small that each of its actions is recorded.
    Memory,
}

impl Scale {
    /// How many permits such an order takes.
    #[must_use]
    pub fn permits(self, step: Step, customers: u32) -> u32 {
        match self {
            Self::Customers => customers,
            Self::Memory => permits(u64::from(customers) * bytes_per_customer(step, customers)),
        }
    }

    /// The largest order for this step that fits, and all smaller ones do, too. At least one
    /// customer does.
    #[must_use]
    pub fn most_customers(self, step: Step, permits: u32) -> u32 {
        let bytes = u64::from(permits) * BYTES_PER_PERMIT;
        let fit = |customers| {
            let fit = bytes / bytes_per_customer(step, customers);
            u32::try_from(fit).unwrap_or(u32::MAX)
        };
        match self {
            Self::Customers => permits,
            Self::Memory if fit(RECORDED) >= RECORDED => fit(u32::MAX),
            Self::Memory => fit(RECORDED).max(1),
        }
    }
}

/// The most that one customer costs in memory, in bytes, in an order for so many: the share of a
/// task and its timers, and in a small order the records of the log, and the answer drawn from
/// them in whichever form. `tests/memory.rs` measures it.
#[must_use]
pub const fn bytes_per_customer(step: Step, customers: u32) -> u64 {
    let waiting = match step {
        Step::Sequential => 16,
        Step::Spawned | Step::Joined => 512,
        Step::NestedJoins => 768,
        Step::Batched => 544,
        Step::Table => 64,
    };
    if customers > RECORDED { waiting } else { waiting + BYTES_PER_RECORDED }
}

fn permits(bytes: u64) -> u32 {
    u32::try_from(bytes.div_ceil(BYTES_PER_PERMIT)).unwrap_or(u32::MAX)
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
    free(memory) < BYTES_PER_CONNECTION + bytes_per_customer(Step::NestedJoins, 1)
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
    use coffee::Keep;

    use super::*;

    const fn memory(bytes: u64) -> Memory {
        Memory { bytes, from: "a test" }
    }

    fn most(capacity: Capacity, bytes: u64, step: Step) -> Option<u32> {
        let (permits, scale) = capacity.permits(memory(bytes));
        permits.map(|permits| scale.most_customers(step, permits))
    }

    #[test]
    fn ten_mebibytes_hold_sixteen_clients_and_as_many_customers_as_the_step_allows() {
        assert_eq!(connections(memory(10 << 20), 1_024), 16);
        for (step, customers) in [
            (Step::Joined, 5_376),
            (Step::NestedJoins, 3_584),
            (Step::Batched, 5_059),
            (Step::Table, 43_008),
        ] {
            assert_eq!(most(Capacity::Auto, 10 << 20, step), Some(customers), "{step}");
        }
    }

    #[test]
    fn small_orders_take_more_of_the_memory_because_each_action_is_recorded() {
        assert!(matches!(Keep::for_lanes(RECORDED), Keep::Everything));
        assert!(matches!(Keep::for_lanes(RECORDED + 1), Keep::Summary));
        let thousand = |step| Scale::Memory.permits(step, RECORDED);
        assert_eq!(thousand(Step::NestedJoins), 1_000 * 2_368 / 16);
        assert_eq!(thousand(Step::Table), 1_000 * 1_664 / 16);
        assert_eq!(Scale::Memory.permits(Step::Table, 3_000_000), 12_000_000);
        assert_eq!(Scale::Customers.permits(Step::NestedJoins, 7), 7);
    }

    /// What the shop says is the most it also takes, whatever the memory.
    #[test]
    fn the_most_that_fits_takes_no_more_than_there_is() {
        for step in Step::ALL {
            for bytes in [0, 6 << 20, 7 << 20, 10 << 20, 1 << 30, 3_092_000_000] {
                let (permits, scale) = Capacity::Auto.permits(memory(bytes));
                let permits = permits.expect("auto is a number");
                let most = scale.most_customers(step, permits);
                for customers in [1, RECORDED, RECORDED + 1, most].map(|n| n.min(most)) {
                    let taken = scale.permits(step, customers);
                    assert!(taken <= permits, "{step}, {bytes}: {customers} of {most}");
                }
            }
        }
    }

    #[test]
    fn the_smaller_of_memory_and_descriptors_bounds_the_connections() {
        assert_eq!(connections(memory(1 << 40), 1_024), 992);
        assert_eq!(connections(memory(0), 0), 1);
    }

    #[test]
    fn a_machine_that_is_too_small_serves_one_and_a_huge_one_as_many_as_a_request_can_say() {
        assert_eq!(most(Capacity::Auto, 0, Step::Table), Some(1));
        assert_eq!(most(Capacity::Auto, u64::MAX, Step::Sequential), Some(u32::MAX));
        assert_eq!(most(Capacity::Unlimited, 0, Step::Table), None);
        assert_eq!(most(Capacity::Customers(7), 0, Step::Table), Some(7));
    }
}
