#!/usr/bin/env python3
"""Ids with more text than an id, and return addresses that lead to other sites: each is parsed by its type, or refused.

assets/tests/model/route.test.ts and tests/browser test the web app with the same addresses.

fronts: direct nginx
"""
import json

from attack import Client, expect, main, row

ENTRY = {"id": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "kind": "file", "name": "FORGED", "size": 1}
TAILS = ("%2Fcontent%3Fdisposition%3Dinline%26x%3D", "%2Fcontent", "%3Fdisposition%3Dinline", "%23", "%20", "%00", "%2F", "%5Ccontent",
         "%2F..%2Fsession", ";x=1", "%252Fcontent", "0", ".", "%2e%2e")
FROM = ("/\t/evil.example", "//evil.example", "/\\evil.example", "https://evil.example", "/profile/..//evil.example")


def test_malformed_ids_are_refused(place):
    server = place.serve().ready()
    client = server.set_up()
    file = client.put(client.root(), "entry.json", json.dumps(ENTRY).encode())["id"]
    with row("an id followed by a path is no other call", server) as cost:
        for tail in TAILS:
            for path in (f"/api/v1/entries/{file}{tail}", f"/api/v1/entries/{file}{tail}/content", f"/api/v1/entries/{file}{tail}/children"):
                for method in ("GET", "HEAD", "DELETE", "PATCH"):
                    status, _, body = client(method, path, {"name": "x"} if method == "PATCH" else None)
                    expect(status in (400, 404, 405), method, path, status)
                    expect("FORGED" not in str(body), method, path, body)
        expect(client("GET", f"/api/v1/entries/{file}")[2]["name"] == "entry.json")
    expect(cost.cpu < 5, cost)


def test_no_redirect_leads_to_another_site(place):
    server = place.serve().ready()
    client = server.set_up()
    with row("no address of a page redirects to another site", server) as cost:
        for caller in (client, Client(server.url)):
            for way in FROM:
                asked = "".join(f"%{byte:02X}" for byte in way.encode())
                for path in (f"/sign-in?next={asked}", f"/setup?next={asked}", f"/?preview={asked}", f"//evil.example/%2e%2e?next={asked}"):
                    status, fields, _ = caller("GET", path)
                    expect(status in (200, 400, 404) and "location" not in fields, path, status, fields)
    expect(cost.cpu < 5, cost)


if __name__ == "__main__":
    main()
