#!/usr/bin/env python3
"""A disk filled by uploads or by other programs: uploads are refused before its last bytes, people can sign in and delete, and
erased files give their room back at once.

fronts: direct nginx
"""
import os
import re
import subprocess
import sys
import urllib.parse
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from bodega import BINARY, PASSWORD, Client, Skipped, environment, expect, free_port, main, same, until  # noqa: E402
from tus import PART, TUS, b64  # noqa: E402

MIB = 1 << 20
SIZE = 48 * MIB
RESERVE = SIZE // 10  # files.reserve is 64 MiB, and a tenth of a small disk at most


class Disk:
    """A separate file system of SIZE bytes."""

    def __init__(self, place, name):
        if os.geteuid() != 0:
            raise Skipped("only root can mount a small disk")
        self.path = f"{place.path}/{name}"
        os.makedirs(self.path)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0755", "tmpfs", self.path], capture_output=True, text=True)
        if done.returncode != 0:
            raise Skipped("no tmpfs can be mounted here: " + done.stderr)
        place.closing.append(self)

    def close(self):
        subprocess.run(["umount", "--lazy", self.path], check=False)

    def free(self):
        found = os.statvfs(self.path)
        return found.f_bavail * found.f_frsize

    def fill(self, name="others", leave=0):
        """Fills the disk as another program would."""
        with open(f"{self.path}/{name}", "wb") as file:
            os.posix_fallocate(file.fileno(), 0, self.free() - leave)
        return f"{self.path}/{name}"


def full(answer):
    same((answer[0], answer[2]["code"], str(answer[2]).count("/")), (507, "no_space", 0))


def create(client, root, name, length):
    meta = f"parent_id {b64(root)},filename {b64(name)}"
    return client("POST", "/api/v1/uploads", b"", {**TUS, "Upload-Length": str(length), "Upload-Metadata": meta})


def put(client, root, name, data):
    return client("PUT", f"/api/v1/entries/{root}/files/{name}", data)


def metric(admin, name):
    found = re.search(rf"^{name} (\S+)$", Client(admin)("GET", "/metrics")[2].decode(), re.M)
    return found and float(found[1])


