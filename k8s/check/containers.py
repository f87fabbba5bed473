"""Runs the shop with podman under the limits that the overlays state, which the kernel enforces.

    containers.py FOLDER IMAGE NGINX

FOLDER is k8s/. What a cluster would add is played here: the Downward API's MEMORY_LIMIT, and for
step 10 a controller that turns the Ingress into a configuration of nginx. Everything listens on the
loopback. A container's log is kept only if something failed.
"""

import contextlib
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import manifests
import policy
from proxy import Proxy, free_port

PATIENCE = 120


def podman(*args):
    done = subprocess.run(["podman", *args], capture_output=True, text=True, timeout=PATIENCE)
    if done.returncode != 0:
        raise RuntimeError(f"podman {' '.join(args)}: {done.stderr.strip()}")
    return done.stdout.strip()


def eventually(what, look):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if found := look():
            return found
        time.sleep(0.02)
    raise AssertionError(f"waited {PATIENCE} s for {what}")


def get(port, path, host="localhost", patience=PATIENCE):
    """Status and text of an answer; status None if there was none."""
    connection = HTTPConnection("127.0.0.1", port, timeout=patience)
    try:
        connection.request("GET", path, headers={"Host": host})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except (OSError, HTTPException):
        return None, ""
    finally:
        connection.close()


def cpu_quota(limits):
    """In microseconds of every 100 ms. Linux gives no less than 1,000, as the kubelet knows."""
    return max(int(policy.quantity(limits["cpu"]) * 100_000), 1_000)


class Shop:
    """One replica: the overlay's container, with its limits, its environment and its rights."""

    numbers = itertools.count(1)

    def __init__(self, deployment, image, **changed):
        self.name = f"{os.environ['RUN']}-{next(self.numbers)}"
        self.port = free_port()
        limits = policy.container(deployment).get("resources", {}).get("limits", {})
        security = policy.pod(deployment)["securityContext"]
        # Where crun and the usual limits of files and processes do not work, these do.
        args = ["--runtime", "runc", "run", "--detach", "--name", self.name, "--network", "host"]
        args += ["--ulimit", "nofile=1024:4096", "--ulimit", "nproc=1024:4096", "--no-healthcheck"]
        args += ["--read-only", "--cap-drop", "all", "--security-opt", "no-new-privileges"]
        args += ["--user", f"{security['runAsUser']}:{security['runAsGroup']}"]
        if limits:
            memory = str(int(policy.quantity(limits["memory"])))
            args += ["--memory", memory, "--memory-swap", memory]
            args += ["--cpu-period", "100000", "--cpu-quota", str(cpu_quota(limits))]
        for name, entry in policy.env(deployment).items():
            # What is not a value is the Downward API's limits.memory: policy.memory_limit holds it.
            args += ["--env", f"{name}={entry.get('value') or memory}"]
        here = {"ADDRESS": "127.0.0.1", "PORT": str(self.port), "LOG_FORMAT": "json", **changed}
        for name, value in here.items():
            args += ["--env", f"{name}={value}"]
        podman(*args, image)
        self.group = podman("inspect", "--format", "{{.State.CgroupPath}}", self.name)
        self.kills = 0
        self.over = threading.Event()
        self.watch = threading.Thread(target=self.count_kills)
        self.watch.start()

    def __enter__(self):
        try:
            eventually("the shop to open", lambda: get(self.port, policy.READY)[0] == 200)
        except BaseException:
            self.__exit__(True)
            raise
        return self

    def __exit__(self, failed, *_):
        self.over.set()
        self.watch.join()
        with contextlib.suppress(Exception):
            if failed:
                logs = subprocess.run(["podman", "logs", self.name], capture_output=True, text=True)
                print(logs.stderr[-2000:], file=sys.stderr)
            podman("rm", "--force", "--time", "0", self.name)

    def kernel(self, controller, file):
        """Version 1 has a folder for each controller, version 2 one for all."""
        for folder in (f"/sys/fs/cgroup/{controller}", "/sys/fs/cgroup"):
            with contextlib.suppress(OSError):
                return Path(f"{folder}{self.group}/{file}").read_text()
        return ""

    def count_kills(self):
        """The container's group goes away soon after its process: somebody has to look often."""
        while not self.over.wait(0.002):
            for file in ("memory.oom_control", "memory.events"):
                if found := re.search(r"^oom_kill (\d+)$", self.kernel("memory", file), re.M):
                    self.kills = max(self.kills, int(found.group(1)))

    def peak(self):
        files = ("memory.max_usage_in_bytes", "memory.peak")
        said = next(filter(None, (self.kernel("memory", file) for file in files)), None)
        assert said, "the kernel does not say how much memory there was at most"
        return int(said) / 1e6

    def running(self):
        return podman("inspect", "--format", "{{.State.Status}}", self.name) == "running"

    def exit_code(self):
        state = ["inspect", "--format", "{{.State.Status}} {{.State.ExitCode}}", self.name]
        eventually("the container to stop", lambda: podman(*state).startswith("exited "))
        return int(podman(*state).split()[1])

    def log(self):
        logs = subprocess.run(["podman", "logs", self.name], capture_output=True, text=True)
        return [json.loads(line) for line in logs.stderr.splitlines()]

    def order(self, customers):
        began = time.monotonic()
        status, _ = get(self.port, f"/serve-customer/{customers}")
        took = time.monotonic() - began
        print(f"  {customers:>9,} customers: {status or 'no answer'} after {took:.2f} s", flush=True)
        return status

    def signal(self, name):
        podman("kill", "--signal", name, self.name)


