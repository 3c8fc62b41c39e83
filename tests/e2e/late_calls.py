#!/usr/bin/env python3
"""A file call that timed out on one server takes effect after another server has committed the upload: no byte of the file
changes, and nothing of it is removed.

fronts: direct tls nginx
"""
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import front
import mariadb

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import faulty_folder  # noqa: E402
from bodega import Client, expect, main, same, until  # noqa: E402
from faulty_folder import FaultyFolder  # noqa: E402
from tus import PART  # noqa: E402
from uploading import create  # noqa: E402

SIZE, KEPT = 16 << 20, 4 << 20
GIVEN_UP = 60  # seconds; a call times out after 30
EXPIRE = "UPDATE bodega.uploads SET expires_at = 1, lease_until = 0"


class Upload:
    """An upload with acknowledged first bytes, whose file has more bytes that were never acknowledged."""

    def __init__(self, place, client, backing, name, published):
        self.place = place
        self.data, self.other = os.urandom(SIZE), os.urandom(SIZE)
        self.where = create(client, client.root(), name, self.data)
        self.id = self.where.rsplit("/", 1)[1]
        status, headers, _ = client("PATCH", self.where, self.data[:KEPT], {**PART, "Upload-Offset": "0"})
        same((status, headers["upload-offset"]), (204, str(KEPT)))
        path = f"{backing}/incoming/{self.id}"
        with open(path, "ab") as file:
            file.write(self.other[:KEPT])
        if published:  # by a server that died before its commit
            place = f"{backing}/blobs/{self.folder()}"
            os.makedirs(place, exist_ok=True)
            os.rename(path, f"{place}/{self.id}")

    def folder(self):
        """The part of the blobs that its blob is in: the first byte of the id's random bits."""
        alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
        value = 0
        for letter in self.id:
            value = value * 32 + alphabet.index(letter)
        digits = f"{value & ((1 << 80) - 1):020x}"
        return digits[:2]

    def send(self, client, data):
        """Over HTTP/2 where the front speaks it."""
        if front.NAME == "direct":
            return self.send_by_http1(client, data)
        file = f"{self.place.path}/{self.id}.part"
        Path(file).write_bytes(data[KEPT:])
        fields = {**client.headers(), **PART, "Upload-Offset": str(KEPT)}
        words = ["curl", "--http2", "-sS", "-X", "PATCH", "--data-binary", f"@{file}", "-m", "150", "-D", "-", "-o", "/dev/null", "-H", "Expect:"]
        for name, value in fields.items():
            words += ["-H", f"{name}: {value}"]
        done = subprocess.run([*words, client.url.geturl() + self.where], capture_output=True, text=True, timeout=160)
        if done.returncode == 92:  # an answer before the end of the body, of which curl 7.88 makes an error
            return 503, {}, b""
        expect(done.returncode == 0, done.stderr)
        first, *lines = done.stdout.strip().splitlines()
        version, status = first.split()[:2]
        same(version, "HTTP/2")
        return int(status), dict(line.lower().split(": ", 1) if ": " in line else (line, "") for line in lines), b""

    def send_by_http1(self, client, data):
        return client("PATCH", self.where, data[KEPT:], {**PART, "Upload-Offset": str(KEPT)}, timeout=150)


def test_a_timed_out_call_that_takes_effect_late(place):
    database = mariadb.MariaDB(place)
    env = database.new_database("bodega")
    folders = [FaultyFolder(place, name) for name in ("shared1", "shared2")]
    first, second = [place.serve("--node-shared-dir", folder.path, "--files-sweep-every", "1s", env=env, data=f"data{i}", log=f"log{i}").ready()
                     for i, folder in enumerate(folders)]
    client = first.set_up()
    other = Client(second.url)
    other.cookie = client.cookie
    cut, back = [Upload(place, client, folders[0].backing, name, name == "back") for name in ("cut", "back")]
    folders[0].stall("truncate", 1, cut.id)
    folders[0].stall("rename", 1, back.id)  # garbage collection renames a file of its own each second
    answers = {}
    threads = [threading.Thread(target=lambda u=u: answers.update({u.id: u.send(client, u.other)})) for u in (cut, back)]
    for thread in threads:
        thread.start()
    until(lambda: len(answers) == 2, "both are given up", GIVEN_UP, 0.2)
    for thread in threads:
        thread.join()
    same([answer[0] for answer in answers.values()], [503, 503])
    entries = {}
    for upload in (cut, back):
        status, headers, body = until(lambda: took(upload.send(other, upload.data)), "the other server takes it over", 60, 0.2)
        entries[upload] = headers["bodega-entry-id"].upper()
    folders[0].clear()
    time.sleep(1)
    whole(other, entries)
    # Its row ends, and garbage collection checks the files in incoming/.
    database.sql(EXPIRE)
    until(lambda: database.sql("SELECT COUNT(*) FROM bodega.uploads").strip() == "0", "the uploads' rows end", 60, 0.2)
    time.sleep(1)
    whole(other, entries)


def took(answer):
    return answer if answer[0] == 204 else None


def whole(client, entries):
    for upload, entry in entries.items():
        status, _, body = client("GET", f"/api/v1/entries/{entry}/content")
        same((status, body == upload.data), (200, True))


if __name__ == "__main__":
    if not faulty_folder.is_there():
        print("this machine mounts no file system of a test's\n0 passed, 0 failed, 1 skipped")
        sys.exit(0)
    main()
