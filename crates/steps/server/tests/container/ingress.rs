use std::collections::BTreeMap;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command};

use tempfile::TempDir;

use crate::client::status;
use crate::overlay::Overlay;
use crate::wait::{PATIENCE, eventually};

/// nginx, set up as step 10's Ingress says: an ingress controller without a cluster. Dropping it ends
/// it.
#[derive(Debug)]
pub(crate) struct Ingress {
    pub(crate) port: u16,
    pub(crate) host: String,
    path: String,
    folder: TempDir,
    nginx: Child,
}

impl Ingress {
    pub(crate) fn open(overlay: &Overlay, replicas: &[u16]) -> Self {
        let text = |field| overlay.field("Ingress", field).as_str().expect("a text").to_owned();
        let host = text("/spec/rules/0/host");
        let path = text("/spec/rules/0/http/paths/0/path");
        // Free a moment ago: nginx needs a number.
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|free| free.local_addr());
        let port = free.expect("a free port").port();
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("nginx.conf");
        fs::write(&file, configuration(&folder, port, &host, &path, replicas)).expect("written");
        let program =
            std::env::var("NGINX_PROGRAM").expect("docker/check.sh says which nginx to use");
        let mut nginx = Command::new(program);
        nginx.arg("-p").arg(folder.path()).arg("-c").arg(&file);
        nginx.arg("-e").arg(folder.path().join("error.log"));
        let nginx = nginx.spawn().expect("nginx runs");
        let ingress = Self { port, host, path, folder, nginx };
        eventually("nginx to listen", || status(port, "localhost", "/", PATIENCE));
        ingress
    }

    /// Leads new orders to these replicas only; those under way end where they are.
    pub(crate) fn lead_to(&self, replicas: &[u16]) {
        let text = configuration(&self.folder, self.port, &self.host, &self.path, replicas);
        fs::write(self.folder.path().join("nginx.conf"), text).expect("written");
        self.signal("HUP");
    }

    /// How many orders each replica answered with 200, by its address.
    pub(crate) fn shares(&self) -> BTreeMap<String, usize> {
        let log = fs::read_to_string(self.folder.path().join("access.log")).expect("a log");
        let mut shares = BTreeMap::new();
        for replica in log.lines().filter_map(|line| line.strip_suffix(" 200")) {
            *shares.entry(replica.to_owned()).or_default() += 1;
        }
        shares
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.nginx.id().to_string()]).status();
        assert!(sent.expect("kill runs").success());
    }
}

impl Drop for Ingress {
    fn drop(&mut self) {
        let sent = Command::new("kill").arg(self.nginx.id().to_string()).status();
        let _ = sent.and_then(|_| self.nginx.wait());
    }
}

/// Without retries. By default nginx would ask the next replica when one hangs up in the middle of an
/// order, which hides that the first one lost it, and brews it twice. What could be retried safely is a
/// refused connection and a 503 of the shop's, which says that nothing was brewed; to pass, the shop
/// needs neither.
fn configuration(folder: &TempDir, port: u16, host: &str, path: &str, replicas: &[u16]) -> String {
    let folder = folder.path().display();
    // nginx gives up on a replica when the cluster says so, and not by itself.
    let server = |port| format!("server 127.0.0.1:{port} max_fails=0;");
    let servers: String = replicas.iter().map(server).collect();
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {folder}/{kind};"))
        .concat();
    // A path's prefix means whole elements: /serve-customer and all below it. The zone lets the workers
    // take turns together.
    format!(
        "daemon off; {user} worker_processes 2; pid {folder}/nginx.pid;
         error_log {folder}/error.log;
         events {{ worker_connections 256; }}
         http {{
             log_format replica '$upstream_addr $status';
             access_log {folder}/access.log replica;
             {temporary}
             proxy_next_upstream off;
             proxy_read_timeout 120s;
             upstream shop {{ zone shop 64k; {servers} }}
             server {{ listen 127.0.0.1:{port} default_server; return 404; }}
             server {{
                 listen 127.0.0.1:{port};
                 server_name {host};
                 location / {{ return 404; }}
                 location = {path} {{ proxy_pass http://shop; }}
                 location {path}/ {{ proxy_pass http://shop; }}
             }}
         }}\n",
        // As root, its workers would be another user, who may not read the folder.
        user = if is_root() { "user root;" } else { "" },
    )
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id runs");
    id.stdout == b"0\n"
}
