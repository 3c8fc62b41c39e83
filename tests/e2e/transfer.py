#!/usr/bin/env python3
"""import and export: byte for byte, whatever the names; a second run does no work twice; never outside of the folder.

fronts: direct tls nginx
"""
import hashlib
import os
import subprocess
import time
import unicodedata

from bodega import BINARY, PASSWORD, Client, environment, expect, main, same, until

HOSTILE = ["a\\b", "..\\up", "-rf", "--help", "CON", "nul.txt", "trailing. ", " leading", "a:b*c?d\"e<f>g|h", "$(touch x)", "`id`", "%2e%2e%2f", "~",
           ".hidden", "...", "año – café.txt", "日本語", "🙂" * 60, "x" * 255, "\u202egnp.exe", "e\u0301".replace("e\u0301", "é"), "new;line", "'quote'", "*"]


def digest_tree(top):
    """{path: sha256, or None for a folder} below a folder."""
    out = {}
    for folder, folders, files in os.walk(top):
        for name in folders:
            out[os.path.relpath(os.path.join(folder, name), top)] = None
        for name in files:
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                out[os.path.relpath(path, top)] = hashlib.sha256(file.read()).hexdigest()
    return out


def make_tree(place):
    for number, name in enumerate(HOSTILE):
        place.file(f"in/{name}", os.urandom(number * 100))
        place.file(f"in/folders/{name}x"[:4 + 8 + 200] + "/inner", name)
    place.file("in/deep/" + "/".join(f"d{i}" for i in range(60)) + "/leaf", b"leaf")
    os.makedirs(f"{place.path}/in/empty folder")
    place.file("in/empty file")
    place.file("in/large", os.urandom(5 << 20))


def account(place, name="ana"):
    place.succeeds("user", "add", name, "--admin", stdin=PASSWORD.encode())


def test_a_round_trip_is_byte_for_byte(place):
    make_tree(place)
    account(place)
    out = place.succeeds("import", "in", "--space", "ana")
    expect(out.startswith("imported ") and "left out" not in out, out)
    place.succeeds("export", "--space", "ana", "out")
    same(digest_tree(f"{place.path}/out"), digest_tree(f"{place.path}/in"))


YEAR_1900 = -2_208_988_800  # seconds: the first date that a file can have


def test_import_and_export_keep_dates(place):
    dates = {"new": 1_700_000_000.123, "old": 946_684_800.5, "before 1970": -1.25, "before 1900": -3_000_000_000.0}
    for name, date in dates.items():
        path = place.file(f"in/{name}", name)
        os.utime(path, ns=(0, round(date * 1000) * 1_000_000))
        dates[name] = os.stat(path).st_mtime  # some file systems know no date before 1901
    account(place)
    before = time.time() * 1000
    place.succeeds("import", "in", "--space", "ana")
    server = place.serve().ready()
    client = Client(server.url).sign_in("ana")
    items = client("GET", f"/api/v1/entries/{client.root()}/children?sort=modified_at")[2]["items"]
    kept = sorted((name for name in dates if dates[name] >= YEAR_1900), key=dates.get)
    same([item["name"] for item in items], kept + [name for name in dates if name not in kept])  # those: when they came
    for item in items:
        if item["name"] in kept:
            same(item["modified_at"], round(dates[item["name"]] * 1000))
        else:
            expect(item["modified_at"] >= before - 1000, item)
        expect(item["uploaded_at"] >= before - 1000, item)
    root = client.root()
    place.succeeds("backup", "backup")
    server.stop()
    place.succeeds("export", "--space", "ana", "out")
    for name in ("new", "old", "before 1970"):
        same(os.stat(f"{place.path}/out/{name}").st_mtime_ns, round(dates[name] * 1000) * 1_000_000)
    place.succeeds("restore", "backup", "--node-data-dir", "restored")
    restored = Client(place.serve(data="restored", log="log2").ready().url).sign_in("ana")
    same(restored("GET", f"/api/v1/entries/{root}/children?sort=modified_at")[2]["items"], items)


