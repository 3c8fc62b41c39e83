#!/usr/bin/env python3
"""Two nodes on one faulty shared folder: an upload interrupted while its sync hangs, one that is moved while copying hangs
and fails, files that were truncated outside of bodega, a node that is suspended between the publishing and the commit of a
file, and listings whose tags must be unique. Over HTTP/1.1 and HTTP/2, and behind NGINX.

fronts: tls nginx
"""
import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

os.environ.setdefault("BODEGA_FRONT", "tls")  # without TLS no client speaks HTTP/2

import mariadb  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import faulty_folder  # noqa: E402
import node_clock  # noqa: E402
from bodega import Client, expect, main, same, until  # noqa: E402
from faulty_folder import FaultyFolder  # noqa: E402
from tus import PART, TUS  # noqa: E402
from uploading import create, offset_of  # noqa: E402

MIB = 1 << 20
VERSIONS = ("--http1.1", "--http2")


class Site:
    def __init__(self, place):
        self.place, self.database = place, mariadb.MariaDB(place)
        self.env = self.database.new_database("bodega")
        self.folders = [FaultyFolder(place, name) for name in ("shared1", "shared2")]
        self.nodes = [self.node(number).ready() for number in range(2)]
        self.first = self.nodes[0].set_up()
        self.second = self.at(1)
        self.root = self.first.root()

    def node(self, number):
        # The first node's garbage collection runs rarely.
        return self.place.serve("--node-shared-dir", self.folders[number].path, "--files-checkpoint", "1MiB", "--files-sweep-every",
                                "1s" if number else "1h", env=self.env, data=f"data{number}", log=f"log{number}")

    def at(self, number):
        client = Client(self.nodes[number].url)
        client.cookie = self.first.cookie
        return client


def curl(client, version, method, path, *more):
    words = ["curl", version, "-sS", "-X", method, "-m", "60", "-H", "Expect:", "-w", "%{http_version} %{http_code}", "-o", "/dev/null"]
    for name, value in client.headers().items():
        words += ["-H", f"{name}: {value}"]
    return [*words, *more, client.url.geturl() + path]


def finishes(client, where, data, seconds=20):
    """Sends the rest until the upload is complete; returns the entry's id."""
    def step():
        offset = offset_of(client, where)
        status, headers, _ = client("PATCH", where, data[offset:], {**PART, "Upload-Offset": str(offset)})
        expect(status in (204, 409, 423, 503), status)
        return headers.get("bodega-entry-id") if status == 204 else None

    return until(step, "the upload is finished", seconds, 0.2).upper()


def has(client, entry, data):
    status, _, body = client("GET", f"/api/v1/entries/{entry}/content")
    same((status, hashlib.sha256(body).hexdigest()), (200, hashlib.sha256(data).hexdigest()))


