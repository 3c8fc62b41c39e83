#!/usr/bin/env python3
"""The cost of a request for the database: at most two round trips, and at most one for an unchanged listing, however many
nodes there are.

THROUGHPUT_SECONDS says how long each is measured; with 20 its table is the one in deploy/README.md.

alone: it measures what a request costs
"""
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from fleet import ADMIN, Fleet, cpu_seconds, enter
from fleet_load import Load
from bodega import expect, main, same

SECONDS = int(os.environ.get("THROUGHPUT_SECONDS", 1))
ROWS = 100
IN_TURN = 200
AROUND = 60  # statements of the nodes themselves meanwhile: heartbeats, garbage collection, new connections
# Statements of the nodes themselves are counted with the requests'.
MOST = {"a listing": 2.05, "an unchanged one": 1.05, "one by one": 2.05}


class Stand:
    """Resources used so far: seconds of CPU, and statements."""

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


def cost_of_writes(fleet, ana, root, count=200):
    """The cost of PUTs of small files, one after the other."""
    before = Stand(fleet)
    for i in range(count):
        ana.put(root, f"note {i}.txt", b"y" * 1000)
    after = Stand(fleet)
    print("      a small file written: " + ", ".join(f"{what} {scale * (getattr(after, what) - getattr(before, what)) / count:.2f}"
                                                   for what, scale in (("ours", 1e6), ("database", 1e6), ("questions", 1))), flush=True)


def cost(fleet, client, path, status, **headers):
    """Statements a request."""
    client("GET", path.format(0), headers=headers)
    before = fleet.questions()
    for i in range(IN_TURN):
        same(client("GET", path.format(1 + i), headers=headers)[0], status)
    return (fleet.questions() - before - AROUND) / IN_TURN


def round_trips(fleet, admin, listing, etag, entry):
    """One after the other: a request costs two at most, an unchanged listing one."""
    session, script = fleet.nodes[0].client(), fleet.nodes[0].client()
    session.cookie = admin.cookie
    script.token = admin("POST", "/api/v1/tokens", {"name": "script"})[2]["token"]
    for client in (session, script):
        costs = {
            "a listing": (cost(fleet, client, listing, 200), 2),
            "one that nobody has asked for": (cost(fleet, client, listing + "?limit={}", 200), 2),
            "an unchanged listing": (cost(fleet, client, listing, 304, **{"If-None-Match": etag}), 1),
            "a file's content": (cost(fleet, client, f"/api/v1/entries/{entry}/content", 200), 2),
            "a file's details": (cost(fleet, client, f"/api/v1/entries/{entry}", 200), 2),
        }
        print("      " + ", ".join(f"{what}: {max(0, got):.2f}" for what, (got, _) in costs.items()), flush=True)
        for what, (got, most) in costs.items():
            expect(got <= most, what, got)


def test_the_database_does_not_pay_for_more_nodes(place):
    fleet = Fleet(place, nodes=4)
    ana = fleet.client().sign_in(ADMIN)
    root = ana.root()
    entry = [ana.put(root, f"paper {i}.txt", b"x" * (i + 1)) for i in range(ROWS)][0]["id"]
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
    round_trips(fleet, ana, listing, etag, entry)
    cost_of_writes(fleet, ana, root)
    for what in kinds:
        # A statement does not get more work; with fewer concurrent calls, fewer are looked up together.
        expect(found[what, 4]["statements"] <= 1.05, found[what, 4])


if __name__ == "__main__":
    enter()
    main()
