use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use clap::ValueEnum;
use coffee::{Order, Shop};
use futures_util::StreamExt;
use futures_util::future::join_all;
use futures_util::stream::FuturesUnordered;
use menu::Step;
use serde::{Deserialize, Serialize};
use tokio::join;
use tokio::task::{JoinSet, coop::unconstrained};

/// How many customers share a task in [`Way::Batches`]: their 90 sleeps are fewer than the 128
/// that tokio lets a task do before it must let others go first.
const BATCH: u32 = 30;

/// The ways to serve all customers at once, each customer's three actions at once. They wait
/// equally long, so what differs is what concurrency itself costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// Step 5: a task for each customer in a `JoinSet`, its actions in a `join!`.
    JoinSet,
    /// The talk's step 5: a task for each customer, which spawns one for each action.
    TaskPerAction,
    /// As `JoinSet`, but the handles are kept in a `Vec` and awaited in turn.
    Handles,
    /// A task for every 30 customers, who are joined inside.
    Batches,
    /// All customers in one task, in a `FuturesUnordered`.
    FuturesUnordered,
    /// The same, without tokio's cooperative budget.
    Unconstrained,
}

impl Way {
    /// The ways that serve a million customers, and are compared.
    pub const COMPARED: [Self; 4] =
        [Self::JoinSet, Self::TaskPerAction, Self::Handles, Self::Batches];

    /// The ways that are shown for what goes wrong, and for why.
    pub const SHOWN: [Self; 2] = [Self::FuturesUnordered, Self::Unconstrained];

    /// The way in a few words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::JoinSet => "JoinSet of join!",
            Self::TaskPerAction => "a task per action",
            Self::Handles => "Vec of handles",
            Self::Batches => "30 customers per task",
            Self::FuturesUnordered => "one FuturesUnordered",
            Self::Unconstrained => "the same, unconstrained",
        }
    }

    /// The way as an argument on a command line.
    #[must_use]
    pub fn argument(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// Serves the customers; `served` counts them while one after the other gets their coffee,
    /// where a single task sees them all.
    pub async fn serve(self, shop: &Shop, customers: u32, served: &AtomicU32) {
        match self {
            Self::JoinSet => Step::NestedJoins.serve(shop, customers).await,
            Self::TaskPerAction => task_per_action(shop, customers).await,
            Self::Handles => handles(shop, customers).await,
            Self::Batches => batches(shop, customers).await,
            Self::FuturesUnordered => futures_unordered(shop, customers, served).await,
            Self::Unconstrained => unconstrained(futures_unordered(shop, customers, served)).await,
        }
    }
}

async fn task_per_action(shop: &Shop, customers: u32) {
    let mut coffees = JoinSet::new();
    for order in shop.orders(customers) {
        coffees.spawn(three_tasks(Arc::new(order)));
    }
    coffees.join_all().await;
}

async fn three_tasks(order: Arc<Order>) {
    let [pay, espresso, milk] = [Arc::clone(&order), Arc::clone(&order), order];
    let mut actions = JoinSet::new();
    actions.spawn(async move { pay.pay_for_coffee().await });
    actions.spawn(async move { espresso.make_espresso().await });
    actions.spawn(async move { milk.steam_milk().await });
    actions.join_all().await;
}

/// Unlike a `JoinSet`, a `Vec` of handles aborts nothing when it is dropped. Here it is not dropped early.
async fn handles(shop: &Shop, customers: u32) {
    let spawn = |order| tokio::spawn(make_coffee(order));
    let coffees: Vec<_> = shop.orders(customers).map(spawn).collect();
    for coffee in coffees {
        coffee.await.expect("no coffee panics");
    }
}

async fn batches(shop: &Shop, customers: u32) {
    let mut coffees = JoinSet::new();
    let mut orders = shop.orders(customers);
    while orders.len() > 0 {
        let batch: Vec<_> = orders.by_ref().take(BATCH as usize).map(make_coffee).collect();
        coffees.spawn(join_all(batch));
    }
    coffees.join_all().await;
}

async fn futures_unordered(shop: &Shop, customers: u32, served: &AtomicU32) {
    let mut coffees: FuturesUnordered<_> = shop.orders(customers).map(make_coffee).collect();
    while coffees.next().await.is_some() {
        served.fetch_add(1, Ordering::Relaxed);
    }
}

async fn make_coffee(order: Order) {
    join!(order.pay_for_coffee(), order.make_espresso(), order.steam_milk());
}
