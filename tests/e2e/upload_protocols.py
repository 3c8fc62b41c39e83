#!/usr/bin/env python3
"""Upload protocols beside the bytes, with bodies that are too large for a buffer: digests, parts, deferred lengths, overridden
methods."""
# fronts: direct tls nginx
import base64
import hashlib
import os

from bodega import blobs, coming_in, expect, main, same

TUS = {"Tus-Resumable": "1.0.0"}
PART = {**TUS, "Content-Type": "Application/Offset+Octet-Stream; x=y"}
BYTES = os.urandom(3_000_000)
HALF = len(BYTES) // 2


def b64(data):
    return base64.b64encode(data).decode()


def digest(name, data):
    return f"{name}=:{b64(hashlib.new(name.replace('-', ''), data).digest())}:"


def started(place):
    ana = place.serve().ready().set_up()
    return ana, ana.root()


def metadata(root, name):
    return {"Upload-Metadata": f"parent_id {b64(root.encode())},filename {b64(name.encode())}"}


def code_of(answer):
    return answer[0], answer[2]["code"]


def test_a_put_that_is_refused_leaves_nothing(place):
    ana, root = started(place)

    def put(fields):
        return ana("PUT", f"/api/v1/entries/{root}/files/a.bin", BYTES, fields)

    for field in ("Repr-Digest", "Content-Digest"):
        for name in ("sha-256", "sha-512"):
            same(code_of(put({field: digest(name, b"other")})), (400, "checksum_mismatch"))
    for fields in ({"Upload-Complete": "?0"}, {"Upload-Incomplete": "?1"}, {"Content-Range": "bytes 0-2999999/9000000"}):
        same(code_of(put(fields)), (400, "invalid"))
    same((ana("GET", f"/api/v1/entries/{root}/children")[2]["items"], blobs(place), coming_in(place)), ([], [], []))
    same(put({"Repr-Digest": f"{digest('sha-512', BYTES)}, {digest('sha-256', BYTES)}", "Upload-Complete": "?1"})[0], 201)


def test_a_deferred_length_with_the_last_bytes(place):
    ana, root = started(place)
    status, fields, _ = ana("POST", "/api/v1/uploads/", None, {**TUS, "Upload-Defer-Length": "1", **metadata(root, "a.bin")})
    same(status, 201)
    at, overridden = fields["location"], {**PART, "X-HTTP-Method-Override": "PATCH"}
    status, fields, _ = ana("POST", at, BYTES[:HALF], {**overridden, "Upload-Offset": "0"})
    same((status, fields["upload-offset"]), (204, str(HALF)))
    status, fields, _ = ana("POST", at, BYTES[:HALF], {**overridden, "Upload-Offset": "0"})
    same((status, fields["upload-offset"]), (409, str(HALF)))
    _, fields, _ = ana("HEAD", at, None, TUS)
    same((fields["upload-defer-length"], fields["upload-offset"], "upload-length" in fields), ("1", str(HALF), False))
    status, fields, _ = ana("PATCH", at, BYTES[HALF:], {**PART, "Upload-Offset": str(HALF), "Upload-Length": str(len(BYTES))})
    same((status, fields["upload-offset"]), (204, str(len(BYTES))))
    expect(ana("GET", f"/api/v1/entries/{fields['bodega-entry-id']}/content")[2] == BYTES, "other bytes")


def test_a_part_of_a_concatenation_is_refused_at_once(place):
    ana, root = started(place)
    fields = {**PART, "Upload-Length": str(len(BYTES)), "Upload-Concat": "partial", **metadata(root, "a.bin")}
    same(code_of(ana("POST", "/api/v1/uploads", BYTES, fields)), (400, "invalid"))
    same((ana("GET", "/api/v1/uploads")[2]["items"], coming_in(place)), ([], []))


if __name__ == "__main__":
    main()
