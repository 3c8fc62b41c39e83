#!/usr/bin/env python3
"""A shared folder and its catalog belong to each other: a wrong DB_NAME, a missing DB_HOST, a staging copy of the database and
an unmounted share are refused before anything is created or deleted; crashes and failovers are not refused."""
import contextlib
import os
import random
import shutil
import signal
import sqlite3
import sys
import time
import unittest.mock
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / folder) for folder in ("e2e", "support")]
import mariadb  # noqa: E402
from bodega import Client, Skipped, expect, main, same, until  # noqa: E402

NOTICED_WITHIN = 60  # a node looks every 5 s, and contests at its third look


class Production:
    """A catalog on either engine, its shared folder, and people's files in it."""

    def __init__(self, place, engine):
        self.place, self.engine, self.shared, self.started = place, engine, f"{place.path}/shared", 0
        self.database = mariadb.MariaDB(place) if engine == "mariadb" else None
        self.env = self.settings(self.database.new_database("bodega") if self.database else {})
        self.node = self.start()
        self.client = self.node.set_up()
        self.root = self.client.root()
        self.files = {}
        for i in range(5):
            self.put(f"file {i}")

    def settings(self, database):
        return {**database, "SHARED_DIR": self.shared, "BODEGA_FILES_SWEEP_EVERY": "1s", "BODEGA_FILES_BLOB_GRACE": "1min"}

    def data(self):
        return "bodega-data" if self.engine == "sqlite" else f"data{self.started}"

    def start(self, env=None, data=None):
        self.started += 1
        return self.place.serve(env=env or self.env, data=data or self.data(), log=f"log{self.started}").ready()

    def put(self, name):
        data = os.urandom(random.choice((10, 5_000, 200_000)))
        self.files[self.client.put(self.root, name, data)["id"]] = data

    def check(self, client=None):
        for entry, data in self.files.items():
            status, _, body = (client or self.client)("GET", f"/api/v1/entries/{entry}/content")
            same((status, body == data), (200, True))

    def stored(self):
        """All files in the folder except the generation, which changes, and a running node's probe files."""
        found = {os.path.join(d, f) for d, _, files in os.walk(self.shared) for f in files if not f.startswith(".")}
        return {path for path in found if "/generation/" not in path}

    def generation(self):
        return sorted(name for name in os.listdir(f"{self.shared}/generation") if not name.startswith("."))

    def replaced(self):
        before = self.generation()
        until(lambda: self.generation() not in (before, []), "another generation", NOTICED_WITHIN, 0.1)

    def copy(self, name):
        """The environment and data folder of a staging copy of the catalog."""
        if self.database:
            env = self.settings(self.database.new_database(name))
            tables = self.database.sql("SELECT table_name FROM information_schema.tables WHERE table_schema = 'bodega'").split()
            self.database.sql("; ".join(f"CREATE TABLE {name}.{t} LIKE bodega.{t}" for t in tables))
            rows = "; ".join(f"INSERT INTO {name}.{t} SELECT * FROM bodega.{t}" for t in tables)
            self.database.sql(f"START TRANSACTION WITH CONSISTENT SNAPSHOT; {rows}; COMMIT")
            return env, name
        os.mkdir(f"{self.place.path}/{name}", 0o750)
        with contextlib.closing(sqlite3.connect(f"{self.place.path}/bodega-data/bodega.db")) as source, \
                contextlib.closing(sqlite3.connect(f"{self.place.path}/{name}/bodega.db")) as target:
            source.backup(target)
        return self.env, name


def refused(place, env, data, *wanted, command=("serve", "--edge-listen", "http://127.0.0.1:0")):
    code, _, err = place.run(*command, "--node-data-dir", data, env=env)
    expect(code == 2 and all(word in err for word in wanted), code, err)


def not_ready(server):
    status, _, body = Client(server.url)("GET", "/readyz", timeout=10)
    return body.decode() if status == 503 else None


