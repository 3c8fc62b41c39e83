"""bodega under measurement: started in a temporary folder, set up, signed in, and filled."""
import os
import re
import sqlite3
import time
import urllib.parse

from process import Process, answers, call, free_port, make_certificate, wait_for

MILLION_SQLITE = """
INSERT INTO entries (id, space_id, parent_id, kind, name, name_key, size, mime, blob_id, sha256, created_at, modified_at, modified_by)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
SELECT row_id(i), e.space_id, :folder, 1, printf('scan %07d.pdf', i), printf('scan %07d.pdf', i), i, 'application/pdf',
       e.blob_id, e.sha256, 1790000000000 + i, 1790000000000 + i, e.modified_by FROM n, entries e WHERE e.id = :sample
"""
MILLION_MYSQL = """
INSERT INTO entries (id, space_id, parent_id, kind, name, name_key, size, mime, blob_id, sha256, created_at, modified_at, modified_by)
SELECT CONCAT(LEFT(UNHEX('{folder}'), 12), UNHEX(LPAD(HEX(seq), 8, '0'))), e.space_id, UNHEX('{folder}'), 1, CONCAT('scan ', LPAD(seq, 7, '0'), '.pdf'), CONCAT('scan ', LPAD(seq, 7, '0'), '.pdf'),
       seq, 'application/pdf', e.blob_id, e.sha256, 1790000000000 + seq, 1790000000000 + seq, e.modified_by
FROM seq_1_to_{count}, entries e WHERE e.id = UNHEX('{sample}')
"""
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def ulid_hex(text):
    value = 0
    for c in text:
        value = value * 32 + CROCKFORD.index(c)
    return f"{value:032x}"


class Bodega:
    def __init__(self, binary, folder, mariadb=None):
        os.makedirs(folder, exist_ok=True)
        self.folder, self.mariadb, self.port = folder, mariadb, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.tls_port = free_port()
        self.admin = f"http://127.0.0.1:{free_port()}"
        env = {**os.environ, "BODEGA_EDGE_ADMIN_LISTEN": self.admin, "BODEGA_EDGE_LISTEN": f"{self.url},https://127.0.0.1:{self.tls_port}",
               "BODEGA_EDGE_TLS_CERTIFICATES": " ".join(make_certificate(folder))}
        if mariadb:
            env.update(mariadb.environment("bodega"))
        log = f"{folder}/log"
        begin = time.monotonic()
        self.process = Process([os.path.abspath(binary), "serve"], cwd=folder, env=env, log=log)
        wait_for(lambda: answers(self.url + "/readyz"), "bodega")
        self.ready_ms = 1000 * (time.monotonic() - begin)
        time.sleep(0.3)
        token = re.search(r"/setup\S*token=([\w.~-]+)", open(log).read())
        self.cookie = self.origin = None
        if token:
            self.set_up(token[1])

    def set_up(self, token):
        self.origin = {"Origin": self.url}
        password = "bench-password-1"
        call(self.url + "/api/v1/setup", "POST", {"token": token, "username": "ana", "password": password}, self.origin)
        r, _ = call(self.url + "/api/v1/session", "POST", {"username": "ana", "password": password}, self.origin)
        self.cookie = next(c.split(";")[0] for c in r.headers.get_all("Set-Cookie") if c.split("=")[0].endswith("bodega"))
        self.origin["Cookie"] = self.cookie
        self.root = call(self.url + "/api/v1/spaces", headers=self.origin)[1]["items"][0]["root_id"]

    @property
    def headers(self):
        return [f"Cookie: {self.cookie}"]

    def token(self):
        return call(f"{self.url}/api/v1/tokens", "POST", {"name": "bench"}, self.origin)[1]["token"]

    def folder_of(self, name):
        return call(f"{self.url}/api/v1/entries/{self.root}/folders", "POST", {"name": name}, self.origin)[1]["id"]

    def put(self, folder, name, data):
        headers = {**self.origin, "Content-Type": "application/octet-stream"}
        return call(f"{self.url}/api/v1/entries/{folder}/files/{urllib.parse.quote(name)}", "PUT", data, headers)[1]["id"]

    def children(self, folder):
        return f"{self.url}/api/v1/entries/{folder}/children"

    def content(self, entry):
        return f"{self.url}/api/v1/entries/{entry}/content"

    def fill(self, folder, count):
        """Inserts rows directly into the catalog, as a million uploads would leave them, without the hours that they take."""
        sample, parent = ulid_hex(self.put(folder, "sample.pdf", b"sample")), ulid_hex(folder)
        if self.mariadb:
            self.mariadb.run(MILLION_MYSQL.format(count=count, folder=parent, sample=sample), "bodega")
            self.mariadb.run(f"UPDATE entries SET state = state + 1, child_count = child_count + {count} WHERE id = UNHEX('{parent}'); ANALYZE TABLE entries", "bodega")
        else:
            self.fill_sqlite(count, parent, sample)
        total = call(self.children(folder), headers=self.origin)[1]["total"]
        if total != count + 1:
            raise SystemExit(f"bench: the folder has {total} entries, not {count + 1}")

    def fill_sqlite(self, count, parent, sample):
        db = sqlite3.connect(f"{self.folder}/bodega-data/bodega.db", timeout=60)
        db.create_function("row_id", 1, lambda i: bytes.fromhex(parent)[:12] + i.to_bytes(4, "big"))
        with db:
            db.execute(MILLION_SQLITE.format(count=count), {"folder": bytes.fromhex(parent), "sample": bytes.fromhex(sample)})
            db.execute("UPDATE entries SET state = state + 1, child_count = child_count + ? WHERE id = ?", (count, bytes.fromhex(parent)))
        db.close()
