#!/usr/bin/env python3
"""Two nodes on one faulty shared folder: an upload that breaks off while its sync hangs, one that is moved while copying
hangs and fails, and files that were cut behind the catalog's back. Over HTTP/1.1 and HTTP/2, and behind NGINX.

fronts: tls nginx
"""
import hashlib
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

os.environ.setdefault("BODEGA_FRONT", "tls")  # without TLS no client speaks HTTP/2

import mariadb  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import faulty_folder  # noqa: E402
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
        return self.place.serve("--node-shared-dir", self.folders[number].path, "--files-checkpoint", "1MiB", env=self.env, data=f"data{number}",
                                log=f"log{number}")

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
    """By whole rests, as often as it takes; the entry's id."""
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
    """What came is acknowledged once it is synced, and the other node goes on with it."""
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
    files_that_were_cut(site)
    an_upload_whose_move_hangs(site)


def files_that_were_cut(site):
    """Whoever would send it, and whichever node it came by."""
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
    """The first node is lost: its upload is copied away from it, and that copy hangs, then fails when it is synced."""
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
