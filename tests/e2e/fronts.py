#!/usr/bin/env python3
"""Behaviour that is the same for every front, the embedded edge or NGINX: files' bytes and conditions, the operator's own
files, certbot's answers, limits, the client's address.

fronts: direct tls nginx
"""
import gzip
import hashlib
import http.client
import os
import re
import subprocess
import urllib.parse

import front
from bodega import Client, coming_in, expect, free_port, main, same, until


def server_with_file(place, data, *flags, name="report.bin"):
    server = place.serve(*flags).ready()
    client = server.set_up()
    entry = client.put(client.root(), name, data)
    return server, client, f"/api/v1/entries/{entry['id']}/content"


def test_a_file_and_its_parts(place):
    data = os.urandom(3_000_000)
    server, client, path = server_with_file(place, data)
    status, fields, body = client("GET", path)
    same((status, body), (200, data))
    tag = fields["etag"]
    expect(re.fullmatch(r'"[^"]+"', tag), tag)
    same(fields["accept-ranges"], "bytes")
    same(fields["x-content-type-options"], "nosniff")
    expect("sandbox" in fields["content-security-policy"], fields)
    expect(fields["content-disposition"].startswith("attachment") and "report.bin" in fields["content-disposition"], fields)
    same(fields["cache-control"], "private, no-cache")
    expect("x-accel-redirect" not in fields and fields["x-request-id"], fields)
    status, head, body = client("HEAD", path)
    same((status, body, head["content-length"], head["etag"]), (200, b"", "3000000", tag))
    for wanted, part in [("bytes=0-0", data[:1]), ("bytes=1000000-1999999", data[1_000_000:2_000_000]), ("bytes=-5", data[-5:]), ("bytes=2999990-", data[-10:])]:
        status, fields, body = client("GET", path, headers={"Range": wanted})
        same((status, body), (206, part))
        same(fields["etag"], tag)
        expect(fields["content-range"].endswith("/3000000"), fields)
    status, fields, body = client("GET", path, headers={"Range": "bytes=0-9,100-109"})
    expect(status == 206 and fields["content-type"].startswith("multipart/byteranges") and data[:10] in body and data[100:110] in body, status, fields)
    status, fields, _ = client("GET", path, headers={"Range": "bytes=3000000-"})
    same((status, fields["content-range"]), (416, "bytes */3000000"))


def test_conditions_use_the_entrys_tag_and_date(place):
    data = os.urandom(10_000)
    server, client, path = server_with_file(place, data)
    fields = client("GET", path)[1]
    tag, modified = fields["etag"], fields["last-modified"]
    long_ago, later = "Mon, 01 Jan 2001 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"
    cases = [
        ({"If-None-Match": tag}, 304), ({"If-None-Match": '"other"'}, 200), ({"If-None-Match": "*"}, 304),
        ({"If-Modified-Since": modified}, 304), ({"If-Modified-Since": long_ago}, 200), ({"If-None-Match": '"other"', "If-Modified-Since": later}, 200),
        ({"If-Match": tag}, 200), ({"If-Match": '"other"'}, 412), ({"If-Unmodified-Since": later}, 200), ({"If-Unmodified-Since": long_ago}, 412),
        ({"Range": "bytes=0-9", "If-Range": tag}, 206), ({"Range": "bytes=0-9", "If-Range": '"other"'}, 200),
        # A file's owner sets its date, so it is not a strong validator; NGINX treats it as one.
        ({"Range": "bytes=0-9", "If-Range": modified}, 206 if front.NAME == "nginx" else 200),
        ({"Range": "bytes=0-9", "If-Range": long_ago}, 200),
    ]
    for fields, wanted in cases:
        status, got, body = client("GET", path, headers=fields)
        expect(status == wanted, fields, status)
        if status in (200, 206):
            same((body, got["etag"]), (data if status == 200 else data[:10], tag))


