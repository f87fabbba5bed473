"""nginx, set up as the Ingress says: what an ingress controller does, without a cluster."""

import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path

import policy

# No retries. By default nginx would ask the next replica when one hangs up in the middle of an
# order, which hides that the first one lost it, and brews it twice. What could be retried safely is
# a refused connection and a 503 of the shop's, which says that nothing was brewed; to pass, the shop
# needs neither.
CONFIGURATION = """
daemon off;
{user}
worker_processes 2;
pid {prefix}/nginx.pid;
error_log {prefix}/error.log;
events {{ worker_connections 256; }}
http {{
    log_format replica '$upstream_addr $status';
    access_log {prefix}/access.log replica;
    client_body_temp_path {prefix}/body;
    proxy_temp_path {prefix}/proxy;
    fastcgi_temp_path {prefix}/fastcgi;
    uwsgi_temp_path {prefix}/uwsgi;
    scgi_temp_path {prefix}/scgi;
    proxy_next_upstream off;
    proxy_read_timeout 120s;
    upstream {service} {{
        zone {service} 64k; # or each worker would take turns on its own
{servers}
    }}
    server {{
        listen 127.0.0.1:{port} default_server;
        return 404;
    }}
    server {{
        listen 127.0.0.1:{port};
        server_name {host};
        location / {{ return 404; }}
{locations}
    }}
}}
"""


def free_port():
    """Free a moment ago. Whoever listens on it finds out if somebody else was quicker."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Proxy:
    def __init__(self, nginx, objects, replicas):
        (rule,) = policy.only(objects, "Ingress")["spec"]["rules"]
        self.nginx, self.host, self.paths = nginx, rule["host"], rule["http"]["paths"]
        self.port = free_port()
        self.prefix = Path(tempfile.mkdtemp(prefix="coffee-shop-nginx-"))
        self.write(replicas)

    def write(self, replicas):
        (service,) = {path["backend"]["service"]["name"] for path in self.paths}
        # Prefix means whole elements of the path: /serve-customer and all below it.
        locations = [
            f"        location {how} {{ proxy_pass http://{service}; }}"
            for path in self.paths
            for how in (f"= {path['path']}", f"{path['path']}/")
        ]
        # max_fails=0: nginx gives up on a replica when the cluster says so, and not by itself.
        servers = [f"        server 127.0.0.1:{port} max_fails=0;" for port in replicas]
        root = subprocess.run(["id", "-u"], capture_output=True, text=True).stdout == "0\n"
        text = CONFIGURATION.format(
            prefix=self.prefix, port=self.port, host=self.host, service=service,
            user="user root;" if root else "",
            servers="\n".join(servers), locations="\n".join(locations),
        )
        (self.prefix / "nginx.conf").write_text(text)

    def __enter__(self):
        command = [self.nginx, "-p", f"{self.prefix}/", "-c", f"{self.prefix}/nginx.conf"]
        errors = ["-e", f"{self.prefix}/error.log"]
        subprocess.run([*command, *errors, "-t", "-q"], check=True, timeout=10)
        self.process = subprocess.Popen([*command, *errors])
        until = time.monotonic() + 10
        while time.monotonic() < until:
            with socket.socket() as probe:
                if self.process.poll() is None and probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.02)
        self.__exit__()
        raise AssertionError("nginx does not listen")

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.prefix)

    def lead_to(self, replicas):
        """New orders go to these only; those under way end where they are."""
        self.write(replicas)
        self.process.send_signal(signal.SIGHUP)

    def shares(self):
        """How many orders each replica answered with 200."""
        lines = (self.prefix / "access.log").read_text().splitlines()
        return dict(Counter(re.findall(r"^(\S+) 200$", "\n".join(lines), re.M)))