def step8_is_killed(deployment, image):
    print("step 8 as it is, CAPACITY=unlimited:")
    with Shop(deployment, image) as shop:
        for customers in (3, 30, 300):
            assert shop.order(customers) == 200, f"{customers} customers fit"
        more = range(3_000, 60_001, 3_000)
        killer = next((customers for customers in more if shop.order(customers) is None), None)
        assert killer, "60,000 customers do not fit into the limit"
        code = shop.exit_code()
        assert code == 137, f"exit code {code}, and not that of SIGKILL"
        assert shop.kills == 1, f"the kernel says that it killed {shop.kills} times"
        print(f"  exit code 137, OOM-killed by the kernel at {killer:,} customers")


def step8_survives(deployment, image):
    print("step 8 with CAPACITY=auto:")
    with Shop(deployment, image, CAPACITY="auto") as shop:
        for customers in (3, 30, 300):
            assert shop.order(customers) == 200, f"{customers} customers fit"
        for customers in (3_000, 30_000, 3_000_000):
            assert shop.order(customers) == 422, f"{customers} customers never fit"
        statuses = at_once(shop.port, 40, 1_000)
        print(f"  40 orders of 1,000 at once: {dict(statuses)}")
        assert set(statuses) == {200, 503}, "some are served, and the others are told"
        assert shop.running() and shop.kills == 0, "it survives"
        assert get(shop.port, "/readyz")[0] == 200, "it goes on"