def breaks_off_while_a_sync_hangs(site, version):
    """Received bytes are acknowledged once they are synced, and the other node continues there."""
    data = os.urandom(6 * MIB)
    where = create(site.first, site.root, f"broken off {version}", data)
    half = site.place.file("half", data[: 5 * MIB // 2])
    site.folders[0].stall("fsync", 1)
    fields = [word for name, value in {**PART, "Upload-Offset": "0"}.items() for word in ("-H", f"{name}: {value}")]
    sender = subprocess.Popen(curl(site.first, version, "PATCH", where, *fields, "--limit-rate", "4M", "-T", half), stdout=subprocess.PIPE)
    until(site.folders[0].is_stalled, "the sync hangs", 20)
    sender.kill()
    sender.wait()
    time.sleep(0.3)
    site.folders[0].clear()
    until(lambda: offset_of(site.second, where) >= MIB, "what was synced is acknowledged", 20, 0.1)
    entry = finishes(site.second, where, data)
    for client in (site.first, site.second):
        has(client, entry, data)


def test_uploads_that_break_off_while_a_sync_hangs(place):
    site = Site(place)
    for version in VERSIONS:
        breaks_off_while_a_sync_hangs(site, version)
    if node_clock.is_there():
        nodes_that_are_suspended(site)
    tags_of_a_folder_that_moves(site)
    tags_after_a_failover(site)
    files_that_were_cut(site)
    an_upload_whose_move_hangs(site)


SUSPENDED = 7200  # seconds: longer than a file without its row is kept


def nodes_that_are_suspended(site):
    """A PUT has published its bytes, and garbage collection removes them as an orphan before the commit: no file without bytes
    is listed, and the same PUT again stores the file."""
    # A file's id has the wall clock of the node that makes it: this node's files are old enough from the start.
    node_clock.move(site.nodes[0].process, {node_clock.REALTIME: -SUSPENDED})
    site.nodes[0].process.send_signal(signal.SIGCONT)
    for number, (version, ends) in enumerate(zip(VERSIONS, (ends_by_fsck, ends_by_the_sweeper)), 1):
        is_suspended_before_its_commit(site, version, ends, number)
    node_clock.move(site.nodes[0].process, {})
    site.nodes[0].process.send_signal(signal.SIGCONT)


def is_suspended_before_its_commit(site, version, ends, times):
    data, name = os.urandom(100_000), f"suspended{version}"
    file, path = site.place.file("whole", data), f"/api/v1/entries/{site.root}/files/{name}"
    before = blobs(site)
    site.folders[0].stall("fsyncdir", 1, "/blobs/??")
    sender = subprocess.Popen(curl(site.first, version, "PUT", path, "-T", file), stdout=subprocess.PIPE, text=True)
    until(site.folders[0].is_stalled, "the sync of the blob's folder hangs", 20)
    node_clock.move(site.nodes[0].process, {node_clock.REALTIME: -SUSPENDED, node_clock.BOOTTIME: times * SUSPENDED})  # stops it
    blob, = blobs(site) - before
    site.folders[1].age(SUSPENDED, "blobs/")
    ends(site, blob)
    site.folders[1].clear()
    same(os.path.exists(blob), False)
    site.folders[0].release()
    site.nodes[0].process.send_signal(signal.SIGCONT)
    same(sender.communicate(timeout=60)[0].split()[1], "503")
    names = [item["name"] for item in site.second("GET", f"/api/v1/entries/{site.root}/children")[2]["items"]]
    expect(name not in names, names)
    done = subprocess.run(curl(site.first, version, "PUT", path, "-T", file), capture_output=True, text=True)
    same(done.stdout.split()[1], "201")
    items = site.second("GET", f"/api/v1/entries/{site.root}/children")[2]["items"]
    has(site.second, next(item["id"] for item in items if item["name"] == name), data)


def blobs(site):
    return {os.path.join(d, f) for d, _, files in os.walk(f"{site.folders[0].backing}/blobs") for f in files}


def ends_by_fsck(site, blob):
    code, out, err = site.place.run("fsck", "--repair", "--node-data-dir", "data1", "--node-shared-dir", site.folders[1].path, env=site.env)
    expect(os.path.basename(blob) in out and not os.path.exists(blob), code, out, err)


def ends_by_the_sweeper(site, blob):
    """Garbage collection checks another of the 256 parts each second, by its node's wall clock."""
    process, part = site.nodes[1].process, int(blob.split("/")[-2], 16)
    site.database.sql("DELETE FROM bodega.leases WHERE name = 'sweeper'")  # of the first node, for half a minute

    def soon():
        node_clock.move(process, {node_clock.REALTIME: (part - int(time.time()) - 2) % 256})
        process.send_signal(signal.SIGCONT)
        end = time.monotonic() + 5
        while os.path.exists(blob) and time.monotonic() < end:
            time.sleep(0.05)
        return not os.path.exists(blob)

    until(soon, "garbage collection removes it", 40)
    node_clock.move(process, {})
    process.send_signal(signal.SIGCONT)


def listing(client, version, folder, tags):
    """(status, tag, what is listed)."""
    more = ("-H", f"If-None-Match: {tags}") if tags else ()
    words = curl(client, version, "GET", f"/api/v1/entries/{folder}/children", *more, "-w", "%{http_code} %header{etag}\n")
    words[words.index("/dev/null")] = "-"
    done = subprocess.run(words, capture_output=True, text=True)
    body, _, said = done.stdout.rstrip("\n").rpartition("}")
    status, _, now = said.partition(" ")
    return int(status), now, json.loads(body + "}")["items"] if body else None


def is_listed(site, folder, space, names, former):
    """Checks the listing at each node over each protocol, for a client with the tags of all earlier ones; returns this tag."""
    tags = set()
    for client in (site.first, site.second):
        for version in VERSIONS:
            status, now, items = listing(client, version, folder, ", ".join(former))
            same((version, status, [(item["name"], item["space_id"]) for item in items or []]), (version, 200, [(name, space) for name in names]))
            tags.add(now)
            same(listing(client, version, folder, now)[0::2], (304, None))
    same((len(tags), tags & set(former)), (1, set()))
    return tags.pop()


def tags_of_a_folder_that_moves(site):
    """Moves to another space and back, to the trash and back, each by the other node."""
    own = site.first("GET", "/api/v1/spaces")[2]["items"][0]
    status, _, team = site.first("POST", "/api/v1/spaces", {"name": "Team"})
    same(status, 201)
    moved = site.first("POST", f"/api/v1/entries/{site.root}/folders", {"name": "moved folder"})[2]["id"]
    below = site.first("POST", f"/api/v1/entries/{moved}/folders", {"name": "below"})[2]["id"]
    site.first.put(below, "file", b"file")
    tags = {moved: [], below: []}

    def is_in(space):
        for folder, names in ((moved, ["below"]), (below, ["file"])):
            tags[folder].append(is_listed(site, folder, space["id"], names, tags[folder]))

    is_in(own)
    for client, space in ((site.second, team), (site.first, own)):
        same(client("PATCH", f"/api/v1/entries/{moved}", {"parent_id": space["root_id"]})[0], 200)
        is_in(space)
    same(site.second("DELETE", f"/api/v1/entries/{moved}")[0], 204)
    same(site.first("POST", f"/api/v1/entries/{moved}/restore", {"parent_id": team["root_id"]})[0], 200)
    is_in(team)


def tags_after_a_failover(site):
    """The database fails over to a copy that lacks the last commits, while both nodes run and know what was listed."""
    space = site.first("GET", "/api/v1/spaces")[2]["items"][0]["id"]
    folder = site.first("POST", f"/api/v1/entries/{site.root}/folders", {"name": "failed over"})[2]["id"]
    tables = ("entries", "blobs", "spaces")
    site.database.sql("CREATE DATABASE copy; " + "".join(f"CREATE TABLE copy.{table} AS SELECT * FROM bodega.{table}; " for table in tables))
    back = "".join(f"DELETE FROM bodega.{table}; INSERT INTO bodega.{table} SELECT * FROM copy.{table}; " for table in tables)
    former = []
    for number in range(3):
        (site.first, site.second)[number % 2].put(folder, f"life {number}", b"%d" % number)
        former.append(is_listed(site, folder, space, [f"life {number}"], former))
        site.database.sql(f"START TRANSACTION; {back} COMMIT")


def files_that_were_cut(site):
    """Tests every sender of the file, at each node."""
    for size in (1000, 3 * MIB):
        data = os.urandom(size)
        entry = site.first.put(site.root, f"cut {size}", data)["id"]
        path = f"/api/v1/entries/{entry}/content"
        has(site.second, entry, data)
        blob = max((os.path.join(d, f) for d, _, files in os.walk(f"{site.folders[0].backing}/blobs") for f in files), key=os.path.getmtime)
        same(os.path.getsize(blob), size)
        os.truncate(blob, size // 4)
        for client in (site.first, site.second):
            for version in VERSIONS:
                for more in ((), ("-H", "Range: bytes=0-9"), ("-I",)):
                    done = subprocess.run(curl(client, version, "HEAD" if more == ("-I",) else "GET", path, *more), capture_output=True, text=True)
                    same((size, version, more, done.stdout), (size, version, more, f"{'2' if version == '--http2' else '1.1'} 503"))
        with open(blob, "wb") as file:
            file.write(data)
        until(lambda: site.second("GET", path)[0] == 200, "the mended file is sent", 10)
        has(site.first, entry, data)


def an_upload_whose_move_hangs(site):
    """The first node is lost. The copy of its upload to a new file hangs, then fails at its sync."""
    data = os.urandom(8 * MIB)
    where = create(site.first, site.root, "moved", data)
    same(site.first("PATCH", where, data[: 2 * MIB], {**PART, "Upload-Offset": "0"})[0], 204)
    connection = site.first.connect()
    fields = {**site.first.headers(), **PART, "Host": site.first.url.netloc, "Upload-Offset": str(2 * MIB), "Content-Length": str(6 * MIB)}
    connection.sendall((f"PATCH {where} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in fields.items()) + "\r\n").encode() + data[2 * MIB: 4 * MIB])
    until(lambda: offset_of(site.second, where) >= 3 * MIB, "a third megabyte is acknowledged", 20, 0.1)
    kept = offset_of(site.second, where)
    site.nodes[0].process.kill()
    site.nodes[0].process.wait()
    site.folders[1].stall("read", 0, where.rsplit("/", 1)[1])  # of the copy's source
    answers = []
    mover = threading.Thread(target=lambda: answers.append(finishes(site.second, where, data, 90)))
    mover.start()
    until(site.folders[1].is_stalled, "the move hangs", 40, 0.1)
    for number in range(3):  # nobody else waits for it
        began = time.monotonic()
        other = os.urandom(2 * MIB)
        there = create(site.second, site.root, f"steady {number}", other)
        finishes(site.second, there, other)
        expect(time.monotonic() - began < 5, "an unrelated upload took", time.monotonic() - began)
    site.folders[1].fail("fsync", "EIO", 1)
    site.folders[1].release()
    mover.join(90)
    expect(answers, "the moved upload does not end")
    expect(offset_of(site.second, where) >= kept, kept)
    has(site.second, answers[0], data)


if __name__ == "__main__":
    if not faulty_folder.is_there():
        print("this machine mounts no file system of a test's\n0 passed, 0 failed, 1 skipped")
        sys.exit(0)
    main()
