use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::Command;

use crate::client::get;
use crate::container::{podman, run};
use crate::wait::eventually;

/// The services of one profile of `docker/compose.yaml`. Dropping them takes them down.
struct Services {
    profile: &'static str,
    port: u16,
}

impl Services {
    fn up(profile: &'static str) -> Self {
        // Free a moment ago: the file, as its users see it, needs a number.
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|free| free.local_addr());
        let services = Self { profile, port: free.expect("a free port").port() };
        let up = services.compose(&["up", "--detach", "--no-build"]).status();
        assert!(up.expect("podman-compose runs").success());
        eventually("the shop to open", || services.is_ready().then_some(()));
        services
    }

    fn project(&self) -> String {
        format!("{}-{}", run(), self.profile)
    }

    fn compose(&self, args: &[&str]) -> Command {
        let mut compose = Command::new("podman-compose");
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        compose.arg("--file").arg(here.join("../../../docker/compose.yaml"));
        compose.args(["--project-name", &self.project(), "--profile", self.profile]);
        compose.arg("--podman-args=--runtime runc");
        compose.arg("--podman-run-args=--ulimit nofile=1024:4096 --ulimit nproc=1024:4096");
        compose.args(args).current_dir(std::env::temp_dir());
        compose.env("SHOP_PORT", self.port.to_string()).env_remove("CAPACITY").env_remove("STEP");
        compose
    }

    fn serve(&self, customers: u32) -> Option<u16> {
        get(self.port, &format!("/serve-customer/{customers}")).0
    }

    fn is_ready(&self) -> bool {
        get(self.port, "/readyz").0 == Some(200)
    }

    fn container(&self, what: &str) -> String {
        let name = format!("{}_{}_1", self.project(), self.profile);
        podman(&["inspect", "--format", what, &name]).trim().to_owned()
    }
}

impl Drop for Services {
    fn drop(&mut self) {
        let _ = self.compose(&["down", "--timeout", "1"]).output();
    }
}

#[test]
fn the_squeezed_shop_dies_of_a_crowd_and_comes_back() {
    let shop = Services::up("step8");
    assert_eq!(shop.serve(3), Some(200));
    assert_eq!(shop.serve(60_000), None);
    eventually("the shop to come back", || shop.is_ready().then_some(()));
    assert_eq!(shop.container("{{.RestartCount}}"), "1");
    assert_eq!(shop.serve(3), Some(200));
    assert_eq!(shop.container("{{.HostConfig.Memory}}"), (10 << 20).to_string());
}

#[test]
fn the_other_profiles_serve_under_the_limits_that_they_name() {
    for (profile, memory) in [("step6", 0_u64), ("step9", 3_092_000_000)] {
        let shop = Services::up(profile);
        assert_eq!(shop.serve(30_000), Some(200), "{profile}");
        assert_eq!(shop.container("{{.HostConfig.Memory}}"), memory.to_string());
        assert_eq!(shop.container("{{.HostConfig.ReadonlyRootfs}}"), "true");
    }
}
