#!/usr/bin/env python3
"""move-catalog: a laptop's SQLite becomes a fleet's MariaDB and back, killed at any moment, with nothing lost."""
import contextlib
import hashlib
import os
import re
import signal
import sqlite3
import struct
import subprocess

import mariadb
from bodega import BINARY, Client, environment, expect, main, same, until

SQLITE = "sqlite:bodega-data/bodega.db"
ROWS = 60_000


def url_of(env):
    return f"mysql://{env['DB_USER']}@{env['DB_HOST']}:{env['DB_PORT']}/{env['DB_NAME']}"


def only_password(env):
    return {"DB_PASSWORD": env["DB_PASSWORD"]}


def filled(place):
    """A catalog with many rows of audit, and the digest of that table, computed here independently from its specification."""
    place.succeeds("migrate")
    with sqlite3.connect(f"{place.path}/bodega-data/bodega.db") as catalog:
        rows = [(struct.pack(">QQ", 7, i), -i, None if i % 3 else os.urandom(16), f"anä {i}", "signed_in", "日本 %\\'" * (i % 9),
                 os.urandom(16) if i % 2 else None, "::1", "" if i % 5 else "x" * (i % 700)) for i in range(ROWS)]
        catalog.executemany("INSERT INTO audit VALUES (?,?,?,?,?,?,?,?,?)", rows)
    catalog.close()
    digest = hashlib.sha256(b"audit\nid 3\nat 1\nuser_id 3\nusername 2\naction 2\ntarget 2\ntarget_id 3\naddress 2\ndetail 2\n\n")
    for row in rows:
        for value in row:
            if value is None:
                digest.update(b"\0")
            elif isinstance(value, int):
                digest.update(struct.pack(">Bq", 1, value))
            else:
                data = value if isinstance(value, bytes) else value.encode()
                digest.update(struct.pack(">BI", 3 if isinstance(value, bytes) else 2, len(data)) + data)
    return digest.hexdigest()


def test_a_sqlite_catalog_moves_to_a_fleet(place):
    server = place.serve().ready()
    client = server.set_up()
    root = client.root()
    folder = client("POST", f"/api/v1/entries/{root}/folders", {"name": "Ünï 日本"})[2]["id"]
    entry = client.put(folder, "a b.bin", os.urandom(100_000))
    listing = client("GET", f"/api/v1/entries/{folder}/children")[2]
    database = mariadb.MariaDB(place)
    env = database.new_database("fleet")
    command = ["move-catalog", "--from", SQLITE, "--to", url_of(env)]
    code, _, err = place.run(*command, env=only_password(env))
    expect(code == 1 and "serves the source: stop it first" in err, code, err)
    same(server.stop(), 0)
    out = place.succeeds(*command, env=only_password(env))
    expect("\nentries: 3 rows, " in out and "digests are equal on both sides" in out, out)
    code, _, err = place.run(*command, env=only_password(env))
    expect(code == 1 and "is not empty" in err, code, err)

    # The fleet's shared folder has only the files that the command names.
    names = re.split(r",\s+|\s+and\s+", re.search(r"a copy of ([^;]*);", out)[1])
    os.mkdir(f"{place.path}/shared")
    subprocess.run(["cp", "-a", *(f"bodega-data/{name}" for name in names), "shared"], cwd=place.path, check=True)
    env["SHARED_DIR"] = f"{place.path}/shared"
    moved = place.serve(env=env, data="node", log="log2").ready()
    signed_in = Client(moved.url)
    signed_in.cookie = client.cookie
    same(signed_in("GET", f"/api/v1/entries/{folder}/children")[2], listing)
    same(hashlib.sha256(signed_in("GET", f"/api/v1/entries/{entry['id']}/content")[2]).hexdigest(), entry["sha256"])
    expect(signed_in.put(folder, "new", b"x")["id"])
    same(moved.stop(), 0)
    same(place.run("fsck", "--node-data-dir", "node", env=env)[0], 0)
    # And back, to another machine's SQLite.
    place.file("password", env["DB_PASSWORD"] + "\n")
    out = place.succeeds("move-catalog", "--from", url_of(env), "--from-password-file", "password", "--to", "sqlite:back.db")
    expect("\nentries: 4 rows, " in out, out)
    same(place.run("fsck", env={"BODEGA_DATABASE_URL": "sqlite:back.db", "SHARED_DIR": env["SHARED_DIR"]})[0], 0)


