#!/usr/bin/env python3
"""Tests what a leaked API token can do, and that every recovery of the account ends it."""
import time

from attack import *

CHEAP = ("--accounts-argon2-memory", "8MiB", "--accounts-argon2-passes", "1")
NEW = "another long one"


class Fixture:
    def __init__(self, place):
        self.place = place
        self.server = Server(place, *CHEAP).ready()
        self.root = self.server.set_up("root")
        self.ana = self.root("POST", "/api/v1/users", {"username": "ana", "password": PASSWORD})[2]["id"]

    def of(self, client, scope=None, expires_at=None):
        """A client with a token of the account that is signed in."""
        body = {"name": "script", **({"scope": scope} if scope else {}), **({"expires_at": expires_at} if expires_at else {})}
        status, _, made = client("POST", "/api/v1/tokens", body)
        same(status, 201)
        script = Client(self.server.url)
        script.token, script.id = made["token"], made["id"]
        return script

    def command(self, *words, data=None):
        return self.place.run(*words, stdin=(data or "").encode())


def works(client):
    return client("GET", "/api/v1/spaces")[0] == 200


def test_every_recovery_ends_tokens(place):
    fixture = Fixture(place)
    target, password = f"/api/v1/users/{fixture.ana}", [PASSWORD]

    def reset():
        status, _, body = fixture.root("PATCH", target, {"password": NEW})
        same((status, body["ended"]), (200, {"sessions": 1, "tokens": 1}))
        password[0] = NEW

    def passwd():
        code, out, _ = fixture.command("user", "passwd", "ana", "--password-file", "-", data=NEW + "\n")
        expect(code == 0 and "1 session and 1 token" in out, code, out)

    def disable():
        same(fixture.root("PATCH", target, {"disabled": True})[2]["ended"]["tokens"], 1)
        same(fixture.root("PATCH", target, {"disabled": False})[0], 200)

    def command_disable():
        same(fixture.command("user", "disable", "ana")[0], 0)
        same(fixture.command("user", "enable", "ana")[0], 0)

    def one_by_one():
        items = fixture.root("GET", target + "/tokens")[2]["items"]
        same(len(items), 1)
        same(fixture.root("DELETE", f"{target}/tokens/{items[0]['id']}")[0], 204)
        same(fixture.root("DELETE", f"{target}/tokens/{items[0]['id']}")[0], 404)

    def all_at_once():
        same(fixture.root("DELETE", target + "/tokens")[0], 204)

    def command():
        code, out, _ = fixture.command("user", "tokens", "ana")
        expect(code == 0 and "script" in out and "bdg_" not in out, out)
        same(fixture.command("user", "tokens", "ana", "--end", "all")[0], 0)

    def own_change():
        body = {"current_password": password[0], "new_password": NEW + " again", "end_tokens": True}
        same(ana("PUT", "/api/v1/password", body)[0], 204)

    with row("recoveries of every kind end tokens", fixture.server, 0):
        for recover in (reset, passwd, disable, command_disable, one_by_one, all_at_once, command, own_change):
            ana = Client(fixture.server.url).sign_in("ana", password[0])
            script = fixture.of(ana)
            expect(works(script), recover)
            recover()
            expect(not works(script), recover)
            fixture.root("DELETE", target + "/sessions")


def test_a_token_does_not_change_its_own_account(place):
    fixture = Fixture(place)
    script = fixture.of(fixture.root, "admin")
    me = "/api/v1/users/" + fixture.root("GET", "/api/v1/session")[2]["user"]["id"]
    attempts = (
        ("PATCH", me, {"password": NEW}), ("PATCH", me, {"role": "member"}), ("PATCH", me, {"disabled": True}),
        ("POST", "/api/v1/tokens", {"name": "another"}), ("POST", "/api/v1/tokens", {"name": "another", "scope": "read"}),
        ("DELETE", f"/api/v1/tokens/{script.id}", None), ("DELETE", f"{me}/tokens/{script.id}", None),
        ("DELETE", f"{me}/tokens", None), ("DELETE", f"{me}/sessions", None), ("DELETE", "/api/v1/sessions", None),
        ("PUT", "/api/v1/password", {"current_password": PASSWORD, "new_password": NEW}),
    )
    with row("a token does not change its own account", fixture.server, 0):
        for method, path, body in attempts:
            status, _, answer = script(method, path, body)
            same((method, path, status), (method, path, 403))
        expect(works(script) and works(fixture.root), "still there")
        same(script("PATCH", f"/api/v1/users/{fixture.ana}", {"quota_bytes": 5})[0], 200)


def test_a_token_does_what_its_scope_says(place):
    fixture = Fixture(place)
    folder = fixture.root.root()
    entry = fixture.root.put(folder, "a.txt", b"hello")["id"]
    # Each with the narrowest scope that it needs.
    calls = (
        ("GET", "/api/v1/spaces", None, "read"), ("GET", f"/api/v1/entries/{folder}/children", None, "read"),
        ("GET", f"/api/v1/entries/{entry}/content", None, "read"), ("GET", "/api/v1/search?q=a", None, "read"),
        ("PUT", f"/api/v1/entries/{folder}/files/b.txt", b"x", "write"), ("POST", f"/api/v1/entries/{folder}/folders", {"name": "F"}, "write"),
        ("PATCH", f"/api/v1/entries/{entry}", {"name": "c.txt"}, "write"), ("DELETE", f"/api/v1/entries/{entry}", None, "write"),
        ("GET", "/api/v1/users", None, "admin"), ("GET", "/api/v1/audit", None, "admin"), ("GET", "/api/v1/nodes", None, "admin"),
        ("POST", "/api/v1/users", {"username": "x", "password": PASSWORD}, "admin"),
    )
    with row("a token does what its scope says", fixture.server, 0):
        order = ("read", "write", "admin")
        for scope in order:
            script = fixture.of(fixture.root, scope)
            for method, path, body, needed in calls:
                status, headers, _ = script(method, path, body)
                allowed = order.index(scope) >= order.index(needed)
                expect((status != 403) == allowed, scope, method, path, status)
                if not allowed:
                    expect(f'scope="{needed}"' in headers.get("www-authenticate", ""), headers)
        same(fixture.root("POST", "/api/v1/tokens", {"name": "x", "scope": "all"})[0], 400)
        # A token without a scope has no administrator's rights.
        same(fixture.of(fixture.root)("GET", "/api/v1/users")[0], 403)


def test_a_token_has_its_last_use_and_its_end(place):
    fixture = Fixture(place)
    script = fixture.of(fixture.root, "read", int(time.time() * 1000) + 1500)
    with row("a token expires at its time, and shows when it was used", fixture.server, 0):
        expect(works(script), "before")
        item = next(i for i in fixture.root("GET", "/api/v1/tokens")[2]["items"] if i["id"] == script.id)
        expect(item["last_used_at"] and item["expires_at"] and item["scope"] == "read", item)
        until(lambda: not works(script), "it ends", 5)


if __name__ == "__main__":
    main()
