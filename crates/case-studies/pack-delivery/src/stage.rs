use tokio_util::sync::CancellationToken;

use crate::world::World;
use crate::{Role, s1_one_loop, s2_four_pollers, s3_fan_out, s4_roles, s5_keys};

/// A stage by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// [`s1_one_loop`].
    OneLoop,
    /// [`s2_four_pollers`].
    FourPollers,
    /// [`s3_fan_out`].
    FanOut,
    /// [`s4_roles`].
    Roles,
    /// [`s5_keys`].
    Keys,
}

impl Stage {
    /// The stages in the order in which they are told.
    pub const ALL: [Self; 5] =
        [Self::OneLoop, Self::FourPollers, Self::FanOut, Self::Roles, Self::Keys];

    /// The stage's number, from 1.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8 + 1
    }

    /// The stage's idea in a few words.
    #[must_use]
    pub const fn idea(self) -> &'static str {
        match self {
            Self::OneLoop => "one loop",
            Self::FourPollers => "four pollers",
            Self::FanOut => "fan out",
            Self::Roles => "roles",
            Self::Keys => "keys in the store",
        }
    }

    /// Serves as one replica in all roles until `quit`.
    pub async fn run(self, world: World, quit: CancellationToken) {
        match self {
            Self::OneLoop => s1_one_loop::run(world, quit).await,
            Self::FourPollers => s2_four_pollers::run(world, quit).await,
            Self::FanOut => s3_fan_out::run(world, quit).await,
            Self::Roles => s4_roles::run(world, &Role::ALL, quit).await,
            Self::Keys => s5_keys::run(world, &Role::ALL, quit).await,
        }
    }
}
