#!/usr/bin/env python3
"""bodega below a path of its host (app.public_url = "https://example.org/files/"): pages, the API, uploads, cookies and redirects,
at the edge and behind NGINX, and at app.listen of the same process.

fronts: direct tls nginx
"""
import base64
import http.client
import re
import socket

import front
from bodega import PASSWORD, Client, expect, main, same

BASE = "/files/"


def serve(place, *flags):
    """A server whose public URL has another name than the address that the test uses, as behind a balancer."""
    return place.serve("--app-public-url", "https://files.example.org/files", *flags).ready()


def set_up(server):
    client = Client(server.url)
    body = {"token": server.setup_token(), "username": "ana", "password": PASSWORD}
    status, fields, answer = client("POST", BASE + "api/v1/setup", body)
    same((status, answer.get("code")), (201, None))
    return client, fields


def test_pages_and_their_files_are_below_the_base_path(place):
    server = serve(place)
    client = Client(server.url)
    html = {"Accept": "text/html"}
    for path in ("", "sign-in", "folders/01ARZ3NDEKTSV4RRFFQ69G5FAV", "index.html"):
        status, fields, page = client("GET", BASE + path, headers=html)
        same((path, status), (path, 200))
        expect(f'<meta name="base-path" content="{BASE}"'.encode() in page, page)
        addresses = re.findall(rb'(?:src|href)="([^"]+)"', page)
        expect(len(addresses) >= 4 and all(address.startswith(BASE.encode()) for address in addresses), addresses)
        same(client("GET", BASE + path, headers={**html, "If-None-Match": fields["etag"]})[0], 304)
    for address in addresses:
        same((address, client("GET", address.decode())[0]), (address, 200))
    same(client("GET", BASE + "absent", headers=html)[0], 404)


def test_nothing_of_bodega_is_outside_of_the_base_path(place):
    server = serve(place)
    client = Client(server.url)
    for path in ("/", "/index.html", "/sign-in", "/api/v1/openapi.json", "/assets/", "/favicon.svg", "/filesx/", "/%66iles/", "/site/"):
        same((path, client("GET", path)[0]), (path, 404))
    same(client("POST", "/api/v1/session", {"username": "ana", "password": PASSWORD})[0], 404)
    for path in ("/files", "/files?x"):
        status, fields, _ = client("GET", path)
        same((status, fields.get("location")), (308, BASE))
    same(client("POST", "/files", b"x")[0], 404)
    for path in ("/livez", "/readyz"):
        same((path, client("GET", path)[0]), (path, 200))


def test_the_set_up_url_and_the_cookies_have_the_base_path(place):
    server = serve(place)
    server.setup_token()
    expect("https://files.example.org/files/setup#token=" in server.output(), server.output())
    client, fields = set_up(server)
    name = "__Secure-bodega" if front.SECURE else "bodega"
    expect(client.cookie.startswith(name) and client.device.startswith(name), client.cookie, client.device)
    expect(f"; Path={BASE};" in fields["set-cookie"], fields)
    same(client("GET", BASE + "api/v1/session")[2]["user"]["username"], "ana")
    status, fields, _ = client("DELETE", BASE + "api/v1/session")
    same(status, 204)
    expect(f"; Path={BASE}; Max-Age=0" in fields["set-cookie"], fields)


def test_a_write_from_a_page_of_the_public_url_is_allowed_and_from_another_is_not(place):
    client, _ = set_up(serve(place))
    root = client("GET", BASE + "api/v1/spaces")[2]["items"][0]["root_id"]
    target = f"{BASE}api/v1/entries/{root}/folders"
    for origin, wanted in (("https://files.example.org", 201), ("https://example.org", 403)):
        same((origin, client("POST", target, {"name": origin[8:]}, {"Origin": origin})[0]), (origin, wanted))


def test_locations_lead_to_what_was_made(place):
    client, _ = set_up(serve(place))
    root = client("GET", BASE + "api/v1/spaces")[2]["items"][0]["root_id"]
    status, fields, folder = client("POST", f"{BASE}api/v1/entries/{root}/folders", {"name": "a"})
    same((status, fields["location"]), (201, f"{BASE}api/v1/entries/{folder['id']}"))
    same(client("GET", fields["location"])[2]["name"], "a")
    status, fields, file = client("PUT", f"{BASE}api/v1/entries/{folder['id']}/files/b.txt", b"some bytes")
    same((status, fields["location"]), (201, f"{BASE}api/v1/entries/{file['id']}"))
    status, _, content = client("GET", fields["location"] + "/content", headers={"Range": "bytes=5-"})
    same((status, content), (206, b"bytes"))
    key = {"Idempotency-Key": "k-1"}
    job = {"act": "trash", "ids": [file["id"]], "key": "job-1"}
    status, fields, body = client("POST", f"{BASE}api/v1/entries/batch", job, key)
    expect(status in (200, 202) and fields["location"] == f"{BASE}api/v1/jobs/{body['id']}", status, fields, body)
    same(client("GET", fields["location"])[2]["id"], body["id"])


