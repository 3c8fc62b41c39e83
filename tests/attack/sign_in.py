#!/usr/bin/env python3
"""Strangers who fail to sign in lock nobody else out. The clients' addresses come from a proxy that has the app's secret."""
import threading
import time

from attack import *

CHEAP = ("--accounts-argon2-memory", "8MiB", "--accounts-argon2-passes", "1")
SECRET = "a proxy's secret"


class From(Client):
    """A client behind the proxy, with its own address."""

    def __init__(self, server, address):
        super().__init__(server.url)
        self.address = address

    def headers(self):
        return {**super().headers(), "X-Forwarded-For": self.address, "X-Bodega-Proxy-Secret": SECRET}

    def attempt(self, user, password=PASSWORD):
        return self("POST", "/api/v1/session", {"username": user, "password": password})[0]


def start(place, *flags):
    place.file("secret", SECRET + "\n")
    os.chmod(f"{place.path}/secret", 0o600)
    server = place.serve(*CHEAP, "--app-proxy-secret-file", "secret", *flags, edge=False).ready()
    admin = server.set_up("root")
    for user in ("ana", "maria"):
        same(admin("POST", "/api/v1/users", {"username": user, "password": PASSWORD})[0], 201)
    return server, admin


def test_strangers_lock_nobody_out(place):
    server, _ = start(place)
    known = From(server, "198.51.100.1")
    same(known.attempt("ana"), 200)
    with row("eleven wrong passwords from eleven addresses", server, 0):
        for i in range(11):
            same(From(server, f"192.0.2.{i}").attempt("ana", "wrong password"), 401)
        same(From(server, "203.0.113.1").attempt("ana"), 200)
    with row("ten wrong ones for maria at ana's address", server, 0):
        for _ in range(10):
            same(From(server, "198.51.100.1").attempt("maria", "wrong password"), 401)
        same(From(server, "198.51.100.1").attempt("maria"), 429)
        same(From(server, "198.51.100.1").attempt("ana"), 200)
    with row("100 wrong ones in ana's network: her device signs in", server, 0) as cost:
        statuses = [From(server, "198.51.100.1").attempt(f"nobody{i}", "wrong password") for i in range(100)]
        expect(statuses[-1] == 429 and statuses[0] == 401, statuses)
        same(From(server, "198.51.100.1").attempt("ana"), 429)
        same(known.attempt("ana"), 200)
    expect(cost.cpu < 10, cost)


def test_an_account_under_attack_is_slowed_for_unknown_devices_only(place):
    server, admin = start(place)
    known = From(server, "198.51.100.1")
    same(known.attempt("ana"), 200)
    with row("100 wrong ones from 20 networks slow, and do not lock", server, 0):
        for i in range(100):
            same(From(server, f"192.0.2.{i // 5}").attempt("ana", "wrong password"), 401)
        began = time.monotonic()
        same(From(server, "203.0.113.1").attempt("ana"), 200)
        expect(2 <= time.monotonic() - began < 8, time.monotonic() - began)
        began = time.monotonic()
        same(known.attempt("ana"), 200)
        expect(time.monotonic() - began < 2, time.monotonic() - began)
    actions = [item["action"] for item in admin("GET", "/api/v1/audit?limit=1000")[2]["items"]]
    expect(actions.count("session.fail") == 100 and actions.count("session.slow") == 1, len(actions))


def test_refused_tries_are_not_counted_and_a_reset_unlocks(place):
    server, admin = start(place)
    target = "/api/v1/users/" + next(u["id"] for u in admin("GET", "/api/v1/users")[2]["items"] if u["username"] == "ana")
    stranger = From(server, "192.0.2.1")

    def lock():
        for _ in range(10):
            stranger.attempt("ana", "wrong password")
        same([stranger.attempt("ana") for _ in range(50)], [429] * 50)

    with row("a lock-out is lifted by unlock, reset and the command line", server, 0):
        lock()
        same(admin("DELETE", target + "/lockout")[0], 204)
        same(From(server, "192.0.2.1").attempt("ana"), 200)
        lock()
        same(admin("PATCH", target, {"password": "another long one"})[0], 200)
        same(From(server, "192.0.2.1").attempt("ana", "another long one"), 200)
        lock()
        done = place.run("user", "unlock", "ana")
        same(done[0], 0)
        same(From(server, "192.0.2.1").attempt("ana", "another long one"), 200)


def test_concurrent_sign_ins_do_not_fail_a_right_one(place):
    server, _ = start(place, "--accounts-argon2-memory", "64MiB", "--accounts-argon2-passes", "2")
    stop, refused = threading.Event(), []

    def flood(address):
        while not stop.is_set():
            refused.append(From(server, address).attempt("nobody", "wrong password"))
            time.sleep(0.3)  # it is the server that is under load, not the machine

    with row("sign-ins in flight from elsewhere: right ones pass", server, 0):
        threads = [threading.Thread(target=flood, args=(f"192.0.2.{i % 4}",)) for i in range(80)]
        for thread in threads:
            thread.start()
        time.sleep(1)
        statuses = [From(server, f"203.0.113.{i}").attempt("ana") for i in range(3)]
        ready = Client(server.url)("GET", "/api/v1/setup", timeout=5)[0]
        stop.set()
        for thread in threads:
            thread.join()
    same((statuses, ready), ([200] * 3, 200))


if __name__ == "__main__":
    main()
