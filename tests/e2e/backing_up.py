#!/usr/bin/env python3
"""backup and restore: taken under load, from either engine to the other; incomplete ones are refused, and fsck finds nothing."""
import contextlib
import glob
import hashlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import threading

import mariadb
from bodega import BINARY, PASSWORD, Client, environment, expect, main, same, until, yielding


def load(server, cookie, root, stop, number):
    """Creates, replaces and deletes files until told to stop."""
    client = Client(server.url)
    client.cookie = cookie
    mine, dice = [], random.Random(number)
    while not stop.is_set():
        name = f"{number}-{dice.randrange(12)}"
        entry = client.put(root, name, dice.randbytes(dice.choice((10, 5_000, 200_000))))
        mine.append(entry["id"])
        if dice.random() < 0.4:
            status = client("DELETE", f"/api/v1/entries/{mine.pop(dice.randrange(len(mine)))}?permanent=true")[0]
            expect(status in (204, 404, 409), status)


@contextlib.contextmanager
def under_load(server, client, root):
    stop, failures = threading.Event(), []

    def work(number):
        try:
            load(server, client.cookie, root, stop, number)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    same(failures, [])


def check_restored(place, env, data):
    """fsck finds nothing, and every file of the tree has the bytes of its digest."""
    out = place.succeeds("fsck", "--node-data-dir", data, env=env)
    expect("all is well" in out, out)
    server = place.serve(env=env, data=data, log=f"log-{data}").ready()
    client = Client(server.url).sign_in("ana")
    items, cursor = [], ""
    while cursor is not None:
        page = client("GET", f"/api/v1/entries/{client.root()}/children?limit=100{cursor}")[2]
        items += page["items"]
        cursor = f"&cursor={page['next_cursor']}" if page["next_cursor"] else None
    files = [item for item in items if item["kind"] == "file"]
    for item in files:
        status, _, body = client("GET", f"/api/v1/entries/{item['id']}/content")
        same((status, len(body), hashlib.sha256(body).hexdigest()), (200, item["size"], item["sha256"]))
    same(server.stop(), 0)
    return {item["name"]: item["sha256"] for item in files}


def everything_in(folder):
    """Names, sizes and times of all files there, except SQLite's temporary files beside the catalog."""
    found = [os.path.join(d, name) for d, _, names in os.walk(folder) for name in names if not name.endswith(("-wal", "-shm"))]
    return {path: (os.stat(path).st_size, os.stat(path).st_mtime_ns) for path in found}


def snapshots(place, folder):
    return sorted(name for name in os.listdir(f"{place.path}/{folder}/snapshots") if name.endswith(".catalog"))


def check_backups(place, env, other):
    server = place.serve("--files-versions-keep", "1", env=env).ready()
    client = server.set_up()
    root = client.root()
    for i in range(30):
        client.put(root, f"kept {i}", os.urandom(20_000 + i))
    with under_load(server, client, root):
        until(lambda: len(client("GET", f"/api/v1/entries/{root}/children")[2]["items"]) > 40, "a load")
        first = place.succeeds("backup", "saved", env=env)
        place.succeeds("backup", "saved", env=env)
        out = place.succeeds("backup", "saved", env=env)
    names = snapshots(place, "saved")
    expect(first.endswith(f": snapshot {names[0]}\n") and " (0 were there already)" in first, first, names)
    same(len(names), 3)
    expect(" (0 were there already" not in out and out.endswith(f": snapshot {names[2]}\n"), out)
    same(server.stop(), 0)

    place.succeeds("restore", "saved", "--node-data-dir", "new", env=other)
    found = check_restored(place, other, "new")
    # The restored catalog has another id than the owner of the folder.
    before = everything_in(f"{place.path}/saved")
    for words in ((), ("--keep", "1")):
        code, _, err = place.run("backup", "saved", *words, "--node-data-dir", "new", env=other)
        expect(code == 2 and "has the backups of another catalog" in err and "--adopt" in err, code, err)
    same(everything_in(f"{place.path}/saved"), before)
    out = place.succeeds("backup", "saved", "--adopt", "--verify", "--keep", "2", "--node-data-dir", "new", env=other)
    expect("were there already, " in out and " verified" in out, out)
    same([name for name in names if name in snapshots(place, "saved")], names[2:])
    expect(sum(name.startswith("kept ") for name in found) == 30, found)
    before = everything_in(f"{place.path}/new")
    for words in ((), ("--adopt",), ("--catalog-only",)):
        code, _, err = place.run("restore", "saved", *words, "--node-data-dir", "new", env=other)
        expect(code == 1 and "is not empty" in err and "another catalog" not in err, words, code, err)
        expect(other or "the target new/bodega.db is not empty" in err and "Nothing was changed. Stop the server and move that file's folder away" in err, err)
    if other:
        code, _, err = place.run("restore", "saved", "--node-data-dir", "never", env=other)
        expect(code == 1 and "is not empty" in err and not os.path.exists(f"{place.path}/never"), code, err)
    same(everything_in(f"{place.path}/new"), before)
    place.succeeds("restore", "saved", "--snapshot", names[2], "--node-data-dir", "old", env={})
    check_restored(place, {}, "old")


