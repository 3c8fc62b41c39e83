#!/usr/bin/env python3
"""What a small upload costs the disk, counted by strace, and that nothing is acknowledged before it is synced."""
import collections
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from bodega import Client, expect, main, same, until  # noqa: E402

TRACED = "fsync,fdatasync,syncfs,rename,renameat,renameat2,mkdir,mkdirat,openat,pwrite64,sendto,sendmsg,write,writev"
FILES = 40


class Trace:
    """The system calls of a server between start and end; a list of (name, its line when it began, …when it ended)."""

    def __init__(self, place, server):
        self.path = f"{place.path}/trace"
        self.process = subprocess.Popen(
            ["strace", "-f", "-yy", "-s", "32", "-o", self.path, "-e", "trace=" + TRACED, "-p", str(server.process.pid)],
            stderr=subprocess.PIPE, text=True)
        place.processes.append(self.process)
        until(lambda: "attached" in self.process.stderr.readline(), "strace")

    def calls(self):
        time.sleep(0.3)
        self.process.terminate()
        self.process.wait(10)
        out, begun = [], {}
        with open(self.path, errors="replace") as file:
            lines = file.readlines()
        for number, line in enumerate(lines):
            thread, text = line.split(None, 1)
            if found := re.match(r"<\.\.\. (\w+) resumed>(.*)", text):
                if thread in begun:
                    since, name, head = begun.pop(thread)
                    out.append((name, head + found[2], since, number))
            elif found := re.match(r"(\w+)\((.*)", text):
                if "<unfinished ...>" in text:
                    begun[thread] = (number, found[1], found[2])
                else:
                    out.append((found[1], found[2], number, number))
        return out


def is_sync(call):
    return call[0] in ("fsync", "fdatasync", "syncfs")


def is_log(call):
    return "-wal>" in call[1].split(",")[0] or "-wal>" in call[1].split(")")[0]


def put_all(client, root, files, workers):
    def put(number):
        one = Client(client.url.geturl())
        one.cookie = client.cookie
        status, _, _ = one("PUT", f"/api/v1/entries/{root}/files/{number}.bin", b"x" * 1024)
        same(status, 201)
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(put, files))


def counted(place, workers):
    server = place.serve().ready()
    client = server.set_up()
    root = client.root()
    put_all(client, root, [f"warm{n}" for n in range(5)], 1)
    trace = Trace(place, server)
    put_all(client, root, range(FILES), workers)
    calls = trace.calls()
    count = collections.Counter(call[0] for call in calls)
    count["syncs"] = sum(map(is_sync, calls))
    count["creates"] = sum(call[0] == "openat" and "O_CREAT" in call[1] for call in calls)
    count["log pages"] = sum(call[0] == "pwrite64" and is_log(call) and ", 4096, " in call[1] for call in calls)
    print("    " + ", ".join(f"{what} {count[what] / FILES:.2f}" for what in ("syncs", "creates", "log pages")), flush=True)
    same([count[what] for what in ("rename", "renameat", "renameat2", "mkdir", "mkdirat")], [0, 0, 0, 0, 0])
    expect(count["creates"] <= FILES * 1.05, count)
    return calls, count


def test_one_upload_at_a_time(place):
    calls, count = counted(place, 1)
    expect(count["syncs"] <= FILES * 3.1, count)
    # Each answer comes after a sync of the log that began after the commit's last page was written.
    answers = [call for call in calls if "201 Created" in call[1] and call[0] != "openat"]
    same(len(answers), FILES)
    since = 0
    for answer in answers:
        pages = [call for call in calls if call[0] == "pwrite64" and is_log(call) and since <= call[2] < answer[2]]
        expect(pages, "no page was written before the answer")
        synced = [call for call in calls if is_sync(call) and is_log(call) and pages[-1][3] <= call[2] and call[3] <= answer[2]]
        expect(synced, answer)
        since = answer[2]


def test_uploads_at_the_same_time_share_syncs_of_the_log(place):
    trace = f"{place.path}/trace"
    # Only the traced calls stop the process, so that its threads run side by side as they do without strace.
    server = place.serve(prefix=("strace", "-D", "-f", "--seccomp-bpf", "-o", trace, "-e", "trace=fsync,fdatasync,syncfs")).ready()
    client = server.set_up()
    root = client.root()

    def syncs():
        with open(trace) as file:
            return sum(re.match(r"\d+ +(fsync|fdatasync|syncfs)\(", line) is not None for line in file)

    before = syncs()
    put_all(client, root, range(10 * FILES), 16)
    each = (syncs() - before) / (10 * FILES)
    print(f"    syncs {each:.2f}", flush=True)
    expect(each <= 2.7, each)


if __name__ == "__main__":
    main()
