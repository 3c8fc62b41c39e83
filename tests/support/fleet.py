"""A fleet on one machine: MariaDB as the RDS, a folder as the EFS, HAProxy as the ALB, and nodes of bodega.

    enter()                                  # in the script, first of all
    def test_…(place):
        fleet = Fleet(place, nodes=3)        # ready behind the balancer
        ana = fleet.client().sign_in("ana")  # by the balancer; fleet.nodes[1].client() by one node
        fleet.nodes[0].kill()

Everything ends with the test's place. A node keeps its host (its address and its name) when it is started again.
"""
import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e")]

import mariadb
from bodega import BINARY, PASSWORD, PATIENCE, Client, Failed, environment, until
from fleet_balancer import FALL, INTERVAL_MS, Balancer
from fleet_network import Network, enter  # noqa: F401, for the scripts

ADMIN = "ana"
MOST_NODES = 8
# The time that the balancer needs to notice a drain, and a margin for a loaded machine.
DRAIN_DELAY_MS = 4 * FALL * INTERVAL_MS


class Node:
    """One machine of the fleet, with at most one process of bodega."""

    def __init__(self, fleet, host):
        self.fleet, self.host, self.number = fleet, host, host.number
        self.url = f"http://{host.address}:{host.port}"
        self.data = os.path.join(fleet.place.path, f"node{host.number}")
        self.log = self.data + ".log"
        self.process = None

    def start(self, *flags):
        settings = ["--edge-listen", self.url, "--node-name", f"node{self.number}", "--node-data-dir", self.data, *self.fleet.flags, *flags]
        self.started = time.monotonic()
        with open(self.log, "ab") as out:
            self.process = subprocess.Popen([*self.host.prefix, BINARY, "serve", *settings], cwd=self.fleet.place.path, env=self.fleet.environment,
                                            stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        self.fleet.place.processes.append(self.process)
        return self

    def is_ready(self):
        if self.process.poll() is not None:
            raise Failed(f"node{self.number} ended with {self.process.returncode}: {self.output()[-2000:]}")
        try:
            return Client(self.url)("GET", "/readyz", timeout=5)[0] == 200
        except OSError:
            return False

    def ready(self):
        until(self.is_ready, f"node{self.number} is ready")
        return self

    def served(self):
        """Waits until the balancer has seen it ready. Requires: join()."""
        until(lambda: self.fleet.balancer.is_up(self.host), f"the balancer serves node{self.number}")
        return self

    def join(self):
        self.ready()
        self.fleet.balancer.join(self.host)
        return self

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def client(self):
        return Client(self.url)

    def output(self):
        with open(self.log, errors="replace") as file:
            return file.read()

    # --- what happens to it

    def kill(self):
        self.process.kill()
        self.process.wait()

    def drain(self):
        """Stops it as its unit would; returns its exit code."""
        self.process.terminate()
        return self.process.wait(PATIENCE)

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)

    def cpu_seconds(self):
        return cpu_seconds(self.process.pid)


def digest_at(node, cookie, entry):
    """(200, the digest of the entry's content by that node), else (status, problem). Asks again while it answers 503: a node that
    was cut off or paused is ready before it has found the database again, and its disk may be busy."""
    client = Client(node.url)
    client.cookie = cookie
    end = time.monotonic() + PATIENCE
    while True:
        status, _, body = client("GET", f"/api/v1/entries/{entry}/content")
        if status == 200:
            return status, hashlib.sha256(body).hexdigest()
        if status != 503 or time.monotonic() > end:
            return status, body
        time.sleep(0.2)


def cpu_seconds(process):
    with open(f"/proc/{process}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Fleet:
    def __init__(self, place, nodes=2, flags=(), most=MOST_NODES, database=()):
        self.place = place
        self.network = Network()
        self.database = mariadb.MariaDB(place, self.network.gateway, database)
        self.shared = os.path.join(place.path, "shared")
        os.makedirs(self.shared, exist_ok=True)
        self.hosts = [self.network.host(place, number) for number in range(1, most + 1)]
        self.balancer = Balancer(place, self.network.gateway, self.hosts)
        self.url = self.balancer.url
        self.environment = environment({
            **self.database.new_database("bodega"),
            "SHARED_DIR": self.shared,
            "BODEGA_ADMIN_USER": ADMIN,
            "BODEGA_ADMIN_PASSWORD_FILE": place.file("admin-password", PASSWORD),
        })
        self.flags = ["--edge-trusted-proxies", self.network.gateway + "/32", "--node-drain-delay", f"{DRAIN_DELAY_MS}ms",
                      "--accounts-argon2-memory", "8MiB", *flags]
        self.nodes = []
        # All start together on an empty database: the first one migrates it, the others wait.
        for _ in range(nodes):
            self.new_node().start()
        for step in (Node.join, Node.served):
            for node in self.nodes:
                step(node)

    def new_node(self):
        """A node on the first free host; not started."""
        taken = {node.number for node in self.nodes}
        host = next(host for host in self.hosts if host.number not in taken)
        self.nodes.append(Node(self, host))
        return self.nodes[-1]

    def add(self):
        return self.new_node().start().join().served()

    def remove(self, node):
        """Removes a node as a group does when it scales in: the node drains. Returns its exit code."""
        code = node.drain()
        self.balancer.leave(node.host)
        self.nodes.remove(node)
        return code

    def client(self):
        return Client(self.url)

    def running(self):
        return [node for node in self.nodes if node.is_running()]

    def questions(self):
        """Statements that clients have sent to the database so far."""
        return int(self.database.sql("SHOW GLOBAL STATUS LIKE 'Questions'").split()[1])

    def database_cpu_seconds(self):
        return cpu_seconds(self.database.process.pid)
