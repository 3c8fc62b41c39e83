"""People who work in a fleet's files while its nodes start and stop, and a model of everything acknowledged to them.

Each person has a folder, so the expected final state is known exactly: a call whose answer was lost is repeated until it
is answered, and that answer counts.
"""
import hashlib
import http.client
import random
import threading
import time
import urllib.parse

from bodega import Client, Failed, expect
from tus import AGAIN, Upload, content

PATIENCE = 120  # seconds for one call, all its tries together


class Stubborn(Client):
    """Repeats each call until it is answered. tries: the number of failed tries."""

    tries = 0

    def __call__(self, method, path, body=None, headers=None, timeout=20):
        end, failure = time.monotonic() + PATIENCE, None
        while time.monotonic() < end:
            try:
                answer = super().__call__(method, path, body, headers, timeout)
                if answer[0] not in AGAIN or is_certain(answer):
                    return answer
                failure = answer[0]
            except (OSError, http.client.HTTPException) as error:
                failure = repr(error)
            self.tries += 1
            time.sleep(0.1)
        raise Failed(f"{method} {path}: no answer within {PATIENCE} s, at last {failure}")


def is_certain(answer):
    """Whether this is a real conflict and not only a request to retry."""
    return answer[0] == 409 and isinstance(answer[2], dict) and answer[2].get("code") == "name_taken"


class Person(threading.Thread):
    """Works from start() until stop() and join(); `held` is the expected state then: {name: (sha256, size)}."""

    def __init__(self, fleet, admin, number, seed):
        super().__init__(daemon=True)
        self.random = random.Random(f"{seed} {number}")
        self.client = Stubborn(fleet.url)
        self.client.cookie = admin.cookie
        self.folder_name = f"{type(self).__name__} {number}"
        self.folder = make_folder(self.client, admin.root(), self.folder_name)
        self.held, self.error, self.done, self.number = {}, None, 0, number
        self.over = threading.Event()

    def run(self):
        try:
            while not self.over.is_set():
                self.work()
                self.done += 1
        except Exception as error:
            self.error = f"{self.folder_name}: {error!r}"

    def stop(self):
        self.over.set()


def make_folder(client, parent, name):
    status, _, body = client("POST", f"/api/v1/entries/{parent}/folders", {"name": name})
    if status == 201:
        return body["id"]
    expect(status == 409, status, body)  # by an earlier try, whose answer was lost
    return next(item["id"] for item in children(client, parent) if item["name"] == name)


def children(client, folder):
    items, cursor = [], ""
    while cursor is not None:
        status, _, page = client("GET", f"/api/v1/entries/{folder}/children?limit=500" + (f"&cursor={urllib.parse.quote(cursor)}" if cursor else ""))
        expect(status == 200, status, page)
        items += page["items"]
        cursor = page["next_cursor"]
    return items


class Uploader(Person):
    """One upload after the other, each to its end."""

    rate = 512 << 10  # bytes a second
    sizes = (1 << 20, 6 << 20)

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.sent_again, self.longest, self.bytes, self.interruptions = 0, 0.0, 0, 0

    def work(self):
        size, name = self.random.randrange(*self.sizes), f"upload {self.done}.bin"
        data = content(self.random.random(), size)[:size]
        client = Client(self.client.url.geturl())
        client.cookie = self.client.cookie
        upload, begin = Upload(client, self.folder, name, data, self.rate, patience=400), time.monotonic()
        upload.run()
        self.held[name] = (upload.digest, size)
        self.longest = max(self.longest, time.monotonic() - begin)
        self.sent_again = max(self.sent_again, upload.sent_again)
        self.bytes += size
        self.interruptions += upload.interruptions


class Editor(Person):
    """Writes, renames, deletes and reads small files; the next call has to see each acknowledged change."""

    pause = 0.05

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.ids, self.made = {}, 0

    def work(self):
        actions = [self.write, self.write, self.rename, self.rename, self.read, self.read, self.look, self.delete]
        self.random.choice(actions if self.held else [self.write])()
        time.sleep(self.pause)

    def any(self):
        return self.random.choice(sorted(self.held))

    def new_name(self):
        self.made += 1
        return f"file {self.made:05}.txt"

    def write(self):
        name = self.any() if self.held and self.random.random() < 0.4 else self.new_name()
        data = self.random.randbytes(self.random.randrange(1, 60_000))
        status, _, body = self.client("PUT", f"/api/v1/entries/{self.folder}/files/{urllib.parse.quote(name)}", data)
        expect(status in (200, 201), status, body)
        self.held[name], self.ids[name] = (hashlib.sha256(data).hexdigest(), len(data)), body["id"]

    def rename(self):
        old, new = self.any(), self.new_name()
        status, _, body = self.client("PATCH", f"/api/v1/entries/{self.ids[old]}", {"name": new})
        expect(status == 200 and body["name"] == new, status, body)
        self.held[new], self.ids[new] = self.held.pop(old), self.ids.pop(old)

    def delete(self):
        if len(self.held) < 10:
            return
        name = self.any()
        status, _, body = self.client("DELETE", f"/api/v1/entries/{self.ids[name]}")
        expect(status in (200, 204, 404), status, body)  # 404, 409: by an earlier try
        del self.held[name], self.ids[name]

    def read(self):
        name = self.any()
        status, _, body = self.client("GET", f"/api/v1/entries/{self.ids[name]}/content")
        expect((status, hashlib.sha256(body).hexdigest()) == (200, self.held[name][0]), name, status)

    def look(self):
        seen = {item["name"]: (item["sha256"], item["size"]) for item in children(self.client, self.folder)}
        expect(seen == self.held, "a listing differs:", difference(self.held, seen))


def difference(wanted, seen):
    return {name: (wanted.get(name), seen.get(name)) for name in wanted.keys() | seen.keys() if wanted.get(name) != seen.get(name)}


def compare(people, node, cookie):
    """The differences between the acknowledged names, digests and bytes and those that this node shows."""
    client, wrong = Client(node.url), []
    client.cookie = cookie
    for person in people:
        items = children(client, person.folder)
        seen = {item["name"]: (item["sha256"], item["size"]) for item in items}
        wrong += [(node.number, person.folder_name, *one) for one in difference(person.held, seen).items()]
        for item in items:
            body = client("GET", f"/api/v1/entries/{item['id']}/content")[2]
            if hashlib.sha256(body).hexdigest() != item["sha256"]:
                wrong.append((node.number, person.folder_name, item["name"], "has other bytes than its digest says"))
    return wrong
