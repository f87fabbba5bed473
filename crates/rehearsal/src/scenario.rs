/// A step that can be rehearsed.
#[derive(Clone, Copy, Debug)]
pub struct Scenario {
    /// The number of the step, and of its overlay in `k8s/`.
    pub(crate) step: u8,
    /// The step in a line.
    pub(crate) idea: &'static str,
    /// Whether the step is about a memory limit, so that its manifest must have one.
    pub(crate) is_limited: bool,
    pub(crate) action: Action,
    /// The commands that do the same in a cluster, after `kubectl apply`.
    pub(crate) commands: &'static [&'static str],
}

/// What happens in a scenario.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Action {
    /// One order after another, each with more customers, to one shop.
    Ladder(Customers),
    /// The same as the manifest says, until the shop is killed, and then with a bounded capacity.
    Bounded {
        /// As the manifest says.
        before: Customers,
        /// With `CAPACITY=auto`.
        after: Customers,
    },
    /// Many orders at once to all replicas behind one address. Accidents may happen.
    ScaledOut {
        /// What each replica is asked before.
        each: Customers,
        /// The commands that kill a replica in a cluster.
        kill_one: &'static [&'static str],
        /// The commands that replace all replicas in a cluster.
        rollout: &'static [&'static str],
    },
}

/// The customers of a ladder, unless the command line says others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Customers {
    pub(crate) debug: &'static [u32],
    pub(crate) release: &'static [u32],
}

impl Customers {
    const fn same(all: &'static [u32]) -> Self {
        Self { debug: all, release: all }
    }
}

const FORWARD: &str = "kubectl port-forward -n coffee-shop deployment/coffee-shop 8080:8080";
const RUSH: &str = "cargo run --release --example rush -- http://localhost:8080 --requests 2000 \
                    --concurrency 50 --customers 300";

/// Step 7: one shop, and no word on resources.
pub const STEP_7: Scenario = Scenario {
    step: 7,
    idea: "Step 7, rehearsed: deploy it",
    is_limited: false,
    action: Action::Ladder(Customers::same(&[3])),
    commands: &[FORWARD, "curl localhost:8080/serve-customer/3"],
};

/// Step 8: a memory limit that some number of customers exceeds.
pub const STEP_8: Scenario = Scenario {
    step: 8,
    idea: "Step 8, rehearsed: limits so small that something gives",
    is_limited: true,
    action: Action::Bounded {
        before: Customers::same(&[3, 30, 300, 3_000, 10_000, 30_000]),
        after: Customers::same(&[3, 30, 300, 3_000, 30_000]),
    },
    commands: &[
        FORWARD,
        "cargo run --release --example rush -- http://localhost:8080 3 30 300 3000 10000 30000 \
         100000",
        "kubectl set env -n coffee-shop deployment/coffee-shop CAPACITY=auto",
    ],
};

/// Step 9: more of everything, in the same single pod.
pub const STEP_9: Scenario = Scenario {
    step: 9,
    idea: "Step 9, rehearsed: more of everything, in the same single pod",
    is_limited: true,
    action: Action::Ladder(Customers { debug: &[300], release: &[30_000, 3_000_000] }),
    commands: &[
        FORWARD,
        "cargo run --release --example rush -- http://localhost:8080 30000 3000000",
    ],
};

/// Step 10: two replicas behind one address.
pub const STEP_10: Scenario = Scenario {
    step: 10,
    idea: "Step 10, rehearsed: two replicas behind one address",
    is_limited: true,
    action: Action::ScaledOut {
        each: Customers { debug: &[300], release: &[30_000] },
        kill_one: &[RUSH, "kubectl delete pod -n coffee-shop --force --grace-period=0 NAME"],
        rollout: &[RUSH, "kubectl rollout restart -n coffee-shop deployment/coffee-shop"],
    },
    commands: &[
        "cargo run --release --example rush -- http://localhost:8080 --requests 2 --concurrency 2 \
         --customers 30000",
    ],
};
