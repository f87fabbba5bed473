//! The steps by name and number, for whoever has to choose one: a command line, a router, a bench.

use std::fmt;

use coffee::Shop;

/// A step of the talk that can serve any number of customers. Step 1 is step 2 with one customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Step 2: one customer after another.
    Sequential,
    /// Step 3: a task for each customer, and nobody waits for it.
    Spawned,
    /// Step 4: a task for each customer, all awaited.
    Joined,
    /// Step 5: the same, and the three actions of a customer at once.
    NestedJoins,
}

impl Step {
    /// The steps in the order of the talk.
    pub const ALL: [Self; 4] = [Self::Sequential, Self::Spawned, Self::Joined, Self::NestedJoins];

    /// The step's number in the talk.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Sequential => 2,
            Self::Spawned => 3,
            Self::Joined => 4,
            Self::NestedJoins => 5,
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
        }
    }

    /// The step's idea in a few words.
    #[must_use]
    pub const fn idea(self) -> &'static str {
        match self {
            Self::Sequential => "one customer after another",
            Self::Spawned => "a task each, and nobody waits",
            Self::Joined => "a task each, and all are awaited",
            Self::NestedJoins => "a task each, its three actions at once",
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
        }
    }
}

/// `step 4, joined`
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "step {}, {}", self.number(), self.name())
    }
}