def test_a_killed_move_continues(place):
    wanted = filled(place)
    database = mariadb.MariaDB(place)
    env = database.new_database("fleet")
    place.succeeds("migrate", env=env)
    command = [BINARY, "move-catalog", "--from", SQLITE, "--to", url_of(env)]
    kills, before = 0, 0

    def rows_done():
        return int(database.sql("SELECT COALESCE(SUM(rows_done), 0) FROM fleet.transfers"))

    def has_come_further():
        return process.poll() is not None or rows_done() >= before + ROWS // 12

    while True:
        process = subprocess.Popen(command, cwd=place.path, env=environment(only_password(env)), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        place.processes.append(process)
        if kills < 8:
            until(has_come_further, "the move comes further", 120, 0.001)
            process.send_signal(signal.SIGKILL)
        out, err = process.communicate(timeout=300)
        if process.returncode != -signal.SIGKILL:
            break
        kills, before = kills + 1, rows_done()
        code, _, refusal = place.run("serve", "--edge-listen", "http://127.0.0.1:0", env=env)
        expect(code == 2 and "the catalog is not whole" in refusal, code, refusal)
    same((process.returncode, err.decode()), (0, err.decode()))
    expect(kills >= 3, "was ended too rarely", kills)
    same(re.search(r"^audit: (\d+) rows, (\w+)$", out.decode(), re.M).groups(), (str(ROWS), wanted))
    same(database.sql("SELECT COUNT(*) FROM fleet.transfers").strip(), "0")
    same(database.sql("SELECT COUNT(*), COUNT(user_id), MIN(at) FROM fleet.audit").split(), [str(ROWS), str(ROWS // 3), str(1 - ROWS)])


def killed_while_tables_are_made(place, database, name, tables, command, url):
    """Kills the move when the target has so many tables: no node serves it, and the same command continues."""
    env = database.new_database(name)
    words = [word.replace("{url}", url_of(env)) for word in command]
    process = subprocess.Popen([BINARY, *words], cwd=place.path, env=environment(env if url is None else only_password(env)),
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    place.processes.append(process)
    until(lambda: process.poll() is not None or len(database.sql(f"SHOW TABLES FROM {name}").split()) >= tables, "tables", 60, 0.001)
    process.kill()
    same(process.wait(), -signal.SIGKILL)
    code, _, refusal = place.run("serve", "--edge-listen", "http://127.0.0.1:0", "--node-data-dir", name, env=env)
    expect(code == 2 and "the catalog is not whole" in refusal, name, code, refusal)
    place.succeeds(*words, env=env if url is None else only_password(env))
    same(place.run("migrate", env=env)[0], 0)
    same(database.sql(f"SELECT COUNT(*) FROM {name}.users").strip(), "1")


def test_killed_while_the_tables_are_made(place):
    server = place.serve().ready()
    server.set_up()
    same(server.stop(), 0)
    place.succeeds("backup", "kept")
    database = mariadb.MariaDB(place)
    for tables in (3, 7, 12):  # the second is the mark
        killed_while_tables_are_made(place, database, f"moved{tables}", tables, ["move-catalog", "--from", SQLITE, "--to", "{url}"], "{url}")
        killed_while_tables_are_made(place, database, f"restored{tables}", tables, ["restore", "kept", "--node-data-dir", f"restored{tables}"], None)


def test_a_refused_move_changes_nothing(place):
    server = place.serve().ready()
    database = mariadb.MariaDB(place)
    env = database.new_database("fleet")
    code, _, err = place.run("move-catalog", "--from", SQLITE, "--to", url_of(env), env=only_password(env))
    expect(code == 1 and "serves the source" in err, code, err)
    same(database.sql("SHOW TABLES FROM fleet"), "")
    same(server.stop(), 0)
    database.sql("CREATE TABLE fleet.users (id INTEGER PRIMARY KEY, username TEXT); INSERT INTO fleet.users VALUES (1, 'flask')")
    database.sql("CREATE TABLE fleet.schema_migrations (version VARCHAR(14) PRIMARY KEY)")
    place.succeeds("backup", "kept")
    with contextlib.closing(sqlite3.connect(f"{place.path}/flask.db")) as flask:
        flask.execute("CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT)")
        flask.execute("CREATE TABLE alembic_version (version_num TEXT)")
    with open(f"{place.path}/flask.db", "rb") as file:
        before = file.read()
    for url, words, other in (
        (url_of(env), only_password(env), "schema_migrations, users"),
        (f"sqlite:{place.path}/flask.db", {}, "alembic_version, users"),
    ):
        to = ["--database-url", url, "--node-data-dir", "new"]
        for command in (["move-catalog", "--from", SQLITE, "--to", url], ["restore", "kept", *to], ["migrate", *to],
                        ["serve", "--edge-listen", "http://127.0.0.1:0", *to]):
            code, _, err = place.run(*command, env=words, timeout=10)
            expect(code == 2 and f"tables of another program: {other}. bodega needs an empty database" in err and "DB_NAME" in err, command, code, err)
    same(database.sql("SHOW TABLES FROM fleet").split(), ["schema_migrations", "users"])
    with contextlib.closing(sqlite3.connect(f"{place.path}/flask.db")) as flask:
        same(sorted(row[0] for row in flask.execute("SELECT name FROM sqlite_master")), ["alembic_version", "users"])
    with open(f"{place.path}/flask.db", "rb") as file:
        same(file.read(), before)


def test_what_is_refused(place):
    place.succeeds("migrate")
    for words, code, message in [
        (["--to", "sqlite:x"], 2, "--from is missing"),
        (["--from", "sqlite:none.db", "--to", "sqlite:x.db"], 2, "there is no catalog in none.db"),
        (["--from", SQLITE, "--to", "sqlite:./bodega-data/../bodega-data/bodega.db"], 2, "the same catalog"),
        (["--from", SQLITE, "--to", "mysql://u:secret@h/n"], 2, "holds a password"),
    ]:
        got, _, err = place.run("move-catalog", *words)
        expect(got == code and message in err and "secret" not in err, words, got, err)
    expect(not os.path.exists(f"{place.path}/none.db") and not os.path.exists(f"{place.path}/x.db"))


if __name__ == "__main__":
    main()