def test_pages_of_a_named_origin(place):
    portal = "https://portal.example.org"
    server, client, path = server_with_file(place, b"0123456789" * 100, "--app-allowed-origins", portal)
    token = client("POST", "/api/v1/tokens", {"name": "portal"})[2]["token"]
    page = {"Origin": portal, "Sec-Fetch-Site": "cross-site"}
    with_token = {**page, "Authorization": f"Bearer {token}"}
    anyone = Client(server.url)

    def readable(fields):
        same(fields["access-control-allow-origin"], portal)
        expect("access-control-allow-credentials" not in fields and "origin" in fields["vary"].lower(), fields)
        expect(all(name in fields["access-control-expose-headers"] for name in ("Upload-Offset", "Location", "Content-Range")), fields)

    tag = client("GET", path)[1]["etag"]
    for more, wanted in [({}, 200), ({"Range": "bytes=0-9"}, 206), ({"If-None-Match": tag}, 304), ({"If-Match": '"other"'}, 412)]:
        status, fields, _ = anyone("GET", path, headers={**with_token, **more})
        same(status, wanted)
        readable(fields)
    status, fields, _ = anyone("GET", path, headers=page)
    same(status, 401)
    readable(fields)
    same(client("GET", path, headers=page)[0], 401)  # with the session's cookie
    same(client("GET", path)[0], 200)
    status, fields, _ = anyone("OPTIONS", "/api/v1/uploads", headers={**page, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,tus-resumable,upload-length"})
    same(status, 204)
    same(fields["access-control-allow-origin"], portal)
    expect("POST" in fields["access-control-allow-methods"] and "Tus-Resumable" in fields["access-control-allow-headers"], fields)
    fields = anyone("GET", path, headers={**with_token, "Origin": "https://evil.example"})[1]
    expect(not any(name.startswith("access-control") for name in fields), fields)


def test_a_file_of_another_size_than_the_catalogs_is_refused(place):
    data, admin = os.urandom(3_000_000), f"http://127.0.0.1:{free_port()}"
    server, client, path = server_with_file(place, data, "--edge-admin-listen", admin)
    below = f"{place.path}/bodega-data/blobs"
    blob = next(os.path.join(folder, name) for folder, _, names in os.walk(below) for name in names)
    refused = 0
    for wrong in (data[:1_000_000], b"", data + b"x", None):
        os.remove(blob)
        if wrong is not None:
            with open(blob, "wb") as file:
                file.write(wrong)
        for method, fields in (("GET", {}), ("HEAD", {}), ("GET", {"Range": "bytes=0-9"})):
            status, got, body = client(method, path, headers=fields)
            expect(status == 503 and "etag" not in got and int(got["retry-after"]) > 0, method, fields, status, got)
            refused += 1
    said = Client(admin)("GET", "/metrics")[2].decode()
    same(re.findall(r"^bodega_file_damaged_total (\d+)$", said, re.M), [str(refused)])
    expect("a blob is damaged" in server.output(), server.output())
    with open(blob, "wb") as file:
        file.write(data)
    same(client("GET", path)[::2], (200, data))


def test_blobs_are_not_reachable_directly(place):
    server, client, path = server_with_file(place, b"secret bytes")
    below = f"{place.path}/bodega-data/blobs"
    blob = next(os.path.join(folder, name) for folder, _, names in os.walk(below) for name in names)
    inside = "/_blobs/" + os.path.relpath(blob, below)
    for target in (inside, "/site/../_blobs/" + os.path.relpath(blob, below), "//_blobs/" + os.path.relpath(blob, below), "/site/..%2f" + inside[1:], "/site../blobs"):
        status, _, body = client("GET", target)
        expect(status in (400, 404) and b"secret" not in (body if isinstance(body, bytes) else b""), target, status)
    same(Client(server.url)("GET", path, headers={"X-Accel-Capable": "1", "X-Accel-Redirect": inside})[0], 401)
    same(client("GET", path, headers={"X-Accel-Capable": "0", "Proxy": "x"})[2], b"secret bytes")


def test_the_operators_own_files(place):
    place.file("bodega-data/site/index.html", "<p>imprint</p>")
    place.file("bodega-data/site/a folder/index.html", "<p>inner</p>")
    place.file("bodega-data/site/.hidden", "no")
    place.file("bodega-data/site/.git/config", "no")
    place.file("bodega-data/site/notes.txt", "plain")
    place.file("bodega-data/site/notes.txt.gz", gzip.compress(b"plain"))
    place.file("bodega-data/site/empty/file.txt", "x")
    place.file("outside.txt", "outside")
    os.symlink("../../outside.txt", f"{place.path}/bodega-data/site/link.txt")
    client = Client(place.serve().ready().url)
    status, fields, body = client("GET", "/site/")
    same((status, body, fields["x-content-type-options"]), (200, b"<p>imprint</p>", "nosniff"))
    expect(fields["content-type"].startswith("text/html"), fields)
    same(client("GET", "/site/a%20folder/")[2], b"<p>inner</p>")
    same(client("GET", "/site/notes.txt")[2], b"plain")
    status, fields, body = client("GET", "/site/notes.txt", headers={"Accept-Encoding": "gzip"})
    same((fields.get("content-encoding"), gzip.decompress(body)), ("gzip", b"plain"))
    for gone in ("/site/.hidden", "/site/.git/config", "/site/link.txt", "/site/absent", "/site/empty/", "/site/..%2f..%2foutside.txt"):
        expect(client("GET", gone)[0] in (400, 404), gone, client("GET", gone)[0])


def test_certbots_webroot(place):
    token = "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA"
    place.file(f"bodega-data/acme/.well-known/acme-challenge/{token}", token + ".thumbprint")
    place.file("bodega-data/acme/other", "no")
    os.symlink("../../other", f"{place.path}/bodega-data/acme/.well-known/acme-challenge/link")
    server = place.serve().ready()
    below = "/.well-known/acme-challenge/"
    for url in [server.url] + [server.plain] * front.SECURE:
        client = Client(url)
        same(client("GET", below + token)[::2], (200, (token + ".thumbprint").encode()))
        for absent in ("absent", "link", "../../other", "..%2f..%2fother", "", token + "/x"):
            expect(client("GET", below + absent)[0] in (400, 404, 308), absent, client("GET", below + absent)[0])


def test_plain_requests_are_redirected_to_tls(place):
    server = place.serve().ready()
    if not front.SECURE:
        return
    plain = Client(server.plain)
    status, fields, _ = plain("GET", "/folders/x?a=b%20c")
    same((status, fields["location"]), (308, server.url + "/folders/x?a=b%20c"))
    same(plain("GET", "/livez")[0], 200)
    version = subprocess.run(["curl", "-sS", "--http2", "-o", os.devnull, "-w", "%{http_version} %{response_code}", server.url + "/"], capture_output=True, timeout=60)
    same(version.stdout, b"2 200")


def test_bodies_that_are_too_large(place):
    server, client, _ = server_with_file(place, b"x", "--files-max-file", "1MiB")
    status, fields, body = client("POST", "/api/v1/spaces", {"name": "x" * 1_500_000})
    same((status, body["status"], body["code"]), (413, 413, "too_large"))
    status, fields, body = client("PUT", f"/api/v1/entries/{client.root()}/files/large", b"x" * 1_100_000)
    same((status, body["code"]), (413, "too_large"))
    same([item["name"] for item in client("GET", f"/api/v1/entries/{client.root()}/children")[2]["items"]], ["report.bin"])


def addresses(client):
    return {record["address"] for record in client("GET", "/api/v1/audit")[2]["items"] if record["action"].startswith("session")}


def test_the_clients_address(place):
    spoofed = {"X-Forwarded-For": "203.0.113.9", "X-Real-IP": "203.0.113.9", "Forwarded": "for=203.0.113.9", "X-Forwarded-Proto": "http",
               "X-Forwarded-Host": "evil.example", "X-Request-Id": "mine"}
    for trusted, wanted in (([], "127.0.0.1"), (["--edge-trusted-proxies", "127.0.0.0/8"], "203.0.113.9")):
        server = place.serve(*trusted, data=f"data{len(trusted)}", log=f"log{len(trusted)}").ready()
        client = server.set_up()
        if trusted:
            spoofed["X-Forwarded-Proto"] = front.SCHEME  # a trusted proxy that says http gets no __Host- cookie
        status, fields, _ = client("GET", "/api/v1/session", headers=spoofed)
        same((status, fields["x-request-id"] == "mine"), (200, bool(trusted)))
        again = {**spoofed, "X-Forwarded-For": "198.51.100.7, 203.0.113.9"}
        body = {"username": "ana", "password": "correct horse battery"}
        status = Client(server.url)("POST", "/api/v1/session", body, {**again, "X-Forwarded-Host": client.url.netloc, "X-Forwarded-Proto": front.SCHEME})[0]
        same(status, 200)
        expect(wanted in addresses(client) and "198.51.100.7" not in addresses(client), addresses(client), wanted)


def test_the_web_apps_files(place):
    server = place.serve().ready()
    client = Client(server.url)
    status, fields, page = client("GET", "/")
    expect(status == 200 and fields["cache-control"] == "no-store" and "frame-ancestors 'none'" in fields["content-security-policy"], status, fields)
    script = re.search(rb'/assets/[^"]+\.js', page)[0].decode()
    bodies = {}
    for _ in range(2):  # the second time from a cache, where there is one
        for coding in ("identity", "gzip", "br"):
            status, fields, body = client("GET", script, headers={"Accept-Encoding": coding})
            same((status, fields.get("content-encoding", "identity")), (200, coding))
            expect("immutable" in fields["cache-control"] and fields["vary"].lower() == "accept-encoding", fields)
            same(bodies.setdefault(coding, body), body)
            same(client("GET", script, headers={"Accept-Encoding": coding, "If-None-Match": fields["etag"]})[0], 304)
    same(gzip.decompress(bodies["gzip"]), bodies["identity"])
    expect(len(bodies["br"]) < len(bodies["gzip"]) < len(bodies["identity"]))
    same(client("GET", "/assets/absent.js")[0], 404)


def test_an_upload_arrives_as_it_is_sent(place):
    server = place.serve("--files-checkpoint", "1MiB").ready()
    client = server.set_up()
    data = os.urandom(6 << 20)
    stream = client.connect()
    fields = {**client.headers(), "Host": client.url.netloc, "Content-Length": str(len(data))}
    head = f"PUT /api/v1/entries/{client.root()}/files/slow HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in fields.items()) + "\r\n"
    stream.sendall(head.encode() + data[: 3 << 20])
    incoming = f"{place.path}/bodega-data/incoming"
    arrived = lambda: sum(os.path.getsize(f"{incoming}/{name}") for name in coming_in(place))
    until(lambda: arrived() >= 2 << 20, "the first half is on the disk before the second is sent")
    stream.sendall(data[3 << 20:])
    answer = http.client.HTTPResponse(stream)
    answer.begin()
    expect(answer.status == 201 and hashlib.sha256(data).hexdigest().encode() in answer.read(), answer.status)
    stream.close()


def test_an_app_that_is_away(place):
    if front.NAME != "nginx":
        return
    server = place.serve().ready()
    server.stop()
    status, fields, body = Client(server.url)("GET", "/api/v1/session")
    same((status, body["code"], fields["retry-after"], fields["content-type"]), (503, "unavailable", "5", "application/problem+json"))


if __name__ == "__main__":
    main()