def filled_by_uploads(place, disk, data, *flags):
    admin = f"http://127.0.0.1:{free_port()}"
    server = place.serve("--edge-admin-listen", admin, *flags, data=data).ready()
    ana = server.set_up()
    root = ana.root()
    same(until(lambda: metric(admin, "bodega_shared_reserve_bytes"), "a look at the room"), RESERVE)
    begun = urllib.parse.urlsplit(create(ana, root, "begun", 4 * MIB)[1]["location"]).path
    same(ana("PATCH", begun, b"b" * MIB, {**PART, "Upload-Offset": "0"})[0], 204)
    kept = []
    for number in range(SIZE // MIB):
        answer = put(ana, root, f"{number}", os.urandom(2 * MIB))
        if answer[0] != 201:
            break
        kept.append(answer[2]["id"])
    full(answer)
    expect(len(kept) > 5 and disk.free() > RESERVE - 3 * MIB // 4, len(kept), disk.free())
    while put(ana, root, f"small {disk.free()}".replace(" ", "-"), os.urandom(200_000))[0] == 201:
        pass
    # Each call that stores bytes is refused before its bytes, or where the reserve begins.
    full(create(ana, root, "announced", 8 * MIB))
    full(ana("PATCH", begun, b"b" * 3 * MIB, {**PART, "Upload-Offset": str(MIB)}))
    same(int(ana("HEAD", begun, headers=TUS)[1]["upload-offset"]), MIB)
    full(put(ana, root, "whole", b"w" * 8 * MIB))
    place.file("from/large", os.urandom(4 * MIB))
    space = ana("GET", "/api/v1/spaces")[2]["items"][0]["id"]
    code, out, err = place.run("import", "from", "--space", space, "--node-data-dir", data, *flags)
    expect(code == 1 and "reserve" in out + err, code, out, err)
    code, out, err = place.run("doctor", "--node-data-dir", data, *flags)
    expect("of which uploads leave 4 MiB" in out and not re.search("ok +folder.reserve", out), out, err)
    until(lambda: metric(admin, "bodega_shared_short_of_room") == 1, "the metric says so", 5, 0.1)
    expect(disk.free() > RESERVE // 2, disk.free())
    # Calls that free room work, and free it at once.
    again = Client(server.url).sign_in("ana")
    before = disk.free()
    same(again("DELETE", f"/api/v1/entries/{kept[0]}")[0], 204)
    same(again("DELETE", f"/api/v1/entries/{kept[0]}?permanent=true")[0], 204)
    same(again("DELETE", f"/api/v1/entries/{kept[1]}?permanent=true")[0], 204)
    same(again("POST", f"/api/v1/entries/{root}/folders", {"name": "new"})[0], 201)
    until(lambda: disk.free() > before + 3 * MIB, "erased files give their room back", 15, 0.1)
    for entry in kept[2:5]:
        same(again("DELETE", f"/api/v1/entries/{entry}?permanent=true")[0], 204)
    until(lambda: disk.free() > before + 9 * MIB, "erased files give their room back", 15, 0.1)
    same(ana("PATCH", begun, b"b" * 3 * MIB, {**PART, "Upload-Offset": str(MIB)})[0], 204)
    same(place.run("fsck", "--node-data-dir", data, *flags)[0], 0)
    return server, again, root


def test_catalog_and_files_on_one_disk(place):
    disk = Disk(place, "disk")
    server, ana, root = filled_by_uploads(place, disk, "disk/data")
    # Other programs fill it to the last byte: the catalog's own reserve is released.
    reserve = f"{disk.path}/data/bodega.db-reserve"
    same(os.path.exists(reserve), True)
    disk.fill()
    until(lambda: not os.path.exists(reserve), "the catalog's reserve is released", 10, 0.05)
    folder = ana("GET", f"/api/v1/entries/{root}/children")[2]["items"]
    Client(server.url).sign_in("ana")
    victim = next(entry for entry in folder if entry["kind"] == "file")
    same(ana("DELETE", f"/api/v1/entries/{victim['id']}?permanent=true")[0], 204)
    full(put(ana, root, "refused", b"r" * MIB))
    os.remove(f"{disk.path}/others")
    until(lambda: os.path.exists(reserve), "there is a reserve again", 10, 0.05)
    same(server.stop(), 0)


def test_files_on_a_separate_disk(place):
    disk = Disk(place, "disk")
    server, _, _ = filled_by_uploads(place, disk, "bodega-data", "--node-shared-dir", disk.path + "/shared")
    same(server.stop(), 0)


def test_a_disk_without_a_reserve(place):
    disk = Disk(place, "disk")
    server = place.serve("--node-shared-dir", disk.path + "/shared", "--files-reserve", "0").ready()
    ana = server.set_up()
    disk.fill(leave=3 * MIB)
    same(put(ana, ana.root(), "fits", b"f" * (5 * MIB // 2))[0], 201)
    full(put(ana, ana.root(), "does-not", b"f" * 2 * MIB))
    same(server.stop(), 0)


def test_a_restore_leaves_the_reserve(place):
    disk = Disk(place, "disk")
    place.succeeds("user", "add", "ana", "--admin", stdin=PASSWORD.encode())
    for number in range(3):
        place.file(f"in/{number}", os.urandom(5 * MIB))
    place.succeeds("import", "in", "--space", "ana")
    place.succeeds("backup", "saved")
    others = disk.fill(leave=17 * MIB)  # enough for the files, and not for the reserve beside them
    restore = ("restore", "saved", "--node-data-dir", f"{disk.path}/deep/new")
    code, out, err = place.run(*restore)
    expect(code == 1 and f"need {15 * MIB} bytes" in err and f"leaves {RESERVE} free" in err, code, out, err)
    same((os.listdir(disk.path), disk.free()), (["others"], 17 * MIB))
    # Other programs fill it while the restore runs: it stops before the reserve, and continues when there is room.
    with open(others, "r+b") as file:
        file.truncate(SIZE - 25 * MIB)
    slow = subprocess.Popen(["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:delay_enter=300000",
                             BINARY, *restore], cwd=place.path, env=environment({"ASAN_OPTIONS": "detect_leaks=0"}), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    place.processes.append(slow)  # leak detection does not work in a traced process
    until(lambda: files_in(f"{disk.path}/deep/new/blobs") or slow.poll() is not None, "the first file is there")
    rest = disk.fill("more", leave=RESERVE + MIB)
    out, err = slow.communicate(timeout=60)
    expect(slow.returncode == 1 and "beside its reserve (files.reserve)" in err, slow.returncode, out, err)
    os.remove(rest)
    expect("restored " in place.succeeds(*restore))
    expect("all is well" in place.succeeds("fsck", "--node-data-dir", f"{disk.path}/deep/new"))


def files_in(folder):
    return [name for _, _, names in os.walk(folder) for name in names]


if __name__ == "__main__":
    main()