def at_once(port, orders, customers):
    statuses = Counter()

    def one():
        status, _ = get(port, f"/serve-customer/{customers}")
        statuses[status] += 1

    threads = [threading.Thread(target=one) for _ in range(orders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def step9_serves_three_million(deployment, image):
    print("step 9:")
    probe = policy.container(deployment)["livenessProbe"]
    with Shop(deployment, image) as shop:
        before = busy_seconds(shop)
        assert shop.order(30_000) == 200
        share = (busy_seconds(shop) - before) / 2
        print(f"  with 30,000 customers in the shop {share:.2f} of a CPU is busy")
        assert share < 0.5 * policy.quantity("2"), "a CPU target of 50 % of the request would fire"

        with Liveness(shop, probe) as kubelet:
            assert shop.order(3_000_000) == 200, "three million in one call"
        assert kubelet.in_a_row < probe["failureThreshold"], f"{kubelet.in_a_row} probes in a row"
        assert shop.running() and shop.kills == 0
        limit = policy.container(deployment)["resources"]["limits"]["memory"]
        print(f"  peak {shop.peak():.0f} MB of {limit}; {kubelet.missed} liveness probes missed")


class Liveness:
    """Asks as the kubelet does, and oftener: the most misses in a row, and all of them."""

    def __init__(self, shop, probe):
        self.shop, self.probe, self.over = shop, probe, threading.Event()
        self.in_a_row = self.missed = 0
        self.thread = threading.Thread(target=self.ask)

    def ask(self):
        row, path, patience = 0, self.probe["httpGet"]["path"], self.probe["timeoutSeconds"]
        while not self.over.wait(0.5):
            status, _ = get(self.shop.port, path, patience=patience)
            row = 0 if status == 200 else row + 1
            self.missed += status != 200
            self.in_a_row = max(self.in_a_row, row)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()


def busy_seconds(shop):
    return float(figure(shop, "tokio_busy_seconds_total"))


def figure(shop, name):
    _, text = get(shop.port, policy.METRICS)
    found = re.search(rf"^{name} (\S+)$", text, re.M)
    assert found, f"the shop's /metrics have no {name}"
    return found.group(1)


class Load:
    """Clients that order again and again, until they are told to stop."""

    def __init__(self, port, path, host, clients=20):
        self.asked, self.answers, self.over = (port, path, host), Counter(), threading.Event()
        delays = [number / 10 for number in range(clients)]
        self.clients = [threading.Thread(target=self.client, args=(delay,)) for delay in delays]

    def client(self, delay):
        self.over.wait(delay)  # or all of them would order in step
        while not self.over.is_set():
            status, _ = get(*self.asked)
            self.answers[status] += 1

    def __enter__(self):
        for client in self.clients:
            client.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for client in self.clients:
            client.join()


def step10_loses_nothing(objects, image, nginx):
    """SIGTERM for one of two replicas under load. The address is withdrawn 1.5 s *after* the
    signal; in the cluster it is before, thanks to the preStop sleep, which no engine knows."""
    print("step 10, 30,000 for each replica; then one gets SIGTERM under load:")
    deployment = policy.only(objects, "Deployment")
    with contextlib.ExitStack() as stack:
        replicas = range(deployment["spec"]["replicas"])
        shops = [stack.enter_context(Shop(deployment, image)) for _ in replicas]
        proxy = stack.enter_context(Proxy(nginx, objects, [shop.port for shop in shops]))
        assert get(proxy.port, policy.METRICS)[0] == 404, "orders only"
        elsewhere, _ = get(proxy.port, "/serve-customer/3", host="example.com")
        assert elsewhere == 404, "for its host only"
        began = time.monotonic()
        statuses = at_once(proxy.port, len(replicas), 30_000)
        took = time.monotonic() - began
        # nginx writes a line after its client has everything.
        eventually("nginx's log", lambda: sum(proxy.shares().values()) == statuses[200])
        print(f"  30,000 each: {dict(statuses)}, {proxy.shares()}, {took:.2f} s")
        assert list(proxy.shares().values()) == [1] * len(replicas), "30,000 for each replica"
        with Load(proxy.port, "/serve-customer/300", proxy.host) as load:
            time.sleep(5)
            going = shops.pop(0)
            going.signal("TERM")
            eventually("/readyz to fail", lambda: get(going.port, policy.READY)[0] == 503)
            time.sleep(1.5)
            proxy.lead_to([shop.port for shop in shops])
            code = going.exit_code()
            time.sleep(3)
        last_words = going.log()[-1]
        shares = proxy.shares()
        print(f"  answers {dict(load.answers)}, by replica {shares}")
        print(f"  exit code {code}, {last_words}")
        assert set(load.answers) == {200}, "every order was served"
        assert code == 0 and last_words["abandoned"] == 0
        assert len(shares) == len(replicas) and min(shares.values()) >= 20, "the replicas share"


def step10_shows_what_is_lost(objects, image, nginx):
    """The same with SIGKILL, or the test before could not fail: nginx hides no lost order."""
    print("step 10, one of two replicas gets SIGKILL under load:")
    deployment = policy.only(objects, "Deployment")
    with Shop(deployment, image) as going, Shop(deployment, image) as staying:
        with Proxy(nginx, objects, [going.port, staying.port]) as proxy:
            with Load(proxy.port, "/serve-customer/300", proxy.host) as load:
                time.sleep(3)
                going.signal("KILL")
                proxy.lead_to([staying.port])
                time.sleep(3)
            print(f"  answers {dict(load.answers)}")
            assert load.answers[502] > 0, "whoever was being served lost the coffee"
            assert load.answers[200] > 20, "and the rest went on"


def the_metric_of_the_autoscaler(overlays, image):
    name = policy.metric(overlays["autoscale"])
    with Shop(policy.only(overlays["step7"], "Deployment"), image) as shop:
        assert figure(shop, name) == "0"
        opened = shop.log()[0]
        print(f"step 7: /metrics have {name}; the capacity is from {opened['memory_from']}")
        assert opened["memory_from"] != "MEMORY_LIMIT", "there is none without a limit"


def main():
    # Or nobody would remove the containers when this is ended from outside.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("error: ended by SIGTERM"))
    k8s, image, nginx = sys.argv[1:]
    overlays = manifests.Overlays(Path(k8s))
    step8 = policy.only(overlays["step8"], "Deployment")
    the_metric_of_the_autoscaler(overlays, image)
    step8_is_killed(step8, image)
    step8_survives(step8, image)
    step9_serves_three_million(policy.only(overlays["step9"], "Deployment"), image)
    step10_loses_nothing(overlays["step10"], image, nginx)
    step10_shows_what_is_lost(overlays["step10"], image, nginx)


if __name__ == "__main__":
    main()
