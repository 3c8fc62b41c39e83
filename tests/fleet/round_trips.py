#!/usr/bin/env python3
"""What a request costs the database: at most two round trips, an unchanged listing at most one."""
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from fleet import ADMIN, Fleet, enter
from bodega import expect, main, same

REQUESTS = 400
AROUND = 60  # statements of the node itself meanwhile: its heartbeat, its sweeper, the connections that it makes


def cost(fleet, client, path, status, **headers):
    """Statements a request."""
    client("GET", path.format(0), headers=headers)
    before = fleet.questions()
    for i in range(REQUESTS):
        same(client("GET", path.format(1 + i), headers=headers)[0], status)
    return (fleet.questions() - before - AROUND) / REQUESTS


def test_round_trips(place):
    fleet = Fleet(place, nodes=1, flags=["--files-sweep-every", "1h"])
    ana = fleet.nodes[0].client().sign_in(ADMIN)
    root = ana.root()
    listing = f"/api/v1/entries/{root}/children"
    first = ana.put(root, "file 0.txt", os.urandom(3000))
    for i in range(1, 100):
        ana.put(root, f"file {i}.txt", b"x")
    etag = ana("GET", listing)[1]["etag"]
    script = fleet.nodes[0].client()
    script.token = ana("POST", "/api/v1/tokens", {"name": "script"})[2]["token"]
    for client in (ana, script):
        costs = {
            "a listing": (cost(fleet, client, listing, 200), 2),
            "one that nobody has asked for": (cost(fleet, client, listing + "?limit={}", 200), 2),
            "an unchanged listing": (cost(fleet, client, listing, 304, **{"If-None-Match": etag}), 1),
            "a file's content": (cost(fleet, client, f"/api/v1/entries/{first['id']}/content", 200), 2),
            "a file's details": (cost(fleet, client, f"/api/v1/entries/{first['id']}", 200), 2),
        }
        print("      " + ", ".join(f"{what}: {max(0, got):.2f}" for what, (got, _) in costs.items()), flush=True)
        for what, (got, most) in costs.items():
            expect(got <= most, what, got)


if __name__ == "__main__":
    enter()
    main()
