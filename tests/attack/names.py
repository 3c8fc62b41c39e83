#!/usr/bin/env python3
"""Ambiguous requests, deceptive names, and passwords that attackers try first."""
import contextlib
import gzip
import os
import urllib.parse

from attack import *

CHEAP = ("--accounts-argon2-memory", "8MiB", "--accounts-argon2-passes", "1")


def test_two_authorization_fields_are_refused(place):
    server = Server(place, *CHEAP).ready()
    root = server.set_up("root")
    token = root("POST", "/api/v1/tokens", {"name": "x"})[2]["token"]
    with row("two Authorization fields are refused", server, 0):
        for second in ("Bearer other", f"Bearer {token}", "Basic eDp5"):
            connection = root.connection()
            with contextlib.closing(connection):
                connection.putrequest("GET", "/api/v1/spaces")
                connection.putheader("Authorization", f"Bearer {token}")
                connection.putheader("Authorization", second)
                connection.endheaders()
                same(connection.getresponse().status, 400)


def test_a_body_with_a_content_coding_is_refused(place):
    server = Server(place, *CHEAP).ready()
    root = server.set_up("root")
    target = f"/api/v1/entries/{root.root()}/files/a.txt"
    with row("a body with a Content-Encoding is a 415", server, 0):
        for coding in ("gzip", "br", "GZIP", "identity, gzip", "x-unknown"):
            for data in (gzip.compress(b"hello"), gzip.compress(os.urandom(200_000))):
                status, headers, _ = root("PUT", target, data, {"Content-Encoding": coding})
                same((coding, status), (coding, 415))
        same(root("PUT", target, b"hello", {"Content-Encoding": "identity"})[0], 201)
        tus = {"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0", "Content-Encoding": "gzip"}
        same(root("PATCH", "/api/v1/uploads/01ARZ3NDEKTSV4RRFFQ69G5FAV", b"x", tus)[0], 415)


def test_common_passwords_are_refused_without_composition_rules(place):
    server = Server(place, *CHEAP).ready()
    root = server.set_up("root")
    with row("common passwords are refused", server, 0):
        for i, password in enumerate((" " * 10, "1234567890", "password123", "P@ssw0rd2024", "qwertyuiop", "aaaaaaaaaa",
                                      "iloveyou123", "marialopez1", "sunshine12", "abcdefghij", "short")):
            status, _, body = root("POST", "/api/v1/users", {"username": "marialopez", "password": password})
            same((password, status), (password, 400))
        for i, password in enumerate(("only lower case words", "una frase muy larga", "密码是一只猫在屋顶上", "8472905136")):
            same(root("POST", "/api/v1/users", {"username": f"u{i}", "password": password})[0], 201)


def test_names_that_look_like_others_are_refused(place):
    server = Server(place, *CHEAP).ready()
    root = server.set_up("root")

    def make(name):
        return root("POST", "/api/v1/users", {"username": name, "password": PASSWORD})[0]

    with row("account names that look like others' are refused", server, 0):
        for name in ("ace", "maria", "иван", "\u0440\u0430\u0441"):
            same((name, make(name)), (name, 201))
        for name in ("\u0430\u0441\u0435", "\u0410\u0421\u0415", "ACE", "\uff41\uff43\uff45", "pac"):
            same((name, make(name)), (name, 409))
        for name in ("m\u0430ria", "r\u03bfot", "paypa\u04cf", "ivan\u0438", "x\u202ey", "x\u200by"):
            same((name, make(name)), (name, 400))


def test_invisible_names_are_refused(place):
    server = Server(place, *CHEAP).ready()
    root = server.set_up("root")
    folder = root.root()
    with row("invisible file names are refused", server, 0):
        for name in ("\u200b", "\u200b\u200d\u2060", "\ufeff", "\u202e", "\u3164", "\u00ad", " \u200b", "\u2800"):
            same((name, root("POST", f"/api/v1/entries/{folder}/folders", {"name": name})[0]), (name, 422))
            same((name, root("PUT", f"/api/v1/entries/{folder}/files/{urllib.parse.quote(name)}", b"x")[0]), (name, 422))
        same(root("POST", f"/api/v1/entries/{folder}/folders", {"name": "\u05d0\u200f"})[0], 201)


def test_a_terminal_shows_direction_marks_escaped(place):
    server = Server(place, *CHEAP).ready()
    root = server.set_up("root")
    name = "invoice \u202egnp.exe"
    root.put(root.root(), name, b"MZ")
    token = root("POST", "/api/v1/tokens", {"name": f"for {name}"})
    same(token[0], 201)
    server.stop()
    code, out, _ = place.run("user", "tokens", "root")
    expect(code == 0 and "\u202e" not in out and "invoice <U+202E>gnp.exe" in out, out)
    code, out, err = place.run("export", "--space", "root", "out")
    expect(code == 0 and "\u202e" not in out + err, out, err)


if __name__ == "__main__":
    main()