def test_a_second_run_repeats_nothing(place):
    make_tree(place)
    account(place)
    place.succeeds("import", "in", "--space", "ana")
    count = len([d for d in digest_tree(f"{place.path}/in").values() if d])
    same(place.succeeds("import", "in", "--space", "ana"), f"imported 0 files, 0 B into ana; {count} were there already\n")
    place.succeeds("export", "--space", "ana", "out")
    same(place.succeeds("export", "--space", "ana", "out"), f"exported 0 files, 0 B to out; {count} were there already\n")


def test_changes_become_versions_and_differences_are_reported(place):
    place.file("in/a.txt", "one")
    account(place)
    place.succeeds("import", "in", "--space", "ana")
    place.succeeds("export", "--space", "ana", "out")
    place.file("in/a.txt", "two")
    same(place.succeeds("import", "in", "--space", "ana"), "imported 1 file, 3 B into ana\n")
    code, out, err = place.run("export", "--space", "ana", "out")
    expect(code == 1 and "1 could not be exported" in out and "a.txt exists with different content; --replace would overwrite it" in err, code, out, err)
    same(open(f"{place.path}/out/a.txt").read(), "one")
    place.succeeds("export", "--space", "ana", "out", "--replace")
    same(open(f"{place.path}/out/a.txt").read(), "two")


def test_into_and_from_a_folder(place):
    place.file("in/a.txt", "one")
    account(place)
    same(place.succeeds("import", "in", "--space", "ana", "--into", "/Informes/2026/"), "imported 1 file, 3 B into ana/Informes/2026\n")
    place.succeeds("export", "--space", "ana", "--from", "Informes", "out")
    same(sorted(digest_tree(f"{place.path}/out")), ["2026", "2026/a.txt"])
    code, _, err = place.run("export", "--space", "ana", "--from", "Informes/1999", "out2")
    expect(code == 1 and "there is no folder 1999" in err and not os.path.exists(f"{place.path}/out2"), code, err)


def test_files_that_can_not_be_kept_are_reported(place):
    account(place)
    place.file("in/good", "good")
    place.file("in/control\x01", "x")
    with open(os.path.join(place.path.encode(), b"in", b"invalid\xff"), "wb") as file:
        file.write(b"x")
    os.symlink("/etc/passwd", f"{place.path}/in/link")
    os.symlink("/etc", f"{place.path}/in/folder-link")
    os.mkfifo(f"{place.path}/in/pipe")
    for name in (b"title\x1b]0;owned\x07", b"line\nbodega: imported everything", b"\x9b31m", "\u202egnp".encode()):
        with open(os.path.join(place.path.encode(), b"in", name), "wb") as file:
            file.write(b"x")
    place.file("in/" + unicodedata.normalize("NFD", "é"), "decomposed")
    place.file("in/" + unicodedata.normalize("NFC", "é"), "composed")
    code, out, err = place.run("import", "in", "--space", "ana")
    same(code, 1)
    same(out, f"imported 3 files, {len('good') + len('decomposed') + 1} B into ana; 9 were left out, see above\n")
    same(err.count("\n"), 9)
    expect(all(line.startswith("bodega: in/") for line in err.splitlines()), err)
    for part in ("\x1b", "\x07", "\ufffd", "\x9b"):
        expect(part not in err, part, err)
    for part in ("control", "invalid", "in/link is a symbolic link, which bodega does not follow", "in/folder-link is a symbolic link", "in/pipe is neither", "the same name"):
        expect(part in err, part, err)
    place.succeeds("export", "--space", "ana", "out")
    same(sorted(digest_tree(f"{place.path}/out")), ["good", unicodedata.normalize("NFC", "é"), "\u202egnp"])
    code, out, err = place.run("export", "--space", "ana", "out\x1b[2J")
    expect(code == 0 and "out<U+001B>[2J" in out and "\x1b" not in out + err, code, out, err)