def test_a_resumable_upload_goes_to_its_location(place):
    client, _ = set_up(serve(place))
    root = client("GET", BASE + "api/v1/spaces")[2]["items"][0]["root_id"]
    text = lambda value: base64.b64encode(value.encode()).decode()
    tus = {"Tus-Resumable": "1.0.0"}
    data = b"0123456789" * 30_000
    metadata = f"parent_id {text(root)},filename {text('up.bin')}"
    status, fields, _ = client("POST", BASE + "api/v1/uploads", b"", {**tus, "Upload-Length": str(len(data)), "Upload-Metadata": metadata})
    same(status, 201)
    location = fields["location"]
    expect(location.startswith(BASE + "api/v1/uploads/"), location)
    part = {**tus, "Content-Type": "application/offset+octet-stream"}
    for begin, end in ((0, 100_000), (100_000, len(data))):
        same(client("HEAD", location, headers=tus)[1]["upload-offset"], str(begin))
        status, fields, _ = client("PATCH", location, data[begin:end], {**part, "Upload-Offset": str(begin)})
        same((status, fields["upload-offset"]), (204, str(end)))
    same(client("GET", f"{BASE}api/v1/entries/{fields['bodega-entry-id']}/content")[2], data)


def test_errors_of_the_api_are_problems(place):
    server = serve(place, "--edge-rate-limit", "2/s")
    client, _ = set_up(server)
    status, fields, problem = client("POST", BASE + "api/v1/session", b"x" * (65 << 10), {"Content-Type": "application/json"})
    same((status, fields["content-type"], problem["code"]), (413, "application/problem+json", "too_large"))
    if front.NAME == "nginx":
        return  # NGINX has its own limits
    answers = [client("GET", BASE + "api/v1/spaces") for _ in range(20)]
    limited = [answer for answer in answers if answer[0] == 429]
    expect(limited and all(fields["content-type"] == "application/problem+json" and body["code"] for _, fields, body in limited), answers[-1])


def test_the_operators_own_pages_are_below_the_base_path(place):
    server = serve(place)
    place.file("bodega-data/site/index.html", "<h1>ours</h1>")
    client = Client(server.url)
    status, _, page = client("GET", BASE + "site/")
    same((status, page), (200, b"<h1>ours</h1>"))
    same(client("GET", "/site/")[0], 404)


def test_the_api_describes_itself_below_the_base_path(place):
    same(Client(serve(place).url)("GET", BASE + "api/v1/openapi.json")[2]["servers"], [{"url": "/files"}])


class UnixClient(Client):
    def __init__(self, path):
        super().__init__("http://h")
        self.path = path

    def connection(self, timeout=60):
        connection = http.client.HTTPConnection("h", timeout=timeout)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(timeout)
        connection.sock.connect(self.path)
        return connection


def test_edge_and_app_have_the_same_paths(place):
    if front.NAME == "nginx":
        return  # there is no edge, and all other tests ask the app
    path = f"{place.path}/app.sock"
    server = serve(place, "--app-listen", path)
    edge, app = Client(server.url), UnixClient(path)
    html = {"Accept": "text/html"}
    for target in ("/", "/files", "/files/", "/files/sign-in", "/files/api/v1/openapi.json", "/files/absent", "/files/api/v1/absent",
                   "/api/v1/openapi.json", "/favicon.svg", "/files/favicon.svg", "/livez", "/readyz", "/files/livez", "/filesx"):
        for fields in ({}, html):
            answers = [client("GET", target, headers=fields) for client in (edge, app)]
            same((target, answers[0][0]), (target, answers[1][0]))
            same([answer[1].get("location") for answer in answers], [answers[0][1].get("location")] * 2)
            if answers[0][0] == 200 and "/api/" not in target:
                same((target, answers[0][2]), (target, answers[1][2]))


if __name__ == "__main__":
    main()
