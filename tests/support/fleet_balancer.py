"""HAProxy as the load balancer of a fleet: round robin, no stickiness, no retries, checks of /readyz as an ALB's."""
import contextlib
import os
import socket
import subprocess

from bodega import Failed, free_port, until

RISE, FALL = 5, 2  # checks in a row, as an ALB has them
INTERVAL_MS = 200  # an ALB's minimum is 5 s; a test has less time

CONFIG = """
global
    maxconn 4000
    stats socket {socket} level admin
defaults
    mode http
    timeout connect 2s
    timeout client 90s
    timeout server 90s
    timeout check 1s
    timeout http-keep-alive 60s
    retries 0
    option forwardfor
    option httpslog
    log {log} local0
frontend front
    bind {address}:{port}
    default_backend nodes
backend nodes
    balance roundrobin
    option httpchk GET /readyz
    http-check expect status 200
    default-server inter {interval}ms fall {fall} rise {rise}
"""


class Balancer:
    """Balances over `hosts`: each gets requests from join() until it leaves, while its checks pass."""

    def __init__(self, place, address, hosts):
        self.port = free_port()
        self.url = f"http://{address}:{self.port}"
        self.socket = os.path.join(place.path, "haproxy.sock")
        settings = dict(socket=self.socket, log="127.0.0.1:9", address=address, port=self.port, interval=INTERVAL_MS, fall=FALL, rise=RISE)
        servers = "".join(f"    server n{host.number} {host.address}:{host.port} check disabled\n" for host in hosts)
        config = place.file("haproxy.cfg", CONFIG.format(**settings) + servers)
        self.process = subprocess.Popen(["haproxy", "-db", "-f", config], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=open(os.path.join(place.path, "haproxy.log"), "ab"), env=dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin"))
        place.processes.append(self.process)
        until(lambda: os.path.exists(self.socket), "haproxy's socket", 20)
        until(lambda: self.say("show info"), "haproxy answers", 20)

    def say(self, words):
        """HAProxy's answer; "" while it starts, because it resets connections until its threads run."""
        if self.process.poll() is not None:
            raise Failed(f"haproxy ended with {self.process.returncode}")
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.connect(self.socket)
            client.sendall(words.encode() + b"\n")
            return b"".join(iter(lambda: client.recv(65536), b"")).decode()
        return ""

    def join(self, host):
        """Registers a target: it gets requests once it has passed its checks."""
        self.say(f"set server nodes/n{host.number} state ready")
        self.say(f"set server nodes/n{host.number} health down")

    def leave(self, host):
        self.say(f"set server nodes/n{host.number} state maint")

    def states(self):
        """{number: "UP", "DOWN", "MAINT", ...}"""
        rows = [line.split(",") for line in self.say("show stat").splitlines() if line.startswith("nodes,n")]
        return {int(row[1][1:]): row[17].split(" ")[0] for row in rows}

    def is_up(self, host):
        return self.states().get(host.number) == "UP"

    def total(self):
        """Requests that were answered so far."""
        rows = [line.split(",") for line in self.say("show stat").splitlines()]
        return next(int(row[48]) for row in rows if row[:2] == ["front", "FRONTEND"])
