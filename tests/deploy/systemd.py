#!/usr/bin/env python3
"""The kit's units, printed and checked by systemd's own tools, and the real binary's system calls compared with the filter."""
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "e2e"))
import bodega
from bodega import BINARY, PATIENCE, expect, free_port, main, same, until

EXPOSURE = 20  # tenths; systemd calls what is below 40 ok
# Refused with EPERM in the unit, where nothing is lost by it: the unit has CPUSchedulingPolicy and LimitNOFILE; SQLite
# gives files away as root alone; without cachestat (451), which systemd may not know yet, files are asked otherwise.
DISPENSABLE = {"sched_setscheduler", "setrlimit", "fchown", "cachestat", "syscall_0x1c3"}


def analyze(place, *words):
    done = subprocess.run(["systemd-analyze", *words], cwd=place.path, capture_output=True, text=True, timeout=PATIENCE)
    return done.returncode, done.stdout + done.stderr


def print_units(place, *flags):
    for name in ("bodega.service", "bodega.socket"):
        place.file(name, place.succeeds("kit", name, "--node-data-dir", "/var/lib/bodega", *flags))
    return Path(place.path, "bodega.service").read_text()


def test_the_units_are_well_formed(place):
    for flags in ([], ["--node-shared-dir", "/mnt/shared/bodega"]):
        service = print_units(place, *flags)
        same(analyze(place, "verify", "--man=no", "./bodega.service", "./bodega.socket"), (0, ""))
        expect(f"ExecStart={BINARY} serve\n" in service, service)
        expect(f"WorkingDirectory={os.path.realpath(place.path)}\n" in service, service)
        expect(f"ReadWritePaths=-{flags[1] if flags else '/var/lib/bodega'}\n" in service, service)
        expect("BODEGA_CONFIG" not in service, service)
        same(re.findall("^After=(.*mount)$", service, re.MULTILINE), ["mnt.mount", "mnt-shared.mount", "mnt-shared-bodega.mount"] if flags else [])
        same("ExecStartPre=" in service, bool(flags))
    place.file("other.toml", "[node]\ndrain_delay = \"20s\"\ndrain_limit = \"2min\"\n")
    service = print_units(place, "--config", "other.toml")
    expect("TimeoutStopSec=155s\n" in service and f"Environment=BODEGA_CONFIG={os.path.realpath(place.path)}/other.toml\n" in service, service)


def test_the_socket_has_the_listeners(place):
    print_units(place, "--edge-listen", "http://127.0.0.1:8081", "--edge-listen", "http://[::1]:8082")
    sockets = re.findall(r"^ListenStream=(.*)$", Path(place.path, "bodega.socket").read_text(), re.MULTILINE)
    same(sockets, ["127.0.0.1:8081", "[::1]:8082"])
    expect("\nListenStream=127.0.0.1:8080\n" in place.succeeds("kit", "bodega.socket"))
    code, out, err = place.run("kit", "bodega.socket", "--edge-listen=", "--app-listen", "127.0.0.1:5000")
    expect((code, out, err.count("\n")) == (2, "", 1) and "edge.listen is empty" in err, code, out, err)


def test_the_service_is_confined(place):
    print_units(place)
    code, said = analyze(place, "security", "--offline=true", f"--threshold={EXPOSURE}", "./bodega.service")
    expect(code == 0 and "Overall exposure level" in said, said[-600:])


def group(place, name, seen):
    """The system calls of a set such as @system-service, with those of the sets in it."""
    if name not in seen:
        code, said = analyze(place, "syscall-filter", "--no-pager", name)
        expect(code == 0, said)
        seen[name] = set()
        for word in re.findall(r"^ +(@?[\w-]+)$", said, re.MULTILINE):
            seen[name] |= group(place, word, seen) if word.startswith("@") else {word}
    return seen[name]


def allowed(place, service):
    calls, seen = set(), {}
    for line in re.findall(r"^SystemCallFilter=(.*)$", service, re.MULTILINE):
        named = set().union(*(group(place, word, seen) for word in line.lstrip("~").split()))
        calls = calls - named if line.startswith("~") else calls | named
    # systemd always allows these, whatever the filter says (systemd.exec(5)).
    return calls | {"execve", "exit", "exit_group", "getrlimit", "rt_sigreturn", "sigreturn", "brk"} | seen.get("@default", set())


def test_the_filter_allows_bodegas_system_calls(place):
    """A start, an account, an upload, a download, a reload and a stop use only system calls that the unit's filter allows."""
    expect(shutil.which("strace"), "strace is missing")
    service = print_units(place)
    known = allowed(place, service)
    expect("openat2" in known and "mount" not in known and "ptrace" not in known, sorted(known))
    bodega.BINARY = place.file("traced.sh", f'#!/bin/sh\nexec strace -D -f -qq -o {place.path}/calls {BINARY} "$@"\n')
    os.chmod(bodega.BINARY, 0o755)
    # On all addresses, so that it asks for this machine's own.
    port = free_port()
    place.file("config.toml", f'[edge]\nlisten = ["http://0.0.0.0:{port}"]\n')
    server = place.serve(edge=None, port=port).ready()
    client = server.set_up()
    data = os.urandom(3 << 20)
    entry = client.put(client.root(), "a", data)["id"]
    same(client("GET", f"/api/v1/entries/{entry}/content")[2], data)
    server.process.send_signal(signal.SIGHUP)
    until(lambda: "configuration reloaded" in server.output(), "the reload")
    same(server.stop(), 0)
    calls = until(lambda: whole_trace(f"{place.path}/calls"), "the trace's end")
    same(calls - known - DISPENSABLE, set())
    families = set(re.findall(r" socket\((AF_\w+)", Path(place.path, "calls").read_text(errors="replace")))
    permitted = re.search(r"^RestrictAddressFamilies=(.*)$", service, re.MULTILINE)[1].split()
    expect("AF_NETLINK" in families and families <= set(permitted), families, permitted)


def whole_trace(path):
    """The names of the calls, once the process has ended; the last line may be of a thread that slept until then."""
    text = Path(path).read_text(errors="replace")
    return re.search(r" exit_group\(0\b", text) and set(re.findall(r"^\d+ +(\w+)\(", text, re.MULTILINE))


if __name__ == "__main__":
    main()
