"""Base of the attack suites: the end-to-end tests' places and servers, and a row for the cost of each attack.

    with row("slow bodies hold no thread of the app", server) as cost: ...
    expect(cost.cpu < 1, cost)

Each row is printed as a line `attack  NAME   cpu SECONDS   memory PEAK, kept KEPT`; tests/run.py shows those lines
even if the suite passes.
"""
import contextlib
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
from bodega import *  # noqa: E402, F401, F403

TICKS = os.sysconf("SC_CLK_TCK")
MIB = 1 << 20


def cpu_of(pid):
    """Seconds of user and system time."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_of(pid):
    """Resident bytes: now, and at most since the peak was reset."""
    with open(f"/proc/{pid}/status") as file:
        sizes = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in file if line.startswith(("VmRSS", "VmHWM"))}
    return sizes["VmRSS"], sizes["VmHWM"]


class Cost:
    """cpu in seconds; peak and kept in bytes above the resident size before. Filled in when its row ends."""

    cpu = peak = kept = 0

    def __repr__(self):
        return f"cpu {self.cpu:.2f} s   memory {self.peak / MIB:+.1f} MiB, kept {self.kept / MIB:+.1f} MiB"


@contextlib.contextmanager
def row(name, server, settle=1.0):
    """Measures the process of `server` over the block, and `settle` seconds later the memory that it kept."""
    pid = server.process.pid
    with open(f"/proc/{pid}/clear_refs", "w") as file:
        file.write("5")
    before, began, cost = memory_of(pid)[0], cpu_of(pid), Cost()
    try:
        yield cost
    finally:
        if server.process.poll() is None:
            cost.cpu, cost.peak = cpu_of(pid) - began, memory_of(pid)[1] - before
            time.sleep(settle)
            cost.kept = memory_of(pid)[0] - before
        print(f"attack  {name:64}   {cost!r}", flush=True)
