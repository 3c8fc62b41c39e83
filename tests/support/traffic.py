"""Steady traffic on some nodes, and a record of everything that they acknowledged.

Each worker has its own folder and records what must exist (acknowledged) and what may exist (the answer was a 503). At the
end all of it is requested from every node.
"""
import base64
import hashlib
import http.client
import json
import os
import threading
import time
import urllib.parse

KEPT_VERSIONS = 21  # of a file: files.versions_keep's default, and the current one
TUS = {"Tus-Resumable": "1.0.0"}


class Answer:
    def __init__(self, what, began, status, headers, body):
        self.what, self.began, self.ended = what, began, time.monotonic()
        self.status, self.headers, self.body = status, headers, body

    seconds = property(lambda self: self.ended - self.began)
    ok = property(lambda self: 200 <= self.status < 300)
    # Temporary refusals by the API's contract; an upload is locked (423) while an interrupted request's lease on it lasts.
    shed = property(lambda self: (self.status == 503 or self.locked) and self.headers.get("retry-after", "").isdigit())
    locked = property(lambda self: self.status == 423 and self.what == "patch")

    def __repr__(self):
        text = self.body if isinstance(self.body, str) else bytes(self.body)[:200].decode(errors="replace")
        return f"{self.what}: {self.status} after {self.seconds:.2f} s {text}"


class Caller:
    """One connection at a time to one node, kept alive; status 0: there was no answer."""

    def __init__(self, url, cookie, timeout=30):
        self.url, self.cookie, self.timeout, self.connection = urllib.parse.urlsplit(url), cookie, timeout, None

    def __call__(self, method, path, body=None, headers=None, what=None):
        began = time.monotonic()
        fields = {"Cookie": self.cookie, "Origin": f"{self.url.scheme}://{self.url.netloc}", **(headers or {})}
        try:
            if not self.connection:
                self.connection = http.client.HTTPConnection(self.url.netloc, timeout=self.timeout)
            self.connection.request(method, path, body, fields)
            answer = self.connection.getresponse()
            data = answer.read()
            if answer.will_close:
                self.close()
            return Answer(what or method, began, answer.status, {k.lower(): v for k, v in answer.getheaders()}, data)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            return Answer(what or method, began, 0, {}, repr(error))

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None


class Worker(threading.Thread):
    """Calls steps() repeatedly; derived classes implement it."""

    pause = 0.01

    def __init__(self, urls, cookie, folder):
        super().__init__(daemon=True)
        self.callers = [Caller(url, cookie) for url in urls]
        self.folder, self.answers, self.turns = folder, [], 0
        self.over = threading.Event()
        self.crash = None

    def run(self):
        try:
            while not self.over.is_set():
                self.turns += 1
                self.step()
                self.over.wait(self.pause)
        except Exception as error:  # the verdict tells
            self.crash = error

    def call(self, *words, **more):
        """By one node after the other."""
        caller = self.callers[len(self.answers) % len(self.callers)]
        answer = caller(*words, **more)
        self.answers.append(answer)
        return answer


class Reader(Worker):
    """Lists a folder and reads a file in it, whose bytes are known."""

    def __init__(self, urls, cookie, folder, file, data):
        super().__init__(urls, cookie, folder)
        self.file, self.data, self.wrong = file, data, []

    def step(self):
        self.call("GET", f"/api/v1/entries/{self.folder}/children", what="list")
        answer = self.call("GET", f"/api/v1/entries/{self.file}/content", what="read")
        if answer.ok and answer.body != self.data:
            self.wrong.append(answer)

    def missing(self, _):
        return [f"read other bytes than were written: {a!r}" for a in self.wrong]


class Writer(Worker):
    """Makes folders, renames and deletes them, and writes a file again and again."""

    def __init__(self, urls, cookie, folder):
        super().__init__(urls, cookie, folder)
        self.names = {}      # id -> the set of possible names of the entry; None in it: it may be deleted
        self.perhaps = set()  # names that may exist: the outcome is unknown
        self.versions, self.perhaps_versions = [], set()  # digests
        self.file = None

    def step(self):
        self.make(f"made {self.turns}")
        self.write(os.urandom(500))
        if self.turns % 3 == 0:
            self.rename(f"renamed {self.turns}")
        if self.turns % 5 == 0:
            self.delete()

    def make(self, name):
        answer = self.call("POST", f"/api/v1/entries/{self.folder}/folders", json.dumps({"name": name}),
                           {"Content-Type": "application/json"}, what="make")
        if answer.ok:
            self.names[json.loads(answer.body)["id"]] = {name}
        else:
            self.perhaps.add(name)

    def write(self, data):
        digest = hashlib.sha256(data).hexdigest()
        answer = self.call("PUT", f"/api/v1/entries/{self.folder}/files/again", data, what="put")
        if answer.ok:
            self.versions.append(digest)
            self.file = json.loads(answer.body)["id"]
        else:
            self.perhaps_versions.add(digest)

    def certain(self):
        """The entry made last whose name is known."""
        return next((i for i, names in reversed(self.names.items()) if len(names) == 1 and None not in names), None)

    def rename(self, name):
        if entry := self.certain():
            answer = self.call("PATCH", f"/api/v1/entries/{entry}", json.dumps({"name": name}),
                               {"Content-Type": "application/json"}, what="rename")
            self.names[entry] = {name} if answer.ok else self.names[entry] | {name}

    def delete(self):
        if entry := self.certain():
            answer = self.call("DELETE", f"/api/v1/entries/{entry}", what="delete")
            if answer.ok:
                del self.names[entry]
            else:
                self.names[entry] = self.names[entry] | {None}

    def missing(self, caller):
        return [*self.missing_names(self.listing(caller)), *self.missing_versions(caller)]

    def listing(self, caller):
        there, cursor = {}, ""
        while cursor is not None:
            query = f"?limit=500&cursor={cursor}" if cursor else "?limit=500"
            page = json.loads(caller("GET", f"/api/v1/entries/{self.folder}/children{query}").body)
            there.update({item["id"]: item["name"] for item in page["items"]})
            cursor = page["next_cursor"]
        return there

    def missing_names(self, there):
        if self.file:
            there.pop(self.file, None)
        for entry, names in self.names.items():
            if there.pop(entry, None) not in names:
                yield f"{entry} should be one of {names}"
        for entry, name in there.items():
            if name not in self.perhaps and name != "again":
                yield f"{name} is there and was never asked for, or deleted, or made twice"

    def missing_versions(self, caller):
        if not self.file:
            return
        listed = json.loads(caller("GET", f"/api/v1/entries/{self.file}/versions").body)["items"]
        there = [version["sha256"] for version in reversed(listed)]
        if len(set(there)) != len(there):
            yield "a file was written twice"
        known = [digest for digest in there if digest not in self.perhaps_versions]
        # The oldest are deleted when there are too many.
        lost = len(self.versions) - len(known) if len(there) >= KEPT_VERSIONS else 0
        if known != self.versions[lost:]:
            yield f"{len(self.versions)} versions were acknowledged; of {len(there)} that are there some differ"


