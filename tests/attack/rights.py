#!/usr/bin/env python3
"""Rights in one space give none in another, whatever moves between the two meanwhile."""
import base64
import urllib.parse

from attack import *  # noqa: F401, F403
from attack import Client, expect, main, row, same

OLD, NEW = b"the report as it was", b"what eve would have"
TUS = {"Tus-Resumable": "1.0.0"}
PART = {**TUS, "Content-Type": "application/offset+octet-stream"}


def b64(text):
    return base64.b64encode(text.encode()).decode()


class Spaces:
    """ana manages alpha and beta; eve is an editor of alpha alone."""

    def __init__(self, place, *flags):
        place.file("password", "a fine password of hers\n")
        self.server = place.serve(*flags).ready()
        self.ana = self.server.set_up()
        place.succeeds("user", "add", "eve", "--password-file", f"{place.path}/password")
        self.eve = Client(self.server.url).sign_in("eve", "a fine password of hers")
        self.eve_id = self.eve("GET", "/api/v1/session")[2]["user"]["id"]
        self.alpha, self.beta = self.space("alpha"), self.space("beta")
        self.role(self.alpha, "editor")
        self.folder = self.make(self.alpha["root_id"], "reports")
        self.report = self.ana.put(self.folder, "report.txt", OLD)["id"]

    def space(self, name):
        status, _, body = self.ana("POST", "/api/v1/spaces", {"name": name})
        expect(status == 201, status, body)
        return body

    def role(self, space, role):
        status, _, body = self.ana("PUT", f"/api/v1/spaces/{space['id']}/members/{self.eve_id}", {"role": role})
        expect(status in (200, 201), status, body)

    def make(self, parent, name):
        status, _, body = self.ana("POST", f"/api/v1/entries/{parent}/folders", {"name": name})
        same(status, 201)
        return body["id"]

    def move(self, entry, **change):
        status, _, body = self.ana("PATCH", f"/api/v1/entries/{entry}", change)
        expect(status == 200, status, body)

    def upload(self, data):
        """Eve's, begun in the folder."""
        meta = f"parent_id {b64(self.folder)},filename {b64('report.txt')}"
        fields = {**TUS, "Upload-Length": str(len(data)), "Upload-Metadata": meta}
        status, headers, body = self.eve("POST", "/api/v1/uploads", b"", fields)
        expect(status == 201, status, body)
        return urllib.parse.urlsplit(headers["location"]).path

    def patch(self, where, offset, data):
        return self.eve("PATCH", where, data, {**PART, "Upload-Offset": str(offset)})[0]

    def content(self):
        return self.ana("GET", f"/api/v1/entries/{self.report}/content")[2]


def test_an_upload_needs_rights_where_its_folder_is(place):
    spaces = Spaces(place)
    with row("an upload whose folder moved to another space needs a right there", spaces.server):
        where = spaces.upload(NEW)
        same(spaces.patch(where, 0, NEW[:5]), 204)
        spaces.move(spaces.folder, parent_id=spaces.beta["root_id"])
        same(spaces.patch(where, 5, NEW[5:]), 403)
        same(spaces.content(), OLD)
        spaces.role(spaces.beta, "viewer")
        same(spaces.patch(where, 5, NEW[5:]), 403)
        same(spaces.content(), OLD)
        spaces.role(spaces.beta, "editor")
        same(spaces.patch(where, 5, NEW[5:]), 204)
        same(spaces.content(), NEW)


def test_a_lost_right_ends_an_upload(place):
    spaces = Spaces(place)
    with row("an upload of a removed member creates no file", spaces.server):
        where = spaces.upload(NEW)
        same(spaces.patch(where, 0, NEW[:5]), 204)
        status, _, body = spaces.ana("DELETE", f"/api/v1/spaces/{spaces.alpha['id']}/members/{spaces.eve_id}")
        expect(status == 204, status, body)
        same(spaces.patch(where, 5, NEW[5:]), 403)
        same(spaces.content(), OLD)


def test_the_trash_shows_no_names_of_foreign_spaces(place):
    spaces = Spaces(place)

    def original_path():
        status, _, body = spaces.eve("GET", f"/api/v1/spaces/{spaces.alpha['id']}/trash")
        same(status, 200)
        return [item["original_path"] for item in body["items"]]

    with row("the trash hides names of folders in foreign spaces", spaces.server):
        same(spaces.ana("DELETE", f"/api/v1/entries/{spaces.report}")[0], 204)
        same(original_path(), ["reports"])
        spaces.move(spaces.folder, parent_id=spaces.beta["root_id"])
        spaces.move(spaces.folder, name="merger with the competitor")
        same(original_path(), [None])
        status, _, body = spaces.eve("POST", f"/api/v1/entries/{spaces.report}/restore", {})
        same((status, "merger" in str(body)), (409, False))
        spaces.role(spaces.beta, "viewer")
        same(original_path(), ["merger with the competitor"])


main()
