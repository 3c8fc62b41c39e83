#!/usr/bin/env python3
"""Commands that root runs on a service's folder create files as the service's account. When the service can't use its folder,
readyz, doctor and every command report it with the path."""
import os
import shutil
import subprocess
import sys
import threading
from contextlib import ExitStack

import mariadb
from bodega import BINARY, PASSWORD, Client, Skipped, environment, expect, free_port, main, same, until

SERVICE = 3901  # an account id that nothing else uses
# ACCOUNT COPY BINARY WORDS...: runs the copy instead of the binary, which may be in a folder that only root can read.
BECOME = "import os, sys; os.setgroups([]); os.setgid(int(sys.argv[1])); os.setuid(int(sys.argv[1])); os.execv(sys.argv[2], [sys.argv[2], *sys.argv[4:]])"


class Installation:
    """A data folder that belongs to the service, and the server under its account."""

    def __init__(self, place):
        if os.geteuid() != 0:
            raise Skipped("only root can act as another account")
        self.place, self.data = place, f"{place.path}/bodega-data"
        for folder in (place.path, os.path.dirname(place.path)):  # tests are given a folder of their own user
            os.chmod(folder, os.stat(folder).st_mode | 0o055)
        self.binary = f"{place.path}/bodega"
        shutil.copy(BINARY, self.binary)
        self.folder("bodega-data")

    def folder(self, name):
        os.makedirs(f"{self.place.path}/{name}", 0o750)
        os.chown(f"{self.place.path}/{name}", SERVICE, SERVICE)
        return f"{self.place.path}/{name}"

    def serve(self, *flags, **options):
        """The process changes to the service's account, then executes bodega."""
        return self.place.serve(*flags, prefix=(sys.executable, "-c", BECOME, str(SERVICE), self.binary), **options)

    def as_service(self, *words, env=None):
        command = [sys.executable, "-c", BECOME, str(SERVICE), self.binary, BINARY, *words]
        done = subprocess.run(command, cwd=self.place.path, env=environment(env), stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        return done.returncode, (done.stdout + done.stderr).decode()

    def not_the_services(self, *folders):
        out = []
        for top in folders or (self.data,):
            for folder, _, files in os.walk(top):
                out += [path for path in (folder, *(f"{folder}/{name}" for name in files)) if os.lstat(path).st_uid != SERVICE]
        return out


def test_files_that_root_makes_belong_to_the_service(place):
    installation = Installation(place)
    place.file("from/a.txt", b"some bytes")
    place.file("password", "another fine word")
    server = installation.serve().ready()
    ana = server.set_up()
    space = ana("GET", "/api/v1/spaces")[2]["items"][0]
    backup, moved, restored = installation.folder("backup"), installation.folder("moved"), installation.folder("restored")
    beside = [("import", "from", "--space", space["id"]), ("user", "add", "beni", "--password-file", "password"),
              ("user", "passwd", "beni", "--password-file", "password"), ("fsck", "--repair"), ("doctor",), ("backup", backup)]
    for words in beside:
        place.run(*words)
        same((words[0], installation.not_the_services(installation.data, backup)), (words[0], []))
    entry = ana("GET", f"/api/v1/entries/{space['root_id']}/children")[2]["items"][0]
    same(ana("GET", f"/api/v1/entries/{entry['id']}/content")[2], b"some bytes")
    same(server.stop(), 0)
    alone = [("user", "passwd", "beni", "--password-file", "password"), ("adopt",),
             ("move-catalog", "--from", "sqlite:bodega-data/bodega.db", "--to", f"sqlite:{moved}/bodega.db"),
             ("restore", backup, "--node-data-dir", restored), ("user", "add", "caro", "--password-file", "password", "--node-data-dir", restored)]
    for words in alone:
        place.succeeds(*words)
        same((words[0], installation.not_the_services(installation.data, backup, moved, restored)), (words[0], []))
    server = installation.serve().ready()
    ana = Client(server.url).sign_in("ana")
    ana.put(space["root_id"], "b.txt", b"more")
    same(ana("GET", f"/api/v1/entries/{entry['id']}/content")[2], b"some bytes")
    same(server.stop(), 0)


def test_root_without_chown_makes_no_files(place):
    """A container without the right to act as others."""
    installation = Installation(place)
    same(installation.as_service("migrate", "--node-data-dir", "bodega-data")[0], 0)
    server = installation.serve().ready()
    same(server.stop(), 0)
    if not shutil.which("setpriv"):
        raise Skipped("setpriv is not here")
    done = subprocess.run(["setpriv", "--bounding-set=-setuid,-setgid", "--inh-caps=-setuid,-setgid", BINARY, "fsck"], cwd=place.path, env=environment(),
                          capture_output=True, text=True, timeout=60)
    expect(done.returncode == 2 and "run this as that user" in done.stderr and "bodega-data/incoming" in done.stderr, done)
    same(installation.not_the_services(), [])


# What the service can't do with its folder: the path, the damage, and its repair.
OBSTACLES = [
    ("incoming", lambda path: os.chmod(path, 0o500), lambda path: os.chmod(path, 0o750)),
    ("generation", lambda path: os.chown(path, 0, 0), lambda path: os.chown(path, SERVICE, SERVICE)),
    ("blobs", lambda path: os.chmod(path, 0), lambda path: os.chmod(path, 0o750)),
    ("bodega.json", lambda path: os.chmod(path, 0), lambda path: os.chmod(path, 0o640)),
]
READ_ONLY = (".", lambda path: subprocess.run(["mount", "-o", "remount,bind,ro", path], check=True),
             lambda path: subprocess.run(["mount", "-o", "remount,bind,rw", path], check=True))


def state(server, admin):
    answer = Client(admin)("GET", "/metrics")[2].decode()
    return next(line.split('"')[1] for line in answer.splitlines() if line.startswith("bodega_folder_state{") and line.endswith(" 1"))


def is_noticed(place, installation, name, spoil, mend, database):
    shared = installation.folder(f"shared {name}")
    with ExitStack() as stack:
        if name == ".":
            subprocess.run(["mount", "--bind", shared, shared], check=True)
            stack.callback(subprocess.run, ["umount", "--lazy", shared])
        flags = ["--node-shared-dir", shared, "--edge-admin-listen", f"http://127.0.0.1:{free_port()}"]
        env, data = None, installation.folder(f"data {name}")
        if database:
            env = database.new_database("one")
        server = installation.serve(*flags, data=data, env=(env or {}) | {"BODEGA_ADMIN_USER": "ana", "BODEGA_ADMIN_PASSWORD_FILE": installation.password}, log=f"log {name}").ready()
        ana = Client(server.url).sign_in("ana")
        ana.put(ana.root(), "a", b"some")
        until(lambda: state(server, flags[3]) == "ours", "a look at the folder", 20, 0.2)
        path = os.path.normpath(f"{shared}/{name}")
        spoil(path)
        try:
            until(lambda: not server.is_ready(), f"{name}: not ready", 20, 0.1)
            same(state(server, flags[3]), "unusable")
            same(Client(server.url)("GET", "/livez")[0], 200)
            expect(path in server.output(), name, server.output()[-1500:])
            expect(path not in str(Client(server.url)("GET", "/readyz")[2]), name)
            code, out, err = place.run("doctor", "--node-data-dir", data, "--node-shared-dir", shared, env=env)
            expect(code == 1 and path in out, name, code, out, err)
        finally:
            mend(path)
        until(server.is_ready, f"{name}: ready again", 20, 0.1)
        same(server.stop(), 0)


def test_a_folder_that_can_not_be_used(place):
    installation = Installation(place)
    installation.password = place.file("admin-password", PASSWORD)
    os.chmod(installation.password, 0o644)
    database = mariadb.MariaDB(place)
    failures = []

    def run(row, on):
        try:
            is_noticed(place, installation, *row, on)
        except Exception as error:  # reported by the test's main thread
            failures.append(error)

    rows = [(row, database if row[0] == "incoming" else None) for row in (*OBSTACLES, READ_ONLY)]
    threads = [threading.Thread(target=run, args=row) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def test_errors_name_the_path(place):
    """Runs as the service's account with one path that denies all access."""
    installation = Installation(place)
    place.file("from/a.txt", b"some bytes")
    os.chmod(f"{place.path}/from", 0o755)
    server = installation.serve().ready()
    ana = server.set_up()
    ana.put(ana.root(), "kept", b"bytes")
    space = ana("GET", "/api/v1/spaces")[2]["items"][0]["id"]
    same(server.stop(), 0)
    blob = next(os.path.join(d, f) for d, _, files in os.walk(f"{installation.data}/blobs") for f in files)
    imports = ("import", "from", "--space", space)
    rows = [("incoming", "fsck", "doctor", "serve", imports), ("blobs", "fsck", "doctor", "serve", imports),
            (os.path.relpath(os.path.dirname(blob), installation.data), "fsck", "doctor"), (os.path.relpath(blob, installation.data), "fsck", "doctor"),
            ("bodega.json", "fsck", "doctor", "serve", imports), ("bodega.db", "fsck", "doctor", "serve", imports),
            ("../config.toml", ("config", "check"), "serve", "fsck"), ("../db-password", ("config", "check"), "serve")]
    place.file("config.toml", "[log]\nlevel = 'info'\n")
    place.file("db-password", "secret")
    others = {"../db-password": {"DB_HOST": "localhost", "DB_PASSWORD_FILE": "db-password"}}
    for name, *commands in rows:
        path = f"{installation.data}/{name}"
        mode = os.stat(path).st_mode
        os.chmod(path, 0)
        for words in commands:
            code, out = installation.as_service(*([words] if isinstance(words, str) else words), env=others.get(name))
            expect(code != 0 and os.path.normpath(f"{installation.data if name.startswith('..') else 'bodega-data'}/{name}") in out, name, words, code, out)
            expect("Permission denied" in out, name, words, code, out)
            # The message says whose right is missing, and what to do.
            expect(words == "doctor" or f"for uid {SERVICE}; give that account the right to it" in out, name, words, code, out)
        os.chmod(path, mode)
    same(installation.as_service("fsck"), (0, installation.as_service("fsck")[1]))


if __name__ == "__main__":
    main()
