#!/usr/bin/env python3
"""The limit when nodes are added is the database's CPU, not that of the nodes.

Every node has a share of a core and the database somewhat more, like separate machines, so that one machine has enough for
all of them and for the clients. GROWTH_SECONDS says how long each number of nodes is measured.

alone: it measures where the CPU goes
"""
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from cpu_share import CpuShare, controller
from fleet import ADMIN, Fleet, enter
from fleet_load import Load
from bodega import expect, main

SECONDS = int(os.environ.get("GROWTH_SECONDS", 3))
NODE, DATABASE = 0.15, 0.24  # cores
NODES = (1, 2, 4)
ROWS = 100


class Used:
    def __init__(self, fleet, nodes):
        self.time = time.monotonic()
        self.nodes = sum(node.cpu_seconds() for node in nodes)
        self.database = fleet.database_cpu_seconds()
        self.requests = fleet.balancer.total()


def measure(fleet, place, ana, listing, nodes):
    """Requests a second, and the used share of the nodes' and the database's CPU."""
    load = Load(place, fleet.url, ana.cookie, [listing], connections=32)
    time.sleep(1)
    before = Used(fleet, nodes)
    time.sleep(SECONDS)
    after = Used(fleet, nodes)
    load.stop()
    load.end()
    seconds = after.time - before.time
    return {"requests/s": (after.requests - before.requests) / seconds,
            "nodes": (after.nodes - before.nodes) / seconds / (NODE * len(nodes)),
            "database": (after.database - before.database) / seconds / DATABASE}


def test_the_databases_cpu_is_the_first_limit(place):
    fleet = Fleet(place, nodes=NODES[-1])
    ana = fleet.client().sign_in(ADMIN)
    root = ana.root()
    for i in range(ROWS):
        ana.put(root, f"paper {i}.txt", b"x" * (i + 1))
    shares = [CpuShare("database", DATABASE, fleet.database.process.pid)]
    shares += [CpuShare(f"node{node.number}", NODE, node.process.pid) for node in fleet.nodes]
    try:
        found = {}
        for count in reversed(NODES):
            for node in fleet.nodes[count:]:
                fleet.balancer.leave(node.host)
            found[count] = got = measure(fleet, place, ana, f"/api/v1/entries/{root}/children", fleet.nodes[:count])
            print(f"      {count} nodes: {got['requests/s']:.0f} listings/s, nodes {100 * got['nodes']:.0f} % busy, database {100 * got['database']:.0f} %", flush=True)
    finally:
        for share in shares:
            share.end()
    one, most = found[NODES[0]], found[NODES[-1]]
    expect(most["requests/s"] >= 1.3 * one["requests/s"], "more nodes answer more", found)
    if "BODEGA_SANITIZER" in os.environ:
        return  # only the nodes bear its cost
    expect(one["database"] < 0.75 < one["nodes"], "one node ends before the database", found)
    expect(most["nodes"] < 0.75 < most["database"], "with more of them the database does", found)


if __name__ == "__main__":
    if controller() is None:
        print("this machine has no control groups for a test\n0 passed, 0 failed, 1 skipped")
        sys.exit(0)
    enter()
    main()
