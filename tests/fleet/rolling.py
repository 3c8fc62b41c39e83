#!/usr/bin/env python3
"""Nodes are added and removed under load, and no request of a client fails: a restart of all, and 2 → 6 → 2.

ROLLING_REQUESTS says how many requests each has to be under at least; the whole is `make chaos`.

alone: load and processor are shared by six nodes
"""
import os
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from fleet import ADMIN, Fleet, enter
from fleet_load import Autoscaler, Load
from bodega import Client, expect, main, same, until

REQUESTS = int(os.environ.get("ROLLING_REQUESTS", 5_000))
LEAST, MOST = 2, 6 if REQUESTS >= 100_000 else 4
ROWS = 20


class Writer(threading.Thread):
    """Writes and renames one file after the other, each call once: no answer but success counts."""

    def __init__(self, fleet, admin, folder, number):
        super().__init__(daemon=True)
        self.client = Client(fleet.url)
        self.client.cookie = admin.cookie
        self.root, self.number, self.done, self.error = folder, number, 0, None
        self.over = threading.Event()

    def run(self):
        try:
            while not self.over.is_set():
                entry = self.client.put(self.root, f"w{self.number}-{self.done}", os.urandom(3000))
                status, _, body = self.client("PATCH", f"/api/v1/entries/{entry['id']}", {"name": f"x{self.number}-{self.done}"})
                same((status, body.get("name")), (200, f"x{self.number}-{self.done}"))
                self.done += 2
                time.sleep(0.05)
        except Exception as error:
            self.error = error

    def end(self):
        self.over.set()
        self.join(60)
        if self.error:
            raise self.error
        return self.done


class Traffic:
    """A reader and a writer, all the time."""

    def __init__(self, place, fleet):
        self.place, self.fleet = place, fleet
        self.admin = fleet.client().sign_in(ADMIN)
        folders = [self.folder(f"{what} {time.monotonic_ns()}") for what in ("papers", "drafts")]
        files = [self.admin.put(folders[0], f"paper {i}.txt", os.urandom(4000)) for i in range(ROWS)]
        self.listing = f"/api/v1/entries/{folders[0]}/children"
        self.etag = self.admin("GET", self.listing)[1]["etag"]
        self.paths = [self.listing, f"/api/v1/entries/{files[0]['id']}/content", self.listing, f"/api/v1/entries/{files[1]['id']}/content"]
        self.writers = [Writer(fleet, self.admin, folders[1], i) for i in range(2)]
        for writer in self.writers:
            writer.start()

    def folder(self, name):
        code, _, body = self.admin("POST", f"/api/v1/entries/{self.admin.root()}/folders", {"name": name})
        expect(code == 201, code, body)
        return body["id"]

    def load(self, **how):
        return Load(self.place, self.fleet.url, self.admin.cookie, self.paths, self.etag, **how)

    def end(self, loads, begin):
        for load in loads:
            load.stop()
        done = sum(load.end() for load in loads) + sum(writer.end() for writer in self.writers)
        expect(done >= REQUESTS, done)
        print(f"      {done} requests in {time.monotonic() - begin:.0f} s, none failed", flush=True)


def test_no_request_fails_while_nodes_are_added_and_removed(place):
    fleet = Fleet(place, nodes=LEAST)
    all_are_restarted_one_after_the_other(place, fleet)
    the_group_grows_and_shrinks(place, fleet)


def all_are_restarted_one_after_the_other(place, fleet):
    traffic, begin, already = Traffic(place, fleet), time.monotonic(), fleet.balancer.total()
    load = traffic.load()
    for node in fleet.nodes:
        same(node.drain(), 0)
        node.start().join().served()
    until(lambda: fleet.balancer.total() - already >= REQUESTS, "enough requests", 600, 0.2)
    traffic.end([load], begin)


def the_group_grows_and_shrinks(place, fleet):
    traffic, begin, already = Traffic(place, fleet), time.monotonic(), fleet.balancer.total()
    few = traffic.load(connections=4, pause=20)
    many = traffic.load(connections=16)
    before = fleet.balancer.total()
    time.sleep(2)
    rate = (fleet.balancer.total() - before) / 2
    # The load is now enough for more nodes than the maximum.
    scaler = Autoscaler(fleet, LEAST, MOST, requests_each=rate / MOST / 1.5, cores_each=0.7)
    scaler.start()
    until(lambda: scaler.error or (len(scaler.seen) > 1 and scaler.seen[-1] == MOST), f"{MOST} nodes", 120, 0.1)
    until(lambda: scaler.error or fleet.balancer.total() - already >= REQUESTS, "enough requests", 600, 0.2)
    many.stop()
    until(lambda: scaler.error or scaler.seen[-1] == LEAST, f"{LEAST} nodes again", 180, 0.1)
    seen = scaler.end()
    print(f"      nodes: {seen}", flush=True)
    same(set(scaler.codes), {0})
    traffic.end([few, many], begin)


if __name__ == "__main__":
    enter()
    main()
