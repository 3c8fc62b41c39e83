#!/usr/bin/env python3
"""Root's commands on a service's folder: what they make is the service's. A folder that the service can't use: readyz,
doctor and every command say so, with the path."""
import os
import shutil
import subprocess
import sys
import threading
from contextlib import ExitStack

import mariadb
from bodega import BINARY, PASSWORD, Client, Skipped, environment, expect, free_port, main, same, until

SERVICE = 3901  # an account that nothing else has
# ACCOUNT COPY BINARY WORDS...: the copy in place of the binary, which may be in a folder of root's alone.
BECOME = "import os, sys; os.setgroups([]); os.setgid(int(sys.argv[1])); os.setuid(int(sys.argv[1])); os.execv(sys.argv[2], [sys.argv[2], *sys.argv[4:]])"


class House:
    """A data folder of the service's, and the server under its account."""

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
        """Its process becomes the service's account, then bodega."""
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


def test_what_root_makes_is_the_services(place):
    house = House(place)
    place.file("from/a.txt", b"some bytes")
    place.file("password", "another fine word")
    server = house.serve().ready()
    ana = server.set_up()
    space = ana("GET", "/api/v1/spaces")[2]["items"][0]
    backup, moved, restored = house.folder("backup"), house.folder("moved"), house.folder("restored")
    beside = [("import", "from", "--space", space["id"]), ("user", "add", "beni", "--password-file", "password"),
              ("user", "passwd", "beni", "--password-file", "password"), ("fsck", "--repair"), ("doctor",), ("backup", backup)]
    for words in beside:
        place.run(*words)
        same((words[0], house.not_the_services(house.data, backup)), (words[0], []))
    entry = ana("GET", f"/api/v1/entries/{space['root_id']}/children")[2]["items"][0]
    same(ana("GET", f"/api/v1/entries/{entry['id']}/content")[2], b"some bytes")
    same(server.stop(), 0)
    alone = [("user", "passwd", "beni", "--password-file", "password"), ("adopt",),
             ("move-catalog", "--from", "sqlite:bodega-data/bodega.db", "--to", f"sqlite:{moved}/bodega.db"),
             ("restore", backup, "--node-data-dir", restored), ("user", "add", "caro", "--password-file", "password", "--node-data-dir", restored)]
    for words in alone:
        place.succeeds(*words)
        same((words[0], house.not_the_services(house.data, backup, moved, restored)), (words[0], []))
    server = house.serve().ready()
    ana = Client(server.url).sign_in("ana")
    ana.put(space["root_id"], "b.txt", b"more")
    same(ana("GET", f"/api/v1/entries/{entry['id']}/content")[2], b"some bytes")
    same(server.stop(), 0)


def test_what_root_can_not_give_away_is_not_made(place):
    """A container without the right to act as others."""
    house = House(place)
    same(house.as_service("migrate", "--node-data-dir", "bodega-data")[0], 0)
    server = house.serve().ready()
    same(server.stop(), 0)
    if not shutil.which("setpriv"):
        raise Skipped("setpriv is not here")
    done = subprocess.run(["setpriv", "--bounding-set=-setuid,-setgid", "--inh-caps=-setuid,-setgid", BINARY, "fsck"], cwd=place.path, env=environment(),
                          capture_output=True, text=True, timeout=60)
    expect(done.returncode == 2 and "run this as that user" in done.stderr and "bodega-data/incoming" in done.stderr, done)
    same(house.not_the_services(), [])


# What the service can't do with its folder, by what is done to which path, and what undoes it.
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


def is_noticed(place, house, name, spoil, mend, database):
    shared = house.folder(f"shared {name}")
    with ExitStack() as stack:
        if name == ".":
            subprocess.run(["mount", "--bind", shared, shared], check=True)
            stack.callback(subprocess.run, ["umount", "--lazy", shared])
        flags = ["--node-shared-dir", shared, "--edge-admin-listen", f"http://127.0.0.1:{free_port()}"]
        env, data = None, house.folder(f"data {name}")
        if database:
            env = database.new_database("one")
        server = house.serve(*flags, data=data, env=(env or {}) | {"BODEGA_ADMIN_USER": "ana", "BODEGA_ADMIN_PASSWORD_FILE": house.password}, log=f"log {name}").ready()
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
    house = House(place)
    house.password = place.file("admin-password", PASSWORD)
    os.chmod(house.password, 0o644)
    database = mariadb.MariaDB(place)
    failures = []

    def run(row, on):
        try:
            is_noticed(place, house, *row, on)
        except Exception as error:  # told by the test's own thread
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
    """As the service's account, where one path denies all."""
    house = House(place)
    place.file("from/a.txt", b"some bytes")
    os.chmod(f"{place.path}/from", 0o755)
    server = house.serve().ready()
    ana = server.set_up()
    ana.put(ana.root(), "kept", b"bytes")
    space = ana("GET", "/api/v1/spaces")[2]["items"][0]["id"]
    same(server.stop(), 0)
    blob = next(os.path.join(d, f) for d, _, files in os.walk(f"{house.data}/blobs") for f in files)
    imports = ("import", "from", "--space", space)
    rows = [("incoming", "fsck", "doctor", "serve", imports), ("blobs", "fsck", "doctor", "serve", imports),
            (os.path.relpath(os.path.dirname(blob), house.data), "fsck", "doctor"), (os.path.relpath(blob, house.data), "fsck", "doctor"),
            ("bodega.json", "fsck", "doctor", "serve", imports), ("bodega.db", "fsck", "doctor", "serve", imports),
            ("../config.toml", ("config", "check"), "serve", "fsck"), ("../db-password", ("config", "check"), "serve")]
    place.file("config.toml", "[log]\nlevel = 'info'\n")
    place.file("db-password", "secret")
    others = {"../db-password": {"DB_HOST": "localhost", "DB_PASSWORD_FILE": "db-password"}}
    for name, *commands in rows:
        path = f"{house.data}/{name}"
        mode = os.stat(path).st_mode
        os.chmod(path, 0)
        for words in commands:
            code, out = house.as_service(*([words] if isinstance(words, str) else words), env=others.get(name))
            expect(code != 0 and os.path.normpath(f"{house.data if name.startswith('..') else 'bodega-data'}/{name}") in out, name, words, code, out)
            expect("Permission denied" in out, name, words, code, out)
            # Whose right is missing, and what to do.
            expect(words == "doctor" or f"for uid {SERVICE}; give that account the right to it" in out, name, words, code, out)
        os.chmod(path, mode)
    same(house.as_service("fsck"), (0, house.as_service("fsck")[1]))


if __name__ == "__main__":
    main()
