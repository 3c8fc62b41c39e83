#!/usr/bin/env python3
"""The database's password is changed while a node serves: first its file, then the server, and no call fails."""
import threading

import mariadb
from bodega import PASSWORD, Client, expect, main, same, until

OLD, NEW = "the first one", "another one"


def as_asked(place, password):
    """Sets the user's password at the server; open connections stay."""
    place.database.sql(f"ALTER USER bodega@'%' IDENTIFIED BY '{password}'")


def cut(place):
    """Ends all connections of bodega; returns their number."""
    ids = place.database.sql("SELECT id FROM information_schema.processlist WHERE user = 'bodega'").split()
    for number in ids:
        place.database.query(f"KILL {number}")
    return len(ids)


class Calls:
    """Requests listings, one after the other, until the block ends."""

    def __init__(self, client):
        self.client, self.over, self.answers = client, threading.Event(), []

    def run(self):
        while not self.over.is_set():
            self.answers.append(self.client("GET", "/api/v1/spaces")[0])

    def __enter__(self):
        self.thread = threading.Thread(target=self.run)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()


def test_a_changed_password_fails_no_call(place):
    place.database = mariadb.MariaDB(place)
    env = place.database.new_database("bodega")
    as_asked(place, OLD)
    del env["DB_PASSWORD"]
    env["DB_PASSWORD_FILE"] = place.file("password", OLD + "\n")
    place.succeeds("user", "add", "ana", "--admin", stdin=PASSWORD.encode(), env=env)
    server = place.serve(env=env).ready()
    client = Client(server.url)
    same(client("POST", "/api/v1/session", {"username": "ana", "password": PASSWORD})[0], 200)
    with Calls(client) as calls:
        until(lambda: len(calls.answers) > 50, "calls")
        place.file("password", NEW + "\n")
        expect(cut(place) > 0)  # the server still has the old one
        so_far = len(calls.answers)
        until(lambda: len(calls.answers) > so_far + 50, "calls with the old one")
        as_asked(place, NEW)
        expect(cut(place) > 0)
        so_far = len(calls.answers)
        until(lambda: len(calls.answers) > so_far + 50, "calls with the new one")
    same(set(calls.answers), {200})
    until(lambda: "signed in to the database with its new password" in server.output(), "the line about it")
    expect(NEW not in server.output() and OLD not in server.output())

    # First the server: callers wait, and are answered when the file follows.
    as_asked(place, "a third one")
    cut(place)
    until(lambda: client("GET", "/api/v1/spaces")[0] == 503, "an outage")
    place.file("password", "a third one")
    until(lambda: client("GET", "/api/v1/spaces")[0] == 200, "its end", 15)
    same(server.stop(), 0)


if __name__ == "__main__":
    main()