class Uploader(Worker):
    """Files by tus in two parts, each sent until it is acknowledged."""

    size = 200_000

    def __init__(self, urls, cookie, folder):
        super().__init__(urls, cookie, folder)
        self.done, self.wrong = {}, []  # id -> digest

    def step(self):
        data = os.urandom(self.size)
        meta = f"parent_id {b64(self.folder)},filename {b64(f'upload {self.turns}')}"
        made = self.call("POST", "/api/v1/uploads", b"", {**TUS, "Upload-Length": str(len(data)), "Upload-Metadata": meta}, what="create")
        if not made.ok:
            return
        path, offset, part = urllib.parse.urlsplit(made.headers["location"]).path, 0, self.size // 2
        while not self.over.is_set():
            answer = self.call("PATCH", path, data[offset:offset + part], {
                **TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": str(offset)}, what="patch")
            if answer.ok and "bodega-entry-id" in answer.headers:
                self.done[answer.headers["bodega-entry-id"]] = hashlib.sha256(data).hexdigest()
                return
            stands = int(answer.headers["upload-offset"]) if answer.ok else self.ask(path, offset)
            if stands < offset:
                self.wrong.append(f"{path}: {offset} bytes were acknowledged, and now {stands}")
            offset = stands

    def ask(self, path, offset):
        self.over.wait(0.1)
        answer = self.call("HEAD", path, headers=TUS, what="head")
        return int(answer.headers["upload-offset"]) if answer.ok else offset

    def missing(self, caller):
        yield from self.wrong
        for entry, digest in self.done.items():
            answer = caller("GET", f"/api/v1/entries/{entry}/content")
            if hashlib.sha256(answer.body).hexdigest() != digest:
                yield f"the upload {entry} has other bytes: {answer!r}"


class Traffic:
    """Workers with one folder each, while the `with` statement lasts."""

    def __init__(self, urls, client, name, writers=3, readers=2, uploaders=1):
        self.urls, self.client = urls, client
        root = client.root()
        self.home = self.folder(root, name)
        data = os.urandom(3000)
        file = client.put(self.home, "read me", data)["id"]
        folders = [self.folder(self.home, f"worker {i}") for i in range(writers + uploaders)]
        self.workers = [Reader(urls, client.cookie, self.home, file, data) for _ in range(readers)]
        self.workers += [(Writer if i < writers else Uploader)(urls, client.cookie, folder) for i, folder in enumerate(folders)]

    def folder(self, parent, name):
        return self.client("POST", f"/api/v1/entries/{parent}/folders", {"name": name})[2]["id"]

    def __enter__(self):
        self.began = time.monotonic()
        for worker in self.workers:
            worker.start()
        return self

    def __exit__(self, *_):
        for worker in self.workers:
            worker.over.set()
        for worker in self.workers:
            worker.join(60)

    def answers(self, since=0.0):
        return [a for worker in self.workers for a in list(worker.answers) if a.ended >= since]

    def complaints(self, limit):
        """Answers that are neither success nor a temporary refusal within `limit` seconds."""
        return [a for a in self.answers() if not a.ok and not (a.shed and a.seconds <= limit)]

    def well_since(self, since, quiet=0.7):
        """The time when the last refusal ended, at least `since`; None until nothing has failed for `quiet` seconds."""
        now = time.monotonic()
        bad = max([since, *(a.ended for a in self.answers(since) if not a.ok and not a.locked)])
        well = all(any(a.ok or a.locked for a in list(w.answers)[-20:] if a.ended > bad) for w in self.workers)
        return bad if well and now - bad > quiet else None

    def losses(self):
        """Acknowledged entries that some node does not show."""
        found = [f"{type(w).__name__} ended: {w.crash!r}" for w in self.workers if w.crash]
        for url in self.urls:
            caller = Caller(url, self.client.cookie)
            found += [f"{url}: {line}" for worker in self.workers for line in worker.missing(caller)]
        return found


def b64(text):
    return base64.b64encode(text.encode()).decode()