def check_another_catalog(place, engine):
    it = Production(place, engine)
    before = it.stored()
    others = {"lost DB_HOST": (it.settings({}), "lost")}
    if it.database:
        others["wrong DB_NAME"] = (it.settings(it.database.new_database("bodga")), "wrong")
    for env, data in others.values():
        refused(place, env, data, "belongs to another catalog", "DB_NAME", "SHARED_DIR", "bodega adopt")
        refused(place, env, data, "belongs to another catalog", command=("fsck", "--repair"))
        code, out, _ = place.run("doctor", "--node-data-dir", data, env=env)
        expect(code == 1 and "folder.catalog" in out and "belongs to another catalog" in out, code, out)
        code, _, err = place.run("adopt", "--node-data-dir", data, env=env)
        expect(code == 1 and "stop it first" in err, code, err)
    # Another catalog with its own files and its own folder.
    env = {**others["lost DB_HOST"][0], "SHARED_DIR": f"{place.path}/own"}
    own = it.start(env, "staging")
    own.set_up()
    same(own.stop(), 0)
    refused(place, {**env, "SHARED_DIR": it.shared}, "staging", "belongs to another catalog")
    same(it.stored(), before)
    expect(it.node.is_ready())
    it.check()


def test_another_catalog_is_refused_sqlite(place):
    check_another_catalog(place, "sqlite")


def test_another_catalog_is_refused_mariadb(place):
    check_another_catalog(place, "mariadb")


def check_a_copy(place, engine):
    it = Production(place, engine)
    env, data = it.copy("staging")
    it.put("after the copy")
    if random.random() < 0.5:
        it.replaced()
    else:
        same(it.node.stop(), 0)
    before = it.stored()
    refused(place, env, data, "is a copy", "folder of its own")
    refused(place, env, data, "is a copy", command=("fsck", "--repair"))
    same(it.stored(), before)
    if it.node.process.poll() is not None:
        it.node = it.start()
        it.client = Client(it.node.url).sign_in("ana")
    expect(it.node.is_ready())
    it.check()
    # With a copy of the folder, the copy of the catalog is an independent installation.
    same(it.node.stop(), 0)
    env, data = it.copy("second")
    shutil.copytree(it.shared, f"{place.path}/folder-copy")
    second = it.start({**env, "SHARED_DIR": f"{place.path}/folder-copy"}, data)
    it.node = it.start()
    it.client = Client(it.node.url).sign_in("ana")
    it.check()
    it.check(Client(second.url).sign_in("ana"))


def test_a_copy_of_the_catalog_is_refused_sqlite(place):
    check_a_copy(place, "sqlite")


def test_a_copy_of_the_catalog_is_refused_mariadb(place):
    check_a_copy(place, "mariadb")


def check_a_fast_copy(place, engine):
    """The copy is served before the original could replace the generation."""
    it = Production(place, engine)
    it.replaced()
    it.node.process.send_signal(signal.SIGSTOP)
    env, data = it.copy("staging")
    copy = it.start(env, data)
    until(lambda: len(it.generation()) == 1, "the copy has the folder")
    it.node.process.send_signal(signal.SIGCONT)
    why = until(lambda: not_ready(it.node), "the original is not ready", NOTICED_WITHIN, 0.2)
    expect("has gone on without this catalog" in why or "two copies" in why, why)
    status, _, body = it.client("PUT", f"/api/v1/entries/{it.root}/files/refused", b"x")
    expect(status == 503 and "Nothing is changed in the shared directory" in body["detail"], status, body)
    why = until(lambda: not_ready(copy), "the copy is not ready", NOTICED_WITHIN, 0.2)
    expect("two copies" in why or "has gone on without this catalog" in why, why)
    until(lambda: "contested" in it.generation(), "contested", NOTICED_WITHIN, 0.2)
    # Reading continues. The repair: the copy is stopped, and the original adopts the folder again.
    it.check()
    same(copy.stop(), 0)
    same(it.node.stop(), 0)
    code, _, err = place.run("adopt", "--node-data-dir", it.data() if engine == "sqlite" else "any", env=it.env)
    if code != 0:
        expect(code == 1 and "stop it first" in err, code, err)
        os.utime(f"{it.shared}/generation", (time.time() - 60,) * 2)
        if engine != "sqlite":
            os.makedirs(f"{place.path}/any", exist_ok=True)
        place.succeeds("adopt", "--node-data-dir", it.data() if engine == "sqlite" else "any", env=it.env)
    it.node = it.start()
    it.client = Client(it.node.url).sign_in("ana")
    it.put("again")
    it.check()
    refused(place, env, data, "belongs to another catalog")
    same(place.run("fsck", "--node-data-dir", it.data(), env=it.env)[0], 0)


def test_a_copy_that_is_faster_is_contested_sqlite(place):
    check_a_fast_copy(place, "sqlite")


def test_a_copy_that_is_faster_is_contested_mariadb(place):
    check_a_fast_copy(place, "mariadb")


