"""The hosts of a fleet on one machine: each in its own network namespace, where the machine allows it.

The test itself first moves to a namespace with a bridge to all hosts. So it creates no names on the machine, tests do not
interfere, and the kernel removes everything when the last process ends. On other machines the hosts are ports of
127.0.0.1, and can't be cut off.
"""
import os
import shutil
import subprocess
import sys

from bodega import free_port, until

MARK = "BODEGA_TEST_NETWORK"
GATEWAY = "10.77.0.1"  # the address of the test, the database and the balancer
PORT = 8080


def enter():
    """Starts the calling script again in a namespace, once. Call it before anything else."""
    if MARK in os.environ:
        return
    os.environ[MARK] = "none"
    if can_make_namespaces():
        os.environ[MARK] = "own"
        os.execvp("unshare", ["unshare", "--net", sys.executable, *sys.argv])


def can_make_namespaces():
    if not all(shutil.which(tool) for tool in ("unshare", "nsenter", "ip")):
        return False
    probe = "ip link add probe0 type bridge && ip link add probe1 type veth peer name probe2"
    return subprocess.run(["unshare", "--net", "sh", "-c", probe], capture_output=True).returncode == 0


def run(*words):
    subprocess.run(words, check=True, capture_output=True)


class Network:
    """Connects the hosts. separate: whether each has its own network."""

    def __init__(self):
        self.separate = os.environ.get(MARK) == "own"
        self.gateway = GATEWAY if self.separate else "127.0.0.1"
        if self.separate and subprocess.run(["ip", "link", "show", "fleet"], capture_output=True).returncode != 0:
            run("ip", "link", "set", "lo", "up")
            run("ip", "link", "add", "fleet", "type", "bridge")
            run("ip", "addr", "add", GATEWAY + "/24", "dev", "fleet")
            run("ip", "link", "set", "fleet", "up")

    def host(self, place, number):
        return Namespace(place, number) if self.separate else Port(number)


class Port:
    """A host that is a port of this machine."""

    def __init__(self, number):
        self.number, self.address, self.port = number, "127.0.0.1", free_port()
        self.prefix = []

    def remove(self):
        pass


class Namespace:
    """A host with its own address, which can be disconnected."""

    def __init__(self, place, number):
        self.number, self.address, self.port = number, f"10.77.0.{10 + number}", PORT
        self.cable = f"fleet{number}"
        # An idle process keeps the namespace while bodega starts and stops.
        self.keeper = subprocess.Popen(["unshare", "--net", "sleep", "infinity"], stdin=subprocess.DEVNULL)
        place.processes.append(self.keeper)
        until(self.is_there, "a network namespace", 10)
        self.prefix = ["nsenter", f"--net=/proc/{self.keeper.pid}/ns/net", "--"]
        self.plug()

    def is_there(self):
        name = "/proc/{}/ns/net".format
        return os.readlink(name(self.keeper.pid)) != os.readlink(name("self"))

    def plug(self):
        run("ip", "link", "add", self.cable, "type", "veth", "peer", "name", "eth0", "netns", str(self.keeper.pid))
        run("ip", "link", "set", self.cable, "master", "fleet", "up")
        run(*self.prefix, "ip", "link", "set", "lo", "up")
        run(*self.prefix, "ip", "addr", "add", self.address + "/24", "dev", "eth0")
        run(*self.prefix, "ip", "link", "set", "eth0", "up")

    def cut(self):
        run("ip", "link", "set", self.cable, "down")

    def mend(self):
        run("ip", "link", "set", self.cable, "up")

    def remove(self):
        """With all of its processes ended."""
        self.keeper.kill()
        self.keeper.wait()
        subprocess.run(["ip", "link", "delete", self.cable], capture_output=True)
