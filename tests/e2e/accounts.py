#!/usr/bin/env python3
"""The user commands, beside a running server: their changes take effect at once.

fronts: direct tls nginx
"""
import os
import pty
import select
import subprocess
import time

from bodega import BINARY, PASSWORD, Client, environment, expect, main, same

OTHER = "another fine password"


def status_of(client):
    return client("GET", "/api/v1/session")[0]


def test_add_and_sign_in(place):
    server = place.serve().ready()
    out = place.succeeds("user", "add", "ana", "--admin", "--quota", "1GiB", stdin=f"{PASSWORD}\n".encode())
    same(out, "made the account ana, an administrator\n")
    client = Client(server.url).sign_in("ana")
    same(client("GET", "/api/v1/spaces")[2]["items"][0]["quota_bytes"], 1 << 30)
    # The forms that editors and shells of several systems write.
    for name, content in (("josé", OTHER + "\n"), ("eva", f"\ufeff{OTHER}\r\n\n")):
        secret = place.file("password", content)
        same(place.succeeds("user", "add", name, "--password-file", secret), f"made the account {name}\n")
        Client(server.url).sign_in(name, OTHER)
    place.succeeds("user", "passwd", "eva", stdin=f"\ufeff{PASSWORD}\r\n".encode())
    Client(server.url).sign_in("eva")
    code, out, err = place.run("user", "add", "ANA", stdin=PASSWORD.encode())
    expect(code == 1 and out == "" and err.startswith("bodega: ") and err.count("\n") == 1, code, out, err)


def test_accounts_before_the_first_start(place):
    # In a folder where no server was started, which may be the wrong one, the command says what it creates.
    made = f"bodega: there was no catalog, so a new one was created: {os.path.realpath(place.path)}/bodega-data/bodega.db\n"
    same(place.run("user", "add", "ana", "--admin", stdin=PASSWORD.encode()), (0, "made the account ana, an administrator\n", made))
    same(place.run("user", "add", "ben", stdin=PASSWORD.encode()), (0, "made the account ben\n", ""))
    code, _, err = place.run("migrate", "--node-data-dir", "elsewhere")
    same((code, err), (0, made.replace("bodega-data", "elsewhere")))
    same(place.run("migrate", "--node-data-dir", "elsewhere")[2], "")
    server = place.serve().ready()
    expect("/setup" not in server.output(), server.output())
    Client(server.url).sign_in("ana")


def test_add_refuses_bad_names_and_passwords(place):
    cases = [
        (["user", "add", "a b"], PASSWORD, 1),
        (["user", "add", ""], PASSWORD, 1),
        (["user", "add", "ana"], "short", 1),
        (["user", "add", "ana"], "", 2),
        (["user", "add", "ana", "--quota", "lots"], PASSWORD, 2),
        (["user", "add", "ana", "--password-file", "absent"], PASSWORD, 2),
        (["user", "add", "ana", "--password", PASSWORD], PASSWORD, 2),
        (["user", "add"], PASSWORD, 2),
        (["user", "passwd", "nobody"], PASSWORD, 2),
    ]
    for words, password, wanted in cases:
        code, out, err = place.run(*words, stdin=password.encode())
        expect(code == wanted and out == "" and err.count("\n") == 1 and err.startswith("bodega: "), words, code, out, err)
        expect(PASSWORD not in err, err)
    same(os.listdir(place.path), [])


def test_passwd_ends_sessions(place):
    server = place.serve().ready()
    client = server.set_up("ana")
    same(status_of(client), 200)
    out = place.succeeds("user", "passwd", "ana", stdin=OTHER.encode())
    same(out, "set the password of ana; ended 1 session and 0 tokens\n")
    same(status_of(client), 401)
    Client(server.url).sign_in("ana", OTHER)
    same(Client(server.url)("POST", "/api/v1/session", {"username": "ana", "password": PASSWORD})[0], 401)


def test_disable_and_enable(place):
    server = place.serve().ready()
    server.set_up("ana")
    place.succeeds("user", "add", "beto", stdin=OTHER.encode())
    beto = Client(server.url).sign_in("beto", OTHER)
    same(place.succeeds("user", "disable", "beto"), "beto can't sign in any more; ended 1 session and 0 tokens\n")
    same(status_of(beto), 401)
    same(Client(server.url)("POST", "/api/v1/session", {"username": "beto", "password": OTHER})[0], 401)
    same(place.succeeds("user", "enable", "beto"), "beto may sign in again\n")
    Client(server.url).sign_in("beto", OTHER)
    code, _, err = place.run("user", "disable", "ana")
    expect(code == 1 and err.startswith("bodega: ") and err.count("\n") == 1, code, err)
    code, _, err = place.run("user", "disable", "nobody")
    same((code, err), (1, "bodega: there is no account nobody; bodega user list shows them all\n"))


def test_list(place):
    place.succeeds("user", "add", "ana", "--admin", stdin=PASSWORD.encode())
    place.succeeds("user", "add", "zoë", "--quota", "2GiB", stdin=PASSWORD.encode())
    place.succeeds("user", "disable", "zoë")
    lines = place.succeeds("user", "list").splitlines()
    same([line.split() for line in lines], [
        ["NAME", "ROLE", "STATE", "SEEN", "USED"],
        ["ana", "admin", "enabled", "never", "0", "B"],
        ["zoë", "member", "disabled", "never", "0", "B", "of", "2.0", "GiB"],
    ])


class Terminal:
    """A command on a pseudo-terminal, as for a person."""

    def __init__(self, place, *words):
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen([BINARY, *words], cwd=place.path, env=environment(), stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
        place.processes.append(self.process)
        os.close(slave)
        self.seen = ""

    def wait_for(self, text):
        end = time.monotonic() + 20
        while text not in self.seen and select.select([self.master], [], [], max(0, end - time.monotonic()))[0]:
            try:
                self.seen += os.read(self.master, 4096).decode()
            except OSError:
                break
        expect(text in self.seen, self.seen)

    def type(self, text):
        os.write(self.master, text.encode())


def test_a_password_is_asked_for_twice_without_echo(place):
    terminal = Terminal(place, "user", "add", "ana", "--admin")
    terminal.wait_for("New password of ana: ")
    terminal.type(PASSWORD + "x\x7f\n")
    terminal.wait_for("The same again: ")
    terminal.type(PASSWORD + "\n")
    terminal.wait_for("made the account ana")
    same(terminal.process.wait(20), 0)
    expect(PASSWORD[:5] not in terminal.seen, terminal.seen)


def test_a_mistyped_or_cancelled_password(place):
    terminal = Terminal(place, "user", "add", "ana")
    terminal.wait_for("New password of ana: ")
    terminal.type(PASSWORD + "\n")
    terminal.wait_for("The same again: ")
    terminal.type(OTHER + "\n")
    terminal.wait_for("the two passwords differ")
    same(terminal.process.wait(20), 1)
    terminal = Terminal(place, "user", "add", "ana")
    terminal.wait_for("New password of ana: ")
    terminal.type("some\x03")
    terminal.wait_for("cancelled")
    same(terminal.process.wait(20), 1)
    same(os.listdir(place.path), [])


if __name__ == "__main__":
    main()
