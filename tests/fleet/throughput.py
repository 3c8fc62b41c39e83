#!/usr/bin/env python3
"""Signed-in listings with 1, 2 and 4 nodes: what a request costs the database does not grow with the nodes.

THROUGHPUT_SECONDS says how long each is measured; with 20 its table is the one that deploy/README.md reckons with.
"""
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from fleet import ADMIN, Fleet, cpu_seconds, enter
from fleet_load import Load
from bodega import expect, main

SECONDS = int(os.environ.get("THROUGHPUT_SECONDS", 2))
ROWS = 100
# Statements of the nodes themselves are counted with the requests'.
MOST = {"a listing": 2.05, "an unchanged one": 1.05, "one by one": 2.05}


class Stand:
    """What has been used so far: seconds of CPU, and statements."""

    def __init__(self, fleet):
        self.ours = sum(node.cpu_seconds() for node in fleet.running())
        self.database = fleet.database_cpu_seconds()
        self.balancer = cpu_seconds(fleet.balancer.process.pid)
        self.questions = fleet.questions()


def measure(fleet, place, ana, paths, etag, connections):
    load = Load(place, fleet.url, ana.cookie, paths, etag, connections=connections, every=1)
    time.sleep(0.5)
    before, first, begin = Stand(fleet), fleet.balancer.total(), time.monotonic()
    time.sleep(SECONDS)
    after, last, seconds = Stand(fleet), fleet.balancer.total(), time.monotonic() - begin
    load.stop()
    load.end()
    requests = last - first
    micros = lambda what: 1e6 * (getattr(after, what) - getattr(before, what)) / requests
    return {"requests/s": requests / seconds, "ours": micros("ours"), "database": micros("database"), "balancer": micros("balancer"),
            "statements": (after.questions - before.questions) / requests}


def test_the_database_does_not_pay_for_more_nodes(place):
    fleet = Fleet(place, nodes=4)
    ana = fleet.client().sign_in(ADMIN)
    root = ana.root()
    for i in range(ROWS):
        ana.put(root, f"paper {i}.txt", b"x" * i)
    listing = f"/api/v1/entries/{root}/children"
    etag = ana("GET", listing)[1]["etag"]
    kinds = {"a listing": ([listing], "", 32), "an unchanged one": ([listing], etag, 32), "one by one": ([listing], "", 1)}
    found = {}
    for nodes in (4, 2, 1):
        for node in fleet.nodes[nodes:]:
            fleet.balancer.leave(node.host)
        for what, (paths, tag, connections) in kinds.items():
            got = found[what, nodes] = measure(fleet, place, ana, paths, tag, connections)
            print(f"      {nodes} nodes, {what}: " + ", ".join(f"{name} {value:.2f}" for name, value in got.items()), flush=True)
            expect(got["statements"] <= MOST[what], what, nodes, got)
    for what in kinds:
        # One statement has no more to do; and the fewer are asked for at once, the less is asked together.
        expect(found[what, 4]["statements"] <= 1.05, found[what, 4])


if __name__ == "__main__":
    enter()
    main()
