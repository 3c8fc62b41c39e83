#!/usr/bin/env python3
"""Uploads by real clients: curl's methods, and a tus upload that survives a server killed in the middle.

fronts: direct tls nginx
"""
import base64
import hashlib
import os
import re
import shutil
import signal
import subprocess
import urllib.parse

import front
import mariadb
from bodega import Client, blobs, coming_in, expect, free_port, main, same, until

TUS = {"Tus-Resumable": "1.0.0"}
PART = {**TUS, "Content-Type": "application/offset+octet-stream"}


def b64(text):
    return base64.b64encode(text.encode()).decode()


def create(client, folder, name, data):
    meta = f"parent_id {b64(folder)},filename {b64(name)},sha256 {b64(hashlib.sha256(data).hexdigest())}"
    status, headers, body = client("POST", "/api/v1/uploads", b"", {**TUS, "Upload-Length": str(len(data)), "Upload-Metadata": meta})
    expect(status == 201, status, body)
    return urllib.parse.urlsplit(headers["location"]).path


def begin_part(client, where, offset, length, data, more=None):
    """A PATCH whose body stops before its end: the connection stays open."""
    connection = client.connect()
    fields = {**client.headers(), **PART, "Host": client.url.netloc, "Upload-Offset": str(offset), "Content-Length": str(length), **(more or {})}
    connection.sendall((f"PATCH {where} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in fields.items()) + "\r\n").encode())
    connection.sendall(data)
    return connection


def offset_of(client, where):
    status, headers, _ = client("HEAD", where, headers=TUS)
    expect(status in (200, 204), status)
    return int(headers["upload-offset"])


def killed_in_the_middle(place, env):
    data = os.urandom(48 << 20)
    server = place.serve("--files-checkpoint", "1MiB", env=env).ready()
    client = server.set_up()
    where = create(client, client.root(), "big.bin", data)
    connection = begin_part(client, where, 0, len(data), data[: 20 << 20])
    until(lambda: offset_of(client, where) >= 4 << 20, "some of it is acknowledged")
    same(server.stop(signal.SIGKILL), -9)
    connection.close()
    again = place.serve(env=env, log="log2").ready()
    client.url = urllib.parse.urlsplit(again.url)
    offset = offset_of(client, where)
    expect(4 << 20 <= offset <= 20 << 20, offset)
    headers = until(lambda: resume(client, where, offset, data), "the dead server's lease on the upload ends", 90, 0.5)
    same(client("GET", f"/api/v1/entries/{headers['bodega-entry-id']}/content")[2], data)


def resume(client, where, offset, data):
    status, headers, body = client("PATCH", where, data[offset:], {**PART, "Upload-Offset": str(offset)})
    expect(status in (204, 423), status, body)
    return headers if status == 204 else None


def test_a_tus_upload_outlives_a_killed_server_on_sqlite(place):
    killed_in_the_middle(place, {})


def test_a_tus_upload_outlives_a_killed_server_on_mariadb(place):
    if front.NAME != "direct":
        return  # what is in front makes no difference to the database
    killed_in_the_middle(place, mariadb.MariaDB(place).new_database("bodega"))


def token_of(client):
    return client("POST", "/api/v1/tokens", {"name": "curl"})[2]["token"]


def curl(place, *words):
    done = subprocess.run(["curl", "--silent", "--show-error", "--fail-with-body", *words], cwd=place.path, capture_output=True, timeout=120)
    return done.returncode, done.stdout, done.stderr


def test_curl_uploads_downloads_and_resumes(place):
    server = place.serve().ready()
    client = server.set_up()
    token, root = token_of(client), client.root()
    data = os.urandom(9 << 20)
    place.file("report.bin", data)
    code, out, err = curl(place, "-H", f"Authorization: Bearer {token}", "-T", "report.bin", f"{server.url}/api/v1/entries/{root}/files/report.bin")
    expect(code == 0 and hashlib.sha256(data).hexdigest().encode() in out, code, out, err)
    entry = client("GET", f"/api/v1/entries/{root}/children")[2]["items"][0]["id"]
    place.file("got.bin", data[: 3 << 20])
    code, _, err = curl(place, "-u", f"ana:{token}", "-C", "-", "-o", "got.bin", f"{server.url}/api/v1/entries/{entry}/content")
    expect(code == 0, err)
    same(open(f"{place.path}/got.bin", "rb").read(), data)


def test_a_put_of_unknown_length(place):
    server = place.serve().ready()
    client = server.set_up()
    data = os.urandom(2 << 20)
    connection = client.connection()
    pieces = (data[i: i + 100_001] for i in range(0, len(data), 100_001))
    connection.request("PUT", f"/api/v1/entries/{client.root()}/files/chunked", pieces, client.headers(), encode_chunked=True)
    answer = connection.getresponse()
    expect(answer.status == 201 and hashlib.sha256(data).hexdigest().encode() in answer.read(), answer.status)


def test_an_interrupted_put_leaves_nothing(place):
    server = place.serve().ready()
    client = server.set_up()
    connection = client.connect()
    fields = {**client.headers(), "Host": client.url.netloc, "Content-Length": "1000000"}
    connection.sendall((f"PUT /api/v1/entries/{client.root()}/files/part HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in fields.items()) + "\r\n").encode())
    connection.sendall(b"x" * 500_000)
    until(lambda: blobs(place), "bytes are coming in")
    connection.close()
    until(lambda: not blobs(place), "the partial file is removed")
    same(client("GET", f"/api/v1/entries/{client.root()}/children")[2]["items"], [])


def versions_of_http():
    """curl's flags for the protocols of the front."""
    return ["--http1.1", "--http2" if front.SECURE else "--http2-prior-knowledge"]


def killed_client(place, server, client, where, length, version):
    """Kills curl in the middle of a part; returns the upload's offset."""
    fields = [word for name, value in {**client.headers(), **PART, "Upload-Offset": "0"}.items() for word in ("-H", f"{name}: {value}")]
    with open(f"{place.path}/curl.out", "wb") as out:
        sender = subprocess.Popen(["curl", "-sS", version, "-X", "PATCH", "--limit-rate", "2M", "-T", f"{place.path}/part.bin", *fields, server.url + where],
                                  stdout=out, stderr=out)
    place.processes.append(sender)
    incoming = f"{place.path}/bodega-data/incoming/"
    until(lambda: sum(os.path.getsize(incoming + name) for name in coming_in(place)) >= 1 << 20, "a part of it has come")
    sender.kill()
    sender.wait()
    return until(lambda: offset_of(client, where), "what came is acknowledged", 10)


def test_an_upload_of_a_killed_client_continues_at_once(place):
    server = place.serve().ready()
    client = server.set_up()
    data = os.urandom(12 << 20)
    place.file("part.bin", data)
    for version in versions_of_http():
        where = create(client, client.root(), version, data)
        offset = killed_client(place, server, client, where, len(data), version)
        expect(1 << 20 <= offset < len(data), version, offset)
        status, headers, body = client("PATCH", where, data[offset:], {**PART, "Upload-Offset": str(offset)})
        same((version, status, body), (version, 204, b""))
        same(client("GET", f"/api/v1/entries/{headers['bodega-entry-id']}/content")[2], data)
        same(coming_in(place), [])


def threads_at_work(admin):
    said = dict(re.findall(r'bodega_app_threads\{state="(\w+)"\} (\d+)', Client(admin)("GET", "/metrics")[2].decode()))
    return int(said["working"]) + int(said["waiting"])


def test_a_burst_of_uploads_takes_few_threads_of_the_app(place):
    if front.NAME == "nginx":
        return  # behind which the app writes the bodies by itself
    admin = f"http://127.0.0.1:{free_port()}"
    server = place.serve("--edge-admin-listen", admin, "--edge-loops", "2").ready()
    client = server.set_up()
    place.file("part.bin", os.urandom(2 << 20))
    put = ["curl", "-sSf", "-o", "/dev/null", "-T", f"{place.path}/part.bin", "-H", f"Authorization: Bearer {token_of(client)}"]
    uploads = [subprocess.Popen(put + [f"{server.url}/api/v1/entries/{client.root()}/files/{i}"]) for i in range(60)]
    most = 0
    while any(upload.poll() is None for upload in uploads):
        most = max(most, threads_at_work(admin))
    same([upload.returncode for upload in uploads], [0] * 60)
    expect(0 < most <= 4, most)


if __name__ == "__main__":
    if not shutil.which("curl"):
        raise SystemExit("curl is missing")
    main()
