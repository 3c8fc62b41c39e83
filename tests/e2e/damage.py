#!/usr/bin/env python3
"""fsck finds a flipped byte and a missing file, beside a busy server; it keeps files that may still get their row."""
import os

from bodega import PASSWORD, expect, main, same


def blobs_of(place):
    return sorted(os.path.join(d, f) for d, _, files in os.walk(f"{place.path}/bodega-data/blobs") for f in files)


def with_files(place, count=5):
    place.succeeds("user", "add", "ana", "--admin", stdin=PASSWORD.encode())
    for i in range(count):
        place.file(f"in/file {i}.bin", os.urandom(10_000 + i))
    place.succeeds("import", "in", "--space", "ana")
    same(len(blobs_of(place)), count)


def flip_a_byte(path):
    os.chmod(path, 0o640)
    with open(path, "r+b") as file:
        file.seek(5000)
        byte = file.read(1)
        file.seek(5000)
        file.write(bytes([byte[0] ^ 1]))


def test_fsck_finds_nothing_in_a_sound_folder(place):
    with_files(place)
    same(place.run("fsck")[::2], (0, ""))
    out = place.succeeds("fsck")
    expect(out.startswith("checked 5 files, ") and out.endswith(": all is well\n"), out)


def test_a_flipped_byte_is_found(place):
    with_files(place)
    flip_a_byte(blobs_of(place)[2])
    code, out, _ = place.run("fsck")
    expect(code == 1 and out.count("damaged: ") == 1 and "file " in out and "restore those from a backup" in out, code, out)
    same(place.run("fsck", "--quick")[0], 0)
    same(place.run("fsck", "--repair")[0], 1)  # no repair brings bytes back
    code, out, err = place.run("export", "--space", "ana", "out")
    expect(code == 1 and "the stored bytes are damaged" in err and len(os.listdir(f"{place.path}/out")) == 4, code, out, err)


def test_a_missing_file_is_found(place):
    with_files(place)
    os.remove(blobs_of(place)[0])
    code, out, _ = place.run("fsck", "--quick")
    expect(code == 1 and out.count("missing: ") == 1, code, out)


def test_a_file_without_its_row_yet_is_kept(place):
    with_files(place)
    path = blobs_of(place)[0]
    fresh = path[:-1] + ("0" if path[-1] != "0" else "1")  # another id of the same folder
    with open(fresh, "wb") as file:
        file.write(b"its row may come in a moment")
    place.run("fsck", "--repair")
    expect(os.path.exists(fresh))


def test_fsck_beside_a_busy_server(place):
    server = place.serve().ready()
    client = server.set_up()
    root = client.root()
    for i in range(20):
        client.put(root, f"f{i}", os.urandom(1000))
        if i % 5 == 0:
            same(place.run("fsck")[0], 0)
    out = place.succeeds("fsck", "--repair")
    expect("checked 20 files" in out, out)


if __name__ == "__main__":
    main()
