#!/usr/bin/env python3
"""Acts on many files are jobs of the fleet: another node continues a dead node's job, other writers work meanwhile, and memory
stays flat."""
import os
import sqlite3
import time

import mariadb
from bodega import Client, expect, main, same, until

COUNT = 6_000  # files of the fleet's job
MANY = 25_000  # files of the job whose memory has to stay flat
ID = "UNHEX(LPAD(HEX(s.seq + 4096), 32, '0'))"


def number(database, query):
    return int(database.sql(query))


def fill(database, folder, count):
    """Inserts rows of folders into that folder; files would need blobs."""
    database.sql(f"SET @parent = (SELECT id FROM bodega.entries WHERE name = '{folder}'); "
                 "INSERT INTO bodega.entries (id, space_id, parent_id, kind, name, name_key, created_at, modified_at) "
                 f"SELECT {ID}, e.space_id, e.id, 0, CONCAT('f', s.seq), CONCAT('f', s.seq), e.created_at, e.created_at "
                 f"FROM bodega.entries e, bodega.seq_1_to_{count} s WHERE e.id = @parent; "
                 f"UPDATE bodega.entries SET child_count = {count}, state = state + 1 WHERE id = @parent")


def batch(client, **fields):
    status, headers, job = client("POST", "/api/v1/entries/batch", fields)
    expect(status in (200, 202), status, job)
    same(headers["location"], f"/api/v1/jobs/{job['id']}")
    return job


def shown(client, job):
    return client("GET", f"/api/v1/jobs/{job['id']}?limit=1")[2]


def resident(server):
    with open(f"/proc/{server.process.pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_another_node_continues_a_job(place):
    database = mariadb.MariaDB(place)
    env = {**database.new_database("bodega"), "SHARED_DIR": f"{place.path}/shared"}
    os.makedirs(env["SHARED_DIR"])
    one = place.serve("--node-name", "one", env=env, data="one", log="log-one").ready()
    one.set_up()
    two = place.serve("--node-name", "two", env=env, data="two", log="log-two").ready()
    ana = Client(two.url).sign_in("ana")
    there = Client(one.url)
    there.cookie = ana.cookie
    folder = ana("POST", f"/api/v1/entries/{ana.root()}/folders", {"name": "docs"})[2]["id"]
    fill(database, "docs", COUNT)

    # No other node takes it while its node is stopped for less than a lease; after a kill, the other node continues it.
    job = batch(there, act="trash", folder_id=folder, key="once")
    same((job["state"] in ("gathering", "running"), job["ended_at"]), (True, None))
    until(lambda: shown(ana, job)["done"] > 100, "the job is under way")
    one.process.kill()
    one.process.wait()
    before = shown(ana, job)["done"]
    expect(before < COUNT, "it ended before its node did")
    same(batch(ana, act="trash", folder_id=folder, key="once")["id"], job["id"])
    done = until(lambda: (now := shown(ana, job))["ended_at"] and now, "the other node goes on", 90, 0.2)
    same((done["state"], done["total"], done["done"], done["failed"]), ("done", COUNT, COUNT, 0))
    same(number(database, "SELECT COUNT(DISTINCT target_id) FROM bodega.audit WHERE action = 'entry.trash'"), COUNT)
    same(number(database, "SELECT COUNT(*) FROM bodega.audit WHERE action = 'entry.trash'"), COUNT)
    same(ana("GET", f"/api/v1/entries/{folder}")[2]["children_count"], 0)

    # Undone at once, while it runs; otherwise only DELETE ends it.
    back = batch(ana, act="restore", job_id=job["id"])
    until(lambda: shown(ana, back)["done"] > 100, "it is being taken back")
    again = batch(ana, act="trash", job_id=back["id"])
    ended = until(lambda: (now := shown(ana, again))["ended_at"] and now, "taken back again", 90, 0.2)
    former = shown(ana, back)
    same((former["state"], ended["state"], ended["done"]), ("cancelled", "done", former["done"]))
    expect(former["done"] < COUNT, former)
    last = batch(ana, act="erase", ids=[folder])
    same(shown(ana, last)["failed"], 0)
    same(ana("DELETE", f"/api/v1/jobs/{last['id']}")[0], 204)


def test_writers_are_not_blocked_and_memory_stays_flat(place):
    server = place.serve().ready()
    ana = server.set_up()
    root = ana.root()
    folder = ana("POST", f"/api/v1/entries/{root}/folders", {"name": "docs"})[2]["id"]
    with sqlite3.connect(f"{place.path}/bodega-data/bodega.db", timeout=20) as catalog:
        parent, space, at = catalog.execute("SELECT id, space_id, created_at FROM entries WHERE name = 'docs'").fetchone()
        catalog.executemany("INSERT INTO entries (id, space_id, parent_id, kind, name, name_key, created_at, modified_at) VALUES (?, ?, ?, 0, ?, ?, ?, ?)",
                            ((n.to_bytes(16, "big"), space, parent, f"f{n}", f"f{n}", at, at) for n in range(1, MANY + 1)))
        catalog.execute("UPDATE entries SET child_count = ?, state = state + 1 WHERE id = ?", (MANY, parent))
    old = batch(ana, act="trash", ids=[root])
    with sqlite3.connect(f"{place.path}/bodega-data/bodega.db", timeout=20) as catalog:
        catalog.execute("UPDATE jobs SET ended_at = 0")
    before = resident(server)
    job = batch(ana, act="trash", folder_id=folder)
    waits, most, begun_at, removed_after = [], 0, time.monotonic(), None
    while not (now := shown(ana, job))["ended_at"]:
        begun = time.monotonic()
        same(ana("POST", f"/api/v1/entries/{root}/folders", {"name": f"mine {len(waits)}"})[0], 201)
        waits.append(time.monotonic() - begun)
        most = max(most, resident(server))
        if removed_after is None and ana("GET", f"/api/v1/jobs/{old['id']}")[0] == 404:
            removed_after = time.monotonic() - begun_at
        time.sleep(0.1)
    # Old jobs are removed beside a running one.
    expect(removed_after is not None or time.monotonic() - begun_at < 4, time.monotonic() - begun_at)
    same((now["state"], now["done"], now["total"]), ("done", MANY, MANY))
    print(f"      {len(waits)} writes beside it, the slowest {max(waits) * 1000:.0f} ms; {(most - before) >> 20} MiB more memory")
    expect(max(waits) < 2, sorted(waits)[-5:])
    expect(most - before < 64 << 20, before, most)


if __name__ == "__main__":
    main()
