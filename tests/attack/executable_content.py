#!/usr/bin/env python3
"""Files that a browser could run in the app's origin: no front sends one with a type or disposition that lets it run.

fronts: direct nginx
"""
from attack import Client, expect, main, row, same

# Name, and bytes that would run.
FILES = {
    "a.js": b"document.title = 'ran'",
    "a.mjs": b"export default document.title = 'ran'",
    "a.css": b"body { background: url(//evil.example) }",
    "a.html": b"<script>document.title = 'ran'</script>",
    "a.htm": b"<script src='a.js'></script>",
    "a.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
    "a.xml": b"<?xml-stylesheet href='a.css'?><x/>",
    "a.xhtml": b"<html xmlns='http://www.w3.org/1999/xhtml'><script>1</script></html>",
    "a.wasm": b"\0asm\x01\0\0\0",
    "a.JS": b"document.title = 'ran'",
    "a": b"<script>1</script>",
}
# Types that no browser runs are kept.
OTHERS = {"a.png": "image/png", "a.pdf": "application/pdf", "a.zip": "application/zip", "a.csv": "text/csv", "a.mp4": "video/mp4"}
HARMLESS = ("text/plain; charset=utf-8", "application/octet-stream")


def ways(entry):
    """The ways to request a file's bytes."""
    at = f"/api/v1/entries/{entry['id']}"
    for path in (f"{at}/content", f"{at}/versions/1/content"):
        for disposition in ("", "?disposition=inline", "?disposition=attachment"):
            yield path + disposition


def check_fields(fields, path):
    expect(fields["x-content-type-options"] == "nosniff", path, fields)
    expect(fields.get("cross-origin-resource-policy") == "same-origin", path, fields)


def test_no_file_is_sent_with_an_active_type(place):
    server = place.serve().ready()
    client = server.set_up()
    root = client.root()
    with row("active files are sent as text or bytes, in a sandbox", server) as cost:
        for name, data in FILES.items():
            entry = client.put(root, name, data)
            for path in ways(entry):
                for how in ({}, {"Range": "bytes=0-3"}, {"Accept": "text/javascript"}, {"Sec-Fetch-Dest": "script"}):
                    status, fields, body = client("GET", path, headers=how)
                    expect(status in (200, 206), path, status)
                    expect(fields["content-type"] in HARMLESS, name, path, fields["content-type"])
                    expect(fields["content-security-policy"].startswith("sandbox;"), path, fields)
                    expect("allow-" not in fields["content-security-policy"], path, fields)
                    check_fields(fields, path)
            if not name.lower().endswith((".js", ".mjs", ".css", ".html", ".htm")):
                fields = client("GET", f"/api/v1/entries/{entry['id']}/content?disposition=inline")[1]
                expect(fields["content-disposition"].startswith("attachment"), name, fields)
    expect(cost.cpu < 10, cost)


def test_passive_types_are_kept(place):
    server = place.serve().ready()
    client = server.set_up()
    root = client.root()
    with row("images, PDF and archives keep their type and are still sandboxed", server) as cost:
        for name, mime in OTHERS.items():
            entry = client.put(root, name, b"0123456789")
            for path in ways(entry):
                status, fields, _ = client("GET", path)
                same(status, 200)
                shown_as_text = mime == "text/csv" and path.endswith("inline")
                expect(fields["content-type"] == ("text/plain; charset=utf-8" if shown_as_text else mime), path, fields["content-type"])
                policy = fields["content-security-policy"]
                if mime == "application/pdf":  # browsers start no PDF viewer in a sandbox
                    expect("sandbox" not in policy and policy.startswith("default-src 'none'") and "frame-ancestors 'self'" in policy, policy)
                else:
                    expect(policy.startswith("sandbox; default-src 'none'"), policy)
                check_fields(fields, path)
    expect(cost.cpu < 10, cost)


def test_other_sites_can_not_read_the_apps_answers(place):
    server = place.serve().ready()
    client = server.set_up()
    with row("answers of the API are for this origin only", server) as cost:
        for path in ("/api/v1/session", "/api/v1/spaces", "/api/v1/openapi.json", "/api/v1/nothing"):
            for caller in (client, Client(server.url)):
                fields = caller("GET", path, headers={"Origin": "https://evil.example"})[1]
                expect(fields.get("cross-origin-resource-policy") == "same-origin", path, fields)
                expect(not any(name.startswith("access-control") for name in fields), path, fields)
    expect(cost.cpu < 5, cost)


if __name__ == "__main__":
    main()