def check_a_missing_mount(place, engine):
    it = Production(place, engine)
    away, marks = f"{place.path}/away", "no bodega.json"
    os.rename(it.shared, away)
    os.mkdir(it.shared)
    until(lambda: marks in (not_ready(it.node) or ""), "the node is not ready and says why", NOTICED_WITHIN, 0.2)
    status, _, body = it.client("PUT", f"/api/v1/entries/{it.root}/files/lost", b"x")
    same(status, 503)
    refused(place, it.env, "bodega-data" if engine == "sqlite" else "second", marks, "mounted")
    same(os.listdir(it.shared), [])
    # A missing subfolder is not created either.
    refused(place, {**it.env, "SHARED_DIR": it.shared + "/below"}, "bodega-data" if engine == "sqlite" else "third", marks)
    same(os.listdir(it.shared), [])
    os.rmdir(it.shared)
    os.rename(away, it.shared)
    until(it.node.is_ready, "ready again", NOTICED_WITHIN, 0.2)
    it.put("again")
    it.check()


def test_a_share_that_is_not_mounted_sqlite(place):
    check_a_missing_mount(place, "sqlite")


def test_a_share_that_is_not_mounted_mariadb(place):
    check_a_missing_mount(place, "mariadb")


def test_nodes_that_are_killed_and_a_database_that_restarts(place):
    it = Production(place, "mariadb")
    nodes = [it.node, it.start()]
    for _ in range(8):
        victim = random.randrange(2)
        nodes[victim].process.kill()
        nodes[victim].process.wait()
        nodes[victim] = it.start()
        time.sleep(random.random() / 10)
    for _ in range(2):
        it.database.process.kill()
        it.database.process.wait()
        it.database.start()
        time.sleep(random.random() * 3)
    it.client = Client(nodes[0].url).sign_in("ana")
    it.replaced()
    for node in nodes:
        until(node.is_ready, "ready", NOTICED_WITHIN, 0.2)
    same(len(it.generation()), 1)
    it.put("after all")
    it.check()


def test_a_failover_that_loses_the_latest_transactions(place):
    it = Production(place, "mariadb")
    nodes = [it.node, it.start()]
    it.replaced()
    former = it.database.sql("SELECT HEX(generation) FROM bodega.binding").strip()
    it.replaced()
    it.database.sql(f"UPDATE bodega.binding SET generation = UNHEX('{former}'), next_generation = NULL")
    it.replaced()
    time.sleep(6)
    for node in nodes:
        until(node.is_ready, "ready", NOTICED_WITHIN, 0.2)
    expect("has lost its latest transactions" in "".join(node.output() for node in nodes))
    it.put("after all")
    it.check()


def test_beside_a_node_of_a_previous_version(place):
    """BODEGA_FORMER: a binary from before folders were bound. Neither is refused, and neither deletes what the other has."""
    former = os.environ.get("BODEGA_FORMER")
    if not former:
        raise Skipped("BODEGA_FORMER names no former binary")
    it = Production(place, "mariadb")
    with unittest.mock.patch("bodega.BINARY", former):
        old = it.start()
    people = Client(old.url).sign_in("ana")
    for number in range(3):
        for client in (it.client, people):
            data = os.urandom(5000)
            it.files[client.put(it.root, f"of {client.url.port} {number}", data)["id"]] = data
        it.replaced()
    for client in (it.client, people):
        it.check(client)
    expect(it.node.is_ready() and old.is_ready())
    same((old.stop(), it.node.stop()), (0, 0))
    it.check(Client(it.start().url).sign_in("ana"))


def test_a_folder_of_an_earlier_version_is_bound(place):
    it = Production(place, "mariadb")
    same(it.node.stop(), 0)
    it.database.sql("DELETE FROM bodega.binding")
    os.remove(f"{it.shared}/bodega.json")
    os.remove(f"{it.shared}/generation/{it.generation()[0]}")
    os.rmdir(f"{it.shared}/generation")
    # Before the first node has bound it: the other catalogs are refused by what they know of the files.
    os.makedirs(f"{place.path}/empty")
    refused(place, {**it.env, "SHARED_DIR": f"{place.path}/empty"}, "one", "none of the newest files", "mounted")
    refused(place, it.settings(it.database.new_database("bodga")), "two", "the catalog names none of them")
    nodes = [it.start(), it.start()]
    for node in nodes:
        it.check(Client(node.url).sign_in("ana"))
    same(len(it.generation()), 1)


if __name__ == "__main__":
    main()
