#!/usr/bin/env python3
"""import and export on a disk that changes, ignores case or is full, and the output on a terminal."""
import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import faulty_folder  # noqa: E402
from bodega import BINARY, PASSWORD, Skipped, environment, expect, main, same, yielding  # noqa: E402
from transfer import account, digest_tree  # noqa: E402


def while_it_is_read(process, path, act):
    """Calls `act` each time the process has read a part of the file and has to continue reading there."""
    seen = None
    while process.poll() is None:
        time.sleep(0.0003)
        for number in os.listdir(f"/proc/{process.pid}/fd"):
            try:
                if os.readlink(f"/proc/{process.pid}/fd/{number}") != path:
                    continue
                with open(f"/proc/{process.pid}/fdinfo/{number}") as file:
                    position = int(file.readline().split()[1])
            except OSError:
                continue
            if position == 0:
                continue  # it has read nothing yet
            if seen is None or position < seen:
                os.kill(process.pid, signal.SIGSTOP)
                act()
                os.kill(process.pid, signal.SIGCONT)
            seen = position


def test_a_file_that_changes_while_it_is_read(place):
    account(place)
    size = 96 << 20
    path = place.file("in/log", b"a" * size)
    content = iter((b"b", b"c"))

    def change():
        with open(path, "r+b") as file:
            for at in (0, size - 1):
                file.seek(at)
                file.write(next(content) if at == 0 else b"z")

    def imported(act):
        process = subprocess.Popen([BINARY, "import", "in", "--space", "ana"], cwd=place.path, env=environment(), stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, preexec_fn=yielding)
        place.processes.append(process)
        while_it_is_read(process, path, act)
        out, err = process.communicate()
        said = [line for line in err.decode().splitlines() if not re.match(r"import: .*/s$", line)]  # without the progress of a slow one
        return process.returncode, out.decode(), said

    code, out, err = imported(change)  # both times
    expect(code == 1 and "in/log changed each time it was read" in str(err) and "imported 0 files" in out, code, out, err)
    place.succeeds("export", "--space", "ana", "out")
    same(os.listdir(f"{place.path}/out"), [])
    place.file("in/log", b"a" * size)
    content, once = iter((b"d",)), iter((change,))
    code, out, err = imported(lambda: next(once, lambda: None)())
    same((code, out, err), (0, "imported 1 file, 96 MiB into ana\n", []))
    place.succeeds("export", "--space", "ana", "out")
    same(digest_tree(f"{place.path}/out"), digest_tree(f"{place.path}/in"))


def test_a_case_insensitive_disk(place):
    if not faulty_folder.is_there():
        raise Skipped("no FUSE here")
    account(place)
    files = {"A": b"upper", "a": b"lower", "Docs/x": b"of Docs", "docs/x": b"of docs", "docs/y": b"of docs", "README": b"ours"}
    for name, content in files.items():
        place.file(f"in/{name}", content)
    place.succeeds("import", "in", "--space", "ana")
    disk = faulty_folder.FaultyFolder(place)
    disk.fold()
    place.file("backing/readme", b"somebody's own")
    wanted = {"A": b"upper", "Docs/x": b"of Docs", "readme": b"somebody's own"}
    for words in ((), ("--replace",), ("--replace",)):
        code, out, err = place.run("export", "--space", "ana", "shared", *words)
        expect(code == 1 and "3 could not be exported" in out, code, out, err)
        for name in ("a", "docs", "README"):
            expect(f"shared/{name} exists in another spelling" in err, name, err)
        found = {os.path.relpath(path, disk.backing): open(path, "rb").read() for path in files_below(disk.backing)}
        same(found, wanted)
    # A file with exactly this name is replaced as before.
    place.file("in/A", b"newer")
    place.succeeds("import", "in", "--space", "ana")
    place.run("export", "--space", "ana", "shared", "--replace")
    with open(f"{disk.backing}/A", "rb") as file:
        same(file.read(), b"newer")


def files_below(folder):
    return [os.path.join(top, name) for top, _, names in os.walk(folder) for name in names]


def test_a_full_space_is_reported_with_the_file(place):
    place.succeeds("user", "add", "ana", "--admin", "--quota", "100KiB", stdin=PASSWORD.encode())
    for i in range(9):
        place.file(f"in/d/f{i}", b"x" * 30_000)
    code, out, err = place.run("import", "in", "--space", "ana")
    same((code, out), (1, "imported 3 files, 88 KiB into ana\n"))
    expect(err.startswith("bodega: stopped at in/d/f3: ") and err.count("\n") == 1, err)


def test_the_summary_has_a_line_of_its_own(place):
    account(place)
    for i in range(1000):
        place.file(f"in/f{i}", b"x" * 20_000)
    terminal, end = os.openpty()
    process = subprocess.Popen([BINARY, "import", "in", "--space", "ana"], cwd=place.path, env=environment(), stdout=end, stderr=end)
    place.processes.append(process)
    os.close(end)
    shown = b""
    with contextlib.suppress(OSError):  # EIO: the other end is closed
        while part := os.read(terminal, 4096):
            shown += part
    os.close(terminal)
    same(process.wait(), 0)
    bars, summary = shown.split(b"imported 1000 files")
    expect(b"import  " in bars and bars.endswith(b"\r\x1b[K") and summary.endswith(b" into ana\r\n"), shown[-300:])


if __name__ == "__main__":
    main()