def test_sqlite_under_load_onto_mariadb(place):
    check_backups(place, {}, mariadb.MariaDB(place).new_database("one"))


def test_mariadb_under_load_onto_another(place):
    database = mariadb.MariaDB(place)
    check_backups(place, database.new_database("one"), database.new_database("two"))


def test_killed_at_any_moment(place):
    place.succeeds("user", "add", "ana", "--admin", stdin=PASSWORD.encode())
    for i in range(150):
        place.file(f"in/{i:03}", os.urandom(60_000))
    place.succeeds("import", "in", "--space", "ana")

    def killed(*words, seconds):
        process = subprocess.Popen([BINARY, *words], cwd=place.path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        place.processes.append(process)
        try:
            process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
        return process.returncode != 0

    # A killed run holds the catalog's lease for a while.
    if killed("backup", "saved", seconds=0.1):
        code, _, err = place.run("restore", "saved", "--node-data-dir", "new")
        expect(code == 2 and ("holds no complete backup" in err or "is no folder of backups" in err), code, err)
        with contextlib.closing(sqlite3.connect(f"{place.path}/bodega-data/bodega.db")) as catalog, catalog:
            catalog.execute("UPDATE leases SET expires_at = 0")
        place.succeeds("backup", "saved")
    same([n for n in os.listdir(f"{place.path}/saved/incoming") if not n.startswith(".")], [])
    for _ in range(8):
        if not killed("restore", "saved", "--node-data-dir", "new", seconds=0.05):
            break
        if is_whole(f"{place.path}/new/bodega.db"):
            break  # it was killed between its last commit and its end
        if is_begun(f"{place.path}/new/bodega.db"):
            code, _, err = place.run("serve", "--node-data-dir", "new", "--edge-listen", "http://127.0.0.1:0", timeout=10)
            expect(code == 2 and "the catalog is not whole" in err, code, err)
    else:
        place.succeeds("restore", "saved", "--node-data-dir", "new")
    same(len(check_restored(place, {}, "new")), 150)


def is_whole(path):
    """Whether a restore into this catalog has ended."""
    if not os.path.exists(path) or is_begun(path):
        return False
    with contextlib.closing(sqlite3.connect(path)) as catalog:
        try:
            return catalog.execute("SELECT COUNT(*) FROM audit").fetchone()[0] > 0
        except sqlite3.OperationalError:
            return False


def is_begun(path):
    """Whether a restore into this catalog has not ended."""
    if not os.path.exists(path):
        return False
    with contextlib.closing(sqlite3.connect(path)) as catalog:
        try:
            return catalog.execute("SELECT COUNT(*) FROM transfers").fetchone()[0] > 0
        except sqlite3.OperationalError:
            return False


def test_from_a_mount_that_can_only_be_read(place):
    place.succeeds("user", "add", "ana", "--admin", stdin=PASSWORD.encode())
    place.file("in/a", b"content")
    place.succeeds("import", "in", "--space", "ana")
    place.succeeds("backup", "saved")
    # Runs in its own mount namespace, which ends with the command.
    script = f"mount --bind saved saved && mount -o remount,ro,bind saved && ! touch saved/x && exec {BINARY} restore saved --node-data-dir new"
    done = subprocess.run(["unshare", "--mount", "sh", "-c", script], cwd=place.path, env=environment(), capture_output=True, text=True)
    expect(done.returncode == 0 and "restored" in done.stdout, done)
    expect("all is well" in place.succeeds("fsck", "--node-data-dir", "new"))


def imported(place, files, data="bodega-data", user="ana", env=None):
    """A catalog whose account has these files."""
    place.succeeds("user", "add", user, "--admin", "--node-data-dir", data, stdin=PASSWORD.encode(), env=env)
    for name, content in files.items():
        place.file(f"in-{data}/{name}", content)
    place.succeeds("import", f"in-{data}", "--space", user, "--node-data-dir", data, env=env)


def as_of_an_earlier_version(folder):
    """Makes a backup look like one of an earlier version, without a mark and without a catalog id in the snapshot's head."""
    os.remove(f"{folder}/bodega-backup.json")
    for name in os.listdir(f"{folder}/snapshots"):
        if name.endswith(".catalog"):
            with open(f"{folder}/snapshots/{name}", "r+b") as file:
                content = file.read()[:-32]
                start = content.index(b"H") + 5
                head = content[start : start + int.from_bytes(content[start - 4 : start])]
                short = b"".join(line for line in head.splitlines(True) if not line.startswith(b"catalog "))
                expect(len(short) < len(head), head)
                content = content[: start - 4] + len(short).to_bytes(4) + short + content[start + len(head) :]
                file.seek(0)
                file.truncate()
                file.write(content + hashlib.sha256(content).digest())


def test_a_folder_has_the_backups_of_one_catalog(place):
    imported(place, {"a": b"of ana"})
    imported(place, {"b": b"of bob"}, data="other", user="bob")
    place.succeeds("backup", "saved")
    of_other = ("--node-data-dir", "other")
    before = everything_in(f"{place.path}/saved")
    code, _, err = place.run("backup", "saved", "--keep", "1", *of_other)
    expect(code == 2 and "has the backups of another catalog" in err, code, err)
    same(everything_in(f"{place.path}/saved"), before)
    # A backup folder of an earlier version belongs to the catalog with the same accounts.
    as_of_an_earlier_version(f"{place.path}/saved")
    before = everything_in(f"{place.path}/saved")
    code, _, err = place.run("backup", "saved", "--keep", "1", *of_other)
    expect(code == 2 and "does not say whose backups it has" in err and "--adopt" in err, code, err)
    same(everything_in(f"{place.path}/saved"), before)
    out = place.succeeds("backup", "saved", "--keep", "1")
    expect("(1 were there already" in out and "removed 1 older snapshot" in out, out)
    # A live shared folder, by its own path, a link and a bind mount, of this catalog or another, also if its id is lost.
    live = {folder: everything_in(f"{place.path}/{folder}") for folder in ("bodega-data", "other")}
    os.symlink("bodega-data", f"{place.path}/link")
    os.makedirs(f"{place.path}/mount")
    for folder in ("link", "link/blobs/x", "other"):
        code, _, err = place.run("backup", folder, "--adopt")
        expect(code == 2 and ("is the shared directory itself" in err or "is a catalog's shared folder" in err), folder, code, err)
    for mounted, named in (("bodega-data", "mount"), ("bodega-data/blobs", "mount/new")):
        script = f"mount --bind {mounted} mount && exec {BINARY} backup {named} --adopt --keep 1"
        done = subprocess.run(["unshare", "--mount", "sh", "-c", script], cwd=place.path, env=environment(), capture_output=True, text=True)
        expect(done.returncode == 2 and "is the shared directory itself" in done.stderr, done)
    os.rename(f"{place.path}/other/bodega.json", f"{place.path}/aside")
    code, _, err = place.run("backup", "other", "--adopt")
    expect(code == 2 and "is a catalog's shared folder" in err, code, err)
    os.rename(f"{place.path}/aside", f"{place.path}/other/bodega.json")
    same({folder: everything_in(f"{place.path}/{folder}") for folder in live}, live)


def test_a_restored_catalog_gives_no_listing_the_tag_of_another(place):
    server = place.serve().ready()
    client = server.set_up()
    root = client.root()
    path, former = f"/api/v1/entries/{root}/children", []
    client.put(root, "kept", b"kept")
    place.succeeds("backup", "saved")
    for life in range(3):
        client.put(root, f"life {life}", b"another life")
        status, fields, listed = client("GET", path, headers={"If-None-Match": ", ".join(former)} if former else None)
        same(status, 200)
        same([item["name"] for item in listed["items"]], ["kept", f"life {life}"])
        expect(fields["etag"] not in former, former, fields["etag"])
        same(client("GET", path, headers={"If-None-Match": fields["etag"]})[0], 304)
        former.append(fields["etag"])
        same(server.stop(), 0)
        if life < 2:
            place.succeeds("restore", "saved", "--node-data-dir", f"life{life}")
            server = place.serve(data=f"life{life}").ready()
            client = Client(server.url).sign_in("ana")


def test_a_restore_with_lost_files(place):
    env, other = mariadb.MariaDB(place).new_database("one"), {}
    imported(place, {"docs/a": b"aaa", "docs/b": b"bbb", "c": b"ccc"}, env=env)
    place.succeeds("backup", "saved", env=env)
    blobs = {open(path, "rb").read(): path for path in everything_in(f"{place.path}/saved/blobs")}
    os.remove(blobs[b"aaa"])
    with open(blobs[b"bbb"], "wb") as file:
        file.write(b"BBB")
    code, out, err = place.run("restore", "saved", "--node-data-dir", "new", env=other)
    expect(code == 1 and "lost: ana/docs/a: missing\n" in err and "lost: ana/docs/b: damaged\n" in err, code, out, err)
    expect("2 stored files are missing or damaged in saved" in err and "--accept-loss" in err, err)
    code, _, err = place.run("serve", "--node-data-dir", "new", "--edge-listen", "http://127.0.0.1:0", env=other, timeout=10)
    expect(code == 2 and "the catalog is not whole" in err, code, err)
    out = place.succeeds("restore", "saved", "--node-data-dir", "new", "--accept-loss", env=other)
    expect("restored " in out, out)
    code, out, err = place.run("fsck", "--node-data-dir", "new", env=other)
    expect(code == 1 and "b" in out + err, code, out, err)
    same(place.run("export", "--space", "ana", "out", "--node-data-dir", "new", env=other)[0], 1)
    with open(f"{place.path}/out/c", "rb") as file:
        same(file.read(), b"ccc")
    # A backup copies files again that it finds damaged.
    code, out, err = place.run("backup", "saved", "--verify", env=env)
    expect(code == 0 and "was damaged in saved and was copied again" in err and "2 verified" in out, code, out, err)
    same({open(path, "rb").read() for path in everything_in(f"{place.path}/saved/blobs")}, {b"aaa", b"bbb", b"ccc"})


def test_a_stopped_backup_releases_its_lease(place):
    imported(place, {f"{i:03}": os.urandom(50_000) for i in range(80)})
    with contextlib.closing(sqlite3.connect(f"{place.path}/bodega-data/bodega.db")) as catalog:
        held = lambda: catalog.execute("SELECT COUNT(*) FROM leases WHERE name = 'backup' AND expires_at > 0").fetchone() == (1,)
        for number in (signal.SIGINT, signal.SIGTERM):
            process = subprocess.Popen([BINARY, "backup", "saved"], cwd=place.path, env=environment(), stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE, preexec_fn=yielding)
            place.processes.append(process)
            until(lambda: held() or process.poll() is not None, "a backup under way", pause=0.001)
            process.send_signal(number)
            out, err = process.communicate()
            expect(process.returncode == 1 and b"stopped by a signal" in err, process.returncode, out, err)
            expect(not held(), out, err)
            same(glob.glob(f"{place.path}/saved/snapshots/[!.]*"), [])
            shutil.rmtree(f"{place.path}/saved", ignore_errors=True)
    place.succeeds("backup", "saved")


def test_what_is_refused(place):
    place.succeeds("user", "add", "ana", "--admin", stdin=PASSWORD.encode())
    for folder in ("bodega-data", "bodega-data/blobs", "bodega-data/blobs/x", "./bodega-data/../bodega-data/incoming/"):
        code, _, err = place.run("backup", folder)
        expect(code == 2 and "is the shared directory itself" in err, folder, code, err)
    for keep in ("0", "-1", "x", ""):
        same(place.run("backup", "elsewhere", "--keep", keep)[0], 2)
    expect(not os.path.exists(f"{place.path}/elsewhere"))
    place.succeeds("backup", "bodega-data/backups")
    place.file("bodega-data/backups/snapshots/\x1b[2J.catalog")
    code, _, err = place.run("restore", "bodega-data/backups", "--snapshot", "no", "--node-data-dir", "new")
    expect("<U+001B>[2J" in err and "\x1b" not in err, err)
    os.remove(f"{place.path}/bodega-data/backups/snapshots/\x1b[2J.catalog")
    expect(code == 2 and "there is no snapshot no; there are: " in err and not os.path.exists(f"{place.path}/new"), code, err)
    # A restore onto itself, and an empty database with the folder of a catalog in use.
    before = everything_in(f"{place.path}/bodega-data")
    code, _, err = place.run("restore", "bodega-data/backups")
    expect(code == 1 and "is not empty" in err and "catalog that is not" not in err, code, err)
    code, _, err = place.run("restore", "bodega-data/backups", "--node-data-dir", "new", env={"SHARED_DIR": f"{place.path}/bodega-data"})
    expect(code == 2 and "belongs to a catalog that is not in this database" in err and "--adopt" in err, code, err)
    expect(not os.path.exists(f"{place.path}/new"))
    same(everything_in(f"{place.path}/bodega-data"), before)


if __name__ == "__main__":
    main()
