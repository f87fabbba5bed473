//! The steps by name and number, for what has to choose one: a command line, a router, a bench.

use std::fmt;

use coffee::Shop;

/// A way to serve any number of customers. Step 1 is step 2 with one customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Step 2: one customer after another.
    Sequential,
    /// Step 3: a task for each customer, and nothing waits for it.
    Spawned,
    /// Step 4: a task for each customer, all awaited.
    Joined,
    /// Step 5: the same, and the three actions of a customer at once.
    NestedJoins,
    /// What step 6 can serve millions with: a task for thirty customers.
    Batched,
    /// What step 6 serves with: a task for a thousand customers, whose waits are numbers.
    Table,
}

impl Step {
    /// Those that the talk shows, in its order.
    pub const TALK: [Self; 4] = [Self::Sequential, Self::Spawned, Self::Joined, Self::NestedJoins];
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 6] = [
        Self::Sequential,
        Self::Spawned,
        Self::Joined,
        Self::NestedJoins,
        Self::Batched,
        Self::Table,
    ];

    /// The step's number, the talk's as far as it goes.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Sequential => 2,
            Self::Spawned => 3,
            Self::Joined => 4,
            Self::NestedJoins => 5,
            Self::Batched => 6,
            Self::Table => 7,
        }
    }

    /// The name of the step's crate.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sequential => "sequential",
            Self::Spawned => "spawned",
            Self::Joined => "joined",
            Self::NestedJoins => "nested-joins",
            Self::Batched => "batched",
            Self::Table => "table",
        }
    }

    /// The step's idea in a few words.
    #[must_use]
    pub const fn idea(self) -> &'static str {
        match self {
            Self::Sequential => "one customer after another",
            Self::Spawned => "a task each, and none is awaited",
            Self::Joined => "a task each, and all are awaited",
            Self::NestedJoins => "a task each, its three actions at once",
            Self::Batched => "the same, a task for every thirty",
            Self::Table => "a task for a thousand, and each wait a number",
        }
    }

    /// Serves the customers in the way of this step. Dropping the future stops the brewing,
    /// except in [`Spawned`](Self::Spawned).
    pub async fn serve(self, shop: &Shop, customers: u32) {
        match self {
            Self::Sequential => sequential::serve(shop, customers).await,
            Self::Spawned => spawned::serve(shop, customers).await,
            Self::Joined => joined::serve(shop, customers).await,
            Self::NestedJoins => nested_joins::serve(shop, customers).await,
            Self::Batched => batched::serve(shop, customers).await,
            Self::Table => table::serve(shop, customers).await,
        }
    }
}

/// `step 4, joined`
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "step {}, {}", self.number(), self.name())
    }
}
