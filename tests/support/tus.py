"""A tus client with accounting: acknowledged bytes must stay, and bytes sent again are counted."""
import base64
import hashlib
import http.client
import random
import select
import time
import urllib.parse

from bodega import Failed, expect

TUS = {"Tus-Resumable": "1.0.0"}
PART = {**TUS, "Content-Type": "application/offset+octet-stream"}
PIECE = 64 << 10
# Statuses that ask a client to retry; anything else is an error.
AGAIN = {409, 423, 429, 500, 502, 503, 504}


def b64(text):
    return base64.b64encode(text.encode()).decode()


def content(seed, size):
    """The same bytes for the same seed, at little cost."""
    return random.Random(seed).randbytes(min(size, 1 << 20)) * (size // (1 << 20) + 1)


class Upload:
    """The upload of one file. client: a bodega.Client, whose URL may change between requests."""

    def __init__(self, client, folder, name, data, rate=None, patience=120, timeout=30):
        self.client, self.folder, self.name, self.data = client, folder, name, data
        self.rate = rate  # bytes a second; None: unlimited
        self.patience = patience  # seconds without any progress
        self.digest = hashlib.sha256(data).hexdigest()
        self.timeout = timeout  # of each of the client's waits
        self.where = self.entry_id = None
        self.acknowledged = 0
        self.sent = 0  # the greatest offset that left this client
        self.sent_again = 0  # the most bytes that one interruption cost
        self.interruptions = 0

    def run(self):
        """Runs to the end, whatever happens on the way; returns the file's entry."""
        since, standing = time.monotonic(), -1
        while self.entry_id is None:
            if self.acknowledged != standing:
                since, standing = time.monotonic(), self.acknowledged
            expect(time.monotonic() - since < self.patience, self.name, "makes no progress at", self.acknowledged, "of", len(self.data))
            if not (self.step() if self.where else self.create()):
                time.sleep(0.2)
        return self.entry_id

    def create(self):
        """False: try again. A lost answer leaves an upload that nobody continues."""
        metadata = f"parent_id {b64(self.folder)},filename {b64(self.name)},sha256 {b64(self.digest)}"
        answer = self.ask("POST", "/api/v1/uploads", {**TUS, "Upload-Length": str(len(self.data)), "Upload-Metadata": metadata})
        if answer is None:
            return False
        expect(answer[0] == 201, self.name, answer)
        self.where = urllib.parse.urlsplit(answer[1]["location"]).path
        return True

    def step(self):
        """Requests the offset of the upload and sends the rest. False: it was interrupted."""
        if not self.look():
            return False
        return self.entry_id is not None or self.send_rest()

    def look(self):
        answer = self.ask("HEAD", self.where, TUS)
        if answer is None:
            return False
        expect(answer[0] in (200, 204), self.name, answer)
        self.note(answer[1])
        if self.sent > self.acknowledged:
            self.sent_again = max(self.sent_again, self.sent - self.acknowledged)
            self.sent = self.acknowledged
        return True

    def note(self, headers):
        offset = int(headers["upload-offset"])
        expect(offset >= self.acknowledged, self.name, "went back from", self.acknowledged, "to", offset)
        self.acknowledged = offset
        self.entry_id = headers.get("bodega-entry-id", self.entry_id)

    def ask(self, method, path, headers):
        """(status, headers), or None if there is no valid answer."""
        try:
            status, fields, body = self.client(method, path, b"" if method == "POST" else None, headers, timeout=self.timeout)
        except (OSError, http.client.HTTPException):
            return None
        return None if status in AGAIN else (status, fields, body)

    def send_rest(self):
        connection = http.client.HTTPConnection(self.client.url.netloc, timeout=self.timeout)
        try:
            self.begin(connection)
            self.send(connection)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            self.interruptions += 1
            return False
        finally:
            connection.close()
        if answer.status in AGAIN:
            if answer.status == 423:
                self.sent = self.acknowledged  # refused after its head
            else:
                self.interruptions += 1
            return False
        if answer.status != 204:
            raise Failed(f"{self.name}: a part was answered {answer.status}")
        self.note({name.lower(): value for name, value in answer.getheaders()})
        return True

    def begin(self, connection):
        connection.putrequest("PATCH", self.where)
        fields = {**self.client.headers(), **PART, "Upload-Offset": str(self.acknowledged), "Content-Length": str(len(self.data) - self.acknowledged)}
        for name, value in fields.items():
            connection.putheader(name, value)
        connection.endheaders()

    def send(self, connection):
        begin, first = time.monotonic(), self.acknowledged
        for offset in range(first, len(self.data), PIECE):
            if select.select([connection.sock], [], [], 0)[0]:
                return  # an answer before the end
            connection.send(memoryview(self.data)[offset : offset + PIECE])
            self.sent = min(offset + PIECE, len(self.data))
            if self.rate:
                time.sleep(max(0, begin + (self.sent - first) / self.rate - time.monotonic()))
