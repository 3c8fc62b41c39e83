#!/usr/bin/env python3
"""MySQL 9: a first start on it, a second node, a restart in the middle, moving there and back, backing up."""
import mariadb
from bodega import PASSWORD, Client, Skipped, expect, main, same, until


def started(place):
    if not mariadb.MySQL9.is_there():
        raise Skipped("MySQL 9 could not be had from Debian's unstable suite")
    return mariadb.MySQL9(place)


def with_admin(place, env):
    return env | {"BODEGA_ADMIN_USER": "ana", "BODEGA_ADMIN_PASSWORD_FILE": place.file("admin-password", PASSWORD)}


def content(client, entry):
    status, _, body = client("GET", f"/api/v1/entries/{entry['id']}/content")
    same(status, 200)
    return body


def test_a_first_start_and_a_fleet(place):
    database = started(place)
    env = with_admin(place, database.new_database("one"))
    first = place.serve("--node-shared-dir", "shared", env=env, log="first").ready()
    second = place.serve("--node-shared-dir", "shared", env=env, data="second-data", log="second").ready()
    ana, other = Client(first.url).sign_in("ana"), Client(second.url)
    other.cookie = ana.cookie
    entry = ana.put(ana.root(), "Ünï 日本.txt", b"one")
    same(content(other, entry), b"one")
    same(other.put(other.root(), "Ünï 日本.txt", b"two")["version"], 2)
    same([found["name"] for found in ana("GET", "/api/v1/search?q=%C3%BCn")[2]["items"]], ["Ünï 日本.txt"])
    database.stop()
    database.start()
    for node in (ana, other):
        until(lambda: node("GET", f"/api/v1/entries/{entry['id']}")[0] == 200, "the node is back")
    same(content(ana, entry), b"two")
    same((first.stop(), second.stop()), (0, 0))
    same(place.run("fsck", "--node-shared-dir", "shared", env=env)[0], 0)


def test_the_doctor(place):
    database = started(place)
    env = with_admin(place, database.new_database("one"))
    for _ in range(2):  # without a catalog and with one
        out = place.succeeds("doctor", env=env)
        expect("ok    database.version      MySQL 9." in out and "ok    database.writing" in out and "0 failures" in out, out)
        place.serve(env=env).ready().stop()


def test_moving_there_and_back(place):
    database = started(place)
    env = database.new_database("fleet")
    server = place.serve().ready()
    ana = server.set_up()
    entry = ana.put(ana.root(), "a.txt", b"bytes")
    same(server.stop(), 0)
    url, sqlite = f"mysql://{env['DB_USER']}@{env['DB_HOST']}:{env['DB_PORT']}/fleet", "sqlite:bodega-data/bodega.db"
    place.file("password", env["DB_PASSWORD"])
    place.succeeds("move-catalog", "--from", sqlite, "--to", url, env={"DB_PASSWORD": env["DB_PASSWORD"]})
    moved = place.serve(env=env, log="moved").ready()
    signed_in = Client(moved.url)
    signed_in.cookie = ana.cookie
    same(content(signed_in, entry), b"bytes")
    same(moved.stop(), 0)
    place.succeeds("backup", "kept", env=env)
    place.succeeds("move-catalog", "--from", url, "--from-password-file", "password", "--to", "sqlite:back.db")
    same(place.run("fsck", env={"BODEGA_DATABASE_URL": "sqlite:back.db"})[0], 0)


if __name__ == "__main__":
    main()
