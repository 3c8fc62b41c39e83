#!/usr/bin/env python3
"""Terminal control characters in a name from a disk, a catalog, a backup or the command line: every command that prints the
name escapes them."""
import contextlib
import glob
import os
import sqlite3

from bodega import PASSWORD, expect, main, same

# A window title, a colour by C1, a right-to-left override, and a line that looks like the command's own output.
HOSTILE = "evil\x1b]0;owned\x07\x9b31m\u202egnp\nbodega: forged"
# On a command line, which the person at the terminal types: without the line break.
TYPED = HOSTILE.split("\n", 1)[0]
MARK = "<U+001B>]0;owned<U+0007>"
RAW = ("\x1b", "\x07", "\x9b", "\u202e", "\nbodega: forged")


def sql(place, *statements):
    with contextlib.closing(sqlite3.connect(f"{place.path}/bodega-data/bodega.db")) as catalog, catalog:
        for statement, *values in statements:
            expect(catalog.execute(statement, values).rowcount > 0, statement)


def check(place, words, said=MARK, **options):
    code, out, err = place.run(*words, **options)
    expect(all(raw not in "\n" + out + err for raw in RAW), words, code, out, err)
    expect(said in out + err, words, code, out, err)
    return code


def holding(content, folder):
    files = [path for path in glob.glob(f"{folder}/**", recursive=True) if os.path.isfile(path)]
    return [path for path in files if open(path, "rb").read() == content]


def catalog(place):
    """Creates a file, a space, accounts, a token, a session and nodes with that name, as another program may write them."""
    place.file(f"in/{HOSTILE}", b"bytes")
    place.file("password", PASSWORD)
    server = place.serve().ready()
    ana = server.set_up()
    same(ana("POST", "/api/v1/spaces", {"name": "team"})[0], 201)
    same(ana("POST", "/api/v1/tokens", {"name": "robot", "scope": "read"})[0], 201)
    entry = ana.put(ana.root(), "file", b"first")
    ana.put(ana.root(), "second", b"second")
    place.succeeds("user", "add", "eve", "--password-file", "password")
    server.stop()
    sql(place, ("UPDATE spaces SET name = ? WHERE name = 'team'", HOSTILE), ("UPDATE tokens SET name = ?", HOSTILE),
        ("UPDATE sessions SET user_agent = ?", HOSTILE), ("UPDATE entries SET name = ? WHERE name = 'file'", HOSTILE),
        ("UPDATE users SET username = ? WHERE username = 'eve'", HOSTILE),
        ("UPDATE nodes SET name = ?, version = ?, address = ?", HOSTILE, HOSTILE, HOSTILE),
        ("INSERT INTO node_drains (name, asked_at, seen_at) VALUES (?, 1, 1)", HOSTILE + "2"))
    return entry


def test_hostile_names_in_the_catalog(place):
    catalog(place)
    for words in (("user", "list"), ("user", "tokens", "ana"), ("user", "sessions", "ana"), ("nodes",),
                  ("import", "in", "--space", "absent"), ("export", "out")):
        check(place, words)
    check(place, ("nodes", "--json"), "evil")
    check(place, ("import", "in", "--space", "ana"))
    # A file that can't be written under its name, and its folder.
    place.succeeds("export", "--space", "ana", "out")
    for path in glob.glob(f"{place.path}/out/evil*"):
        os.remove(path)
        os.mkdir(path)
    check(place, ("export", "--space", "ana", "out"))


def test_hostile_names_of_damaged_files(place):
    catalog(place)
    place.succeeds("backup", "saved")
    blobs, kept = holding(b"first", f"{place.path}/bodega-data/blobs"), holding(b"first", f"{place.path}/saved/blobs")
    same((len(blobs), len(kept)), (1, 1))
    for path in blobs + kept:
        os.chmod(path, 0o640)
        with open(path, "wb") as file:
            file.write(b"other")
    for words in (("fsck",), ("export", "--space", "ana", "out"),
                  ("restore", "saved", "--node-data-dir", "lost"), ("restore", "saved", "--node-data-dir", "accepted", "--accept-loss")):
        check(place, words)
    sql(place, ("UPDATE spaces SET used_bytes = 1 WHERE name = ?", HOSTILE))
    check(place, ("fsck",), f'space "evil{MARK}')
    os.remove(blobs[0])
    for words in (("fsck",), ("fsck", "--repair")):
        check(place, words)
    for words in (("backup", "new"), ("backup", "saved", "--verify")):  # they name blobs
        check(place, words, "blob ")
    check(place, ("doctor",), "folder.files")


def test_hostile_names_on_the_command_line_and_in_settings(place):
    place.file("password", PASSWORD)
    place.succeeds("user", "add", "ana", "--password-file", "password")
    os.makedirs(f"{place.path}/{TYPED}/x")
    missing = f"{TYPED}/none"
    for words in ((TYPED,), ("help", TYPED), ("user", TYPED), ("kit", TYPED), ("serve", f"--{TYPED}"), ("serve", TYPED),
                  ("config", "show", TYPED), ("config", "check", "--config", TYPED), ("config", "check", "--config", missing),
                  ("user", "add", "eve", "--password-file", missing),
                  ("user", "disable", TYPED), ("user", "enable", TYPED), ("user", "unlock", TYPED), ("user", "tokens", TYPED),
                  ("user", "sessions", TYPED), ("user", "sessions", "ana", "--end", TYPED), ("user", "passwd", TYPED, "--password-file", "password"),
                  ("user", "add", "eve", "--quota", TYPED), ("drain", TYPED), ("import", missing, "--space", "ana"), ("import", TYPED, "--space", TYPED),
                  ("export", "--space", TYPED, "out"),
                  ("backup", f"bodega-data/{TYPED}/../incoming"), ("backup", TYPED), ("restore", missing),
                  ("move-catalog", "--from", f"sqlite:{missing}", "--to", "sqlite:x.db"), ("doctor", "--node-data-dir", missing),
                  ("fsck", "--node-data-dir", missing), ("adopt", "--node-data-dir", missing), ("migrate", "--node-data-dir", TYPED),
                  ("nodes", "--database-url", f"sqlite:{missing}"), ("config", "show", "node", "--node-data-dir", TYPED),
                  ("config", "check", "--log-level", TYPED), ("serve", "--edge-listen", TYPED), ("serve", "--edge-tls-certificates", f"{missing} {missing}",
                                                                                               "--edge-listen", "https://127.0.0.1:0")):
        if words[:2] == ("backup", f"bodega-data/{TYPED}/../incoming"):
            os.makedirs(f"{place.path}/bodega-data/{TYPED}")
        check(place, words)
    key = TYPED.encode("unicode_escape").decode().replace("\\x9b", "\\u009b").replace("\\x1b", "\\u001b").replace("\\x07", "\\u0007")
    place.file("config.toml", f'"{key}" = 1\n[log]\nlevel = "{key}"\n')
    for words in (("config", "check"), ("user", "list")):
        check(place, words)


if __name__ == "__main__":
    main()
