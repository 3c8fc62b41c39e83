#!/usr/bin/env python3
"""An interrupted upload continues at once: tus-js-client succeeds with its own delays between tries, and a restarted server
takes over the uploads of its previous process.

fronts: direct tls nginx
"""
import hashlib
import json
import os
import signal
import subprocess
import time
import urllib.parse
from pathlib import Path

import front
import mariadb
import sys

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from bodega import Failed, expect, main, same, until  # noqa: E402
from leaving import Relay  # noqa: E402
from tus import PART, TUS  # noqa: E402
from uploading import begin_part, create, offset_of  # noqa: E402

TUS_JS = Path(__file__).resolve().parents[1] / "support/tus_upload.mjs"
RELEASED_WITHIN = 2  # seconds, until a running holder releases it


def start_tus_js(place, client, port, name, data):
    """tus-js-client through that port, with one PATCH for the whole file."""
    url = f"{client.url.scheme}://{client.url.hostname}:{port}"
    environment = dict(os.environ, NODE_EXTRA_CA_CERTS=f"{front.CERTIFICATE}/ca.pem" if front.SECURE else "")
    words = ["node", TUS_JS, url, client.cookie, client.root(), place.file(name, data), "Infinity", "0", "default"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    place.processes.append(process)
    return process


def ends_well(process, client, data):
    """The number of its retries."""
    try:
        out, err = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        raise Failed(f"tus-js-client does not end: {process.communicate()}") from None
    expect(process.returncode == 0, out, err)
    done = json.loads(out)
    body = client("GET", f"/api/v1/entries/{done['entry']}/content")[2]
    same(hashlib.sha256(body).hexdigest(), hashlib.sha256(data).hexdigest())
    return done["retries"]


def under_way(client):
    items = client("GET", "/api/v1/uploads")[2]["items"]
    return items[0] if items else None


def leaves_in_the_middle(place, client, relay, data):
    process = start_tus_js(place, client, relay.port, "big.bin", data)
    until(lambda: (under_way(client) or {"offset": 0})["offset"] >= 4 << 20, "some of it is acknowledged")
    relay.leave()
    began = time.monotonic()
    relay.rate = None
    retries = ends_well(process, client, data)
    expect(time.monotonic() - began < 12, time.monotonic() - began)
    return retries


def test_tus_js_client_recovers_from_a_silent_connection(place):
    server = place.serve("--files-checkpoint", "1MiB").ready()
    client = server.set_up()
    relay = Relay((client.url.hostname, client.url.port), 6 << 20)
    leaves_in_the_middle(place, client, relay, os.urandom(32 << 20))
    relay.close()


def test_a_silent_holder_releases_within_seconds(place):
    server = place.serve("--files-checkpoint", "1MiB").ready()
    client = server.set_up()
    for size, sent in ((9 << 20, 3 << 20), (70_000, 66_000), (2 << 20, 0)):
        data = os.urandom(size)
        where = create(client, client.root(), f"{size}.bin", data)
        silent = begin_part(client, where, 0, len(data), data[:sent])
        time.sleep(1)
        offset, began = offset_of(client, where), time.monotonic()
        answers = []
        while not answers or answers[-1][0] == 409:
            answers.append(client("PATCH", where, data[offset:], {**PART, "Upload-Offset": str(offset)}))
            offset = offset_of(client, where)
        same(([a[0] for a in answers][-1], len(answers) <= 2), (204, True))
        expect(time.monotonic() - began < RELEASED_WITHIN + 1, time.monotonic() - began)
        silent.close()
        same(client("GET", f"/api/v1/entries/{answers[-1][1]['bodega-entry-id']}/content")[2] == data, True)


def test_a_small_part_waits_for_a_silent_holder_as_well(place):
    server = place.serve().ready()
    client = server.set_up()
    data = os.urandom(2 << 20)
    where = create(client, client.root(), "small.bin", data)
    silent = begin_part(client, where, 0, len(data), b"")
    time.sleep(1)
    status, headers, body = client("PATCH", where, data[:1000], {**PART, "Upload-Offset": "0"})
    same((status, headers.get("upload-offset"), body), (204, "1000", b""))
    silent.close()
    silent = begin_part(client, where, 1000, len(data) - 1000, b"")
    time.sleep(1)
    status, headers, body = client("POST", where, data[1000:2000], {**PART, "Upload-Offset": "1000", "X-HTTP-Method-Override": "PATCH"})
    same((status, headers.get("upload-offset"), body), (204, "2000", b""))
    silent.close()


def test_a_silent_connection_to_another_server(place):
    if front.NAME != "direct":
        return  # it is the catalog that passes it on
    env = mariadb.MariaDB(place).new_database("bodega")
    shared = ("--node-shared-dir", os.path.join(place.path, "shared"), "--files-checkpoint", "1MiB")
    first = place.serve(*shared, env=env, data="data1", log="log1").ready()
    second = place.serve(*shared, env=env, data="data2", log="log2").ready()
    client = first.set_up()
    relay = Relay((client.url.hostname, client.url.port), 6 << 20)
    other = urllib.parse.urlsplit(second.url)
    data = os.urandom(32 << 20)
    process = start_tus_js(place, client, relay.port, "big.bin", data)
    until(lambda: (under_way(client) or {"offset": 0})["offset"] >= 4 << 20, "some of it is acknowledged")
    relay.target = (other.hostname, other.port)
    relay.rate = None
    relay.leave()
    began = time.monotonic()
    ends_well(process, client, data)
    expect(time.monotonic() - began < 12, time.monotonic() - began)
    relay.close()


def restarted(place, env):
    data = os.urandom(24 << 20)
    server = place.serve("--files-checkpoint", "1MiB", env=env).ready()
    client = server.set_up()
    where = create(client, client.root(), "big.bin", data)
    connection = begin_part(client, where, 0, len(data), data[: 10 << 20])
    until(lambda: offset_of(client, where) >= 4 << 20, "some of it is acknowledged")
    same(server.stop(signal.SIGKILL), -9)
    connection.close()
    again = place.serve(env=env, log="log2").ready()
    client.url = urllib.parse.urlsplit(again.url)
    offset, began = offset_of(client, where), time.monotonic()
    status, headers, body = client("PATCH", where, data[offset:], {**PART, "Upload-Offset": str(offset)})
    same((status, body), (204, b""))
    expect(time.monotonic() - began < RELEASED_WITHIN, time.monotonic() - began)
    same(client("GET", f"/api/v1/entries/{headers['bodega-entry-id']}/content")[2] == data, True)
    # It continued in the same file: nothing was copied.
    upload = where.rsplit("/", 1)[1]
    blobs = [name for _, _, names in os.walk(f"{place.path}/bodega-data/blobs") for name in names]
    same(blobs, [upload])


def test_a_restart_takes_over_at_once_on_sqlite(place):
    restarted(place, {})


def test_a_restart_takes_over_at_once_on_mariadb(place):
    if front.NAME != "direct":
        return  # the database does not depend on the front
    restarted(place, mariadb.MariaDB(place).new_database("bodega"))


if __name__ == "__main__":
    main()