def test_an_export_does_not_follow_links(place):
    place.file("in/sub/a.txt", "mine")
    place.file("in/b.txt", "mine")
    account(place)
    place.succeeds("import", "in", "--space", "ana")
    outside = place.file("outside/b.txt", "not yours")
    os.makedirs(f"{place.path}/out")
    os.symlink("../outside", f"{place.path}/out/sub")
    os.symlink("../outside/b.txt", f"{place.path}/out/b.txt")
    code, _, err = place.run("export", "--space", "ana", "out", "--replace")
    expect(code == 1 and "out/sub" in err and "out/b.txt exists and is not a regular file" in err, code, err)
    same(os.listdir(f"{place.path}/outside"), ["b.txt"])
    same(open(outside).read(), "not yours")


def test_a_killed_export_leaves_only_complete_files(place):
    account(place)
    for i in range(30):
        place.file(f"in/f{i}", os.urandom(1 << 20))
    place.succeeds("import", "in", "--space", "ana")
    process = subprocess.Popen([BINARY, "export", "--space", "ana", "out"], cwd=place.path, env=environment(), stdout=subprocess.DEVNULL)
    place.processes.append(process)
    until(lambda: os.path.isdir(f"{place.path}/out") and len(os.listdir(f"{place.path}/out")) > 3 or process.poll() is not None, "some files")
    process.kill()
    process.wait()
    wanted = digest_tree(f"{place.path}/in")
    for name, digest in digest_tree(f"{place.path}/out").items():
        expect(name.startswith(".bodega-") or digest == wanted[name], name)
    place.succeeds("export", "--space", "ana", "out")
    same({n: d for n, d in digest_tree(f"{place.path}/out").items() if not n.startswith(".bodega-")}, wanted)


def test_beside_a_running_server(place):
    server = place.serve().ready()
    client = server.set_up("ana")
    client.put(client.root(), "by http.txt", b"http")
    place.file("in/by command.txt", "command")
    place.succeeds("import", "in", "--space", "ana")
    items = client("GET", f"/api/v1/entries/{client.root()}/children")[2]["items"]
    same([i["name"] for i in items], ["by command.txt", "by http.txt"])
    same(client("GET", f"/api/v1/entries/{items[0]['id']}/content")[2], b"command")
    place.succeeds("export", "--space", "ana", "out")
    same(open(f"{place.path}/out/by http.txt").read(), "http")


def test_the_choice_of_the_space(place):
    server = place.serve().ready()
    client = server.set_up("ana")
    ids = [client("POST", "/api/v1/spaces", {"name": "Equipo"})[2]["id"] for _ in range(2)]
    place.file("in/a", "a")
    code, _, err = place.run("import", "in", "--space", "nowhere")
    expect(code == 1 and err.startswith("bodega: there is no space nowhere; there are: "), code, err)
    code, _, err = place.run("import", "in", "--space", "Equipo")
    expect(code == 1 and all(i in err for i in ids), code, err)
    same(place.succeeds("import", "in", "--space", ids[1]), "imported 1 file, 1 B into Equipo\n")
    code, _, err = place.run("import", "in")
    same((code, err), (2, "bodega: name the space: --space NAME; there are: ana, Equipo, Equipo\n"))
    code, _, err = place.run("export", "out")
    same((code, err), (2, "bodega: name the space: --space NAME; there are: ana, Equipo, Equipo\n"))
    code, _, err = place.run("import", "absent", "--space", "ana")
    expect(code == 2 and "absent" in err, code, err)


def test_progress_without_a_terminal(place):
    account(place)
    place.file("in/large", os.urandom(1 << 20))
    code, _, err = place.run("import", "in", "--space", "ana")
    same((code, err), (0, ""))  # quick work shows no progress


if __name__ == "__main__":
    main()
