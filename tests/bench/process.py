"""Processes under measurement: starting, readiness, CPU, memory and load, with python's standard library."""
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request

TICKS = os.sysconf("SC_CLK_TCK")
PAGE_KIB = os.sysconf("SC_PAGE_SIZE") // 1024


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(condition, what, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if condition():
                return
        except OSError:
            pass
        time.sleep(0.01)
    raise SystemExit(f"bench: {what} did not become ready within {seconds} s")


def answers(url, headers={}):
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=5) as r:
        return r.status == 200


class Process:
    """One peer with all its children; ended by end() and by the `with` statement."""

    def __init__(self, argv, cwd=None, env=None, log=None):
        out = open(log, "wb") if log else subprocess.DEVNULL
        self.started = time.monotonic()
        self.child = subprocess.Popen(argv, cwd=cwd, env=env, stdout=out, stderr=out, start_new_session=True)
        self.pid = self.child.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
            try:
                self.child.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(self.pid, signal.SIGKILL)
                self.child.wait()

    def pids(self):
        """The process and its descendants that live now."""
        parents = {}
        for name in os.listdir("/proc"):
            if name.isdigit():
                try:
                    parents.setdefault(int(stat_fields(int(name))[1]), []).append(int(name))
                except OSError:
                    pass
        found, queue = [], [self.pid]
        while queue:
            pid = queue.pop()
            found.append(pid)
            queue += parents.get(pid, [])
        return found

    def cpu_seconds(self):
        total = 0
        for pid in self.pids():
            try:
                f = stat_fields(pid)
                total += int(f[11]) + int(f[12])
            except OSError:
                pass
        return total / TICKS

    def thread_seconds(self, name):
        """CPU of the threads of this name."""
        total = 0
        for pid in self.pids():
            for thread in os.listdir(f"/proc/{pid}/task"):
                try:
                    if open(f"/proc/{pid}/task/{thread}/comm").read().strip() == name:
                        total += int(open(f"/proc/{pid}/task/{thread}/schedstat").read().split()[0])
                except OSError:
                    pass  # it has ended
        return total / 1e9

    def resident_kib(self):
        total = 0
        for pid in self.pids():
            try:
                total += int(open(f"/proc/{pid}/statm").read().split()[1]) * PAGE_KIB
            except OSError:
                pass
        return total


def stat_fields(pid):
    """/proc/PID/stat from the third field on (the name may hold spaces)."""
    return open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()


def wrk(url, headers=(), connections=60, seconds=5):
    """Requests a second and the number of requests; stops the bench if any of them failed."""
    argv = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s"]
    for h in headers:
        argv += ["-H", h]
    text = subprocess.run(argv + [url], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in text or "Socket errors" in text:
        raise SystemExit(f"bench: requests to {url} failed:\n{text}")
    return float(re.search(r"Requests/sec:\s*([\d.]+)", text)[1]), int(re.search(r"(\d+) requests in", text)[1])


def cpu_per_request(process, url, headers=(), connections=60, seconds=5, threads=None):
    """(requests a second, server CPU in microseconds a request), of its threads of this name or of all."""
    spent = process.cpu_seconds if threads is None else lambda: process.thread_seconds(threads)
    wrk(url, headers, connections, 1)
    before = spent()
    rate, count = wrk(url, headers, connections, seconds)
    return rate, 1e6 * (spent() - before) / count


def make_certificate(folder):
    """The certificate of all TLS servers: site.pem and site.key, P-256, self-signed."""
    os.makedirs(folder, exist_ok=True)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
                    "-subj", "/CN=localhost", "-keyout", f"{folder}/site.key", "-out", f"{folder}/site.pem"],
                   check=True, capture_output=True)
    os.chmod(f"{folder}/site.key", 0o644)
    return f"{folder}/site.pem", f"{folder}/site.key"


def cpu_per_handshake(process, port, resumed, seconds=5):
    """Server CPU in microseconds a TLS 1.3 connection with one small request, from one client without pause."""
    kind = "-reuse" if resumed else "-new"
    argv = ["openssl", "s_time", "-connect", f"127.0.0.1:{port}", kind, "-time", str(seconds), "-www", "/livez", "-tls1_3"]
    before = process.cpu_seconds()
    text = subprocess.run(argv, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL).stdout
    spent = process.cpu_seconds() - before
    # One character for each connection: "*" used TLS 1.3, "r" was resumed.
    done = re.search(r"(\d+) connections in \d+ real seconds", text)
    shown = text.count("r") if resumed else int(done[1])
    if not done or int(done[1]) < 100 or shown < int(done[1]):
        raise SystemExit(f"bench: handshakes with port {port} failed:\n{text[-500:]}")
    return 1e6 * spent / int(done[1])


def cpu_of(process, argv):
    """Server CPU seconds while a client command runs to its end."""
    before = process.cpu_seconds()
    done = subprocess.run(argv, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"bench: {' '.join(argv)} failed: {done.stderr or done.stdout}")
    time.sleep(0.1)
    return process.cpu_seconds() - before


def call(url, method="GET", body=None, headers=None):
    data = json.dumps(body).encode() if isinstance(body, dict) else body
    h = {"Content-Type": "application/json", **(headers or {})}
    request = urllib.request.Request(url, data=data, method=method, headers=h)
    with urllib.request.urlopen(request, timeout=120) as r:
        text = r.read()
        return r, json.loads(text) if text and "json" in r.headers.get("Content-Type", "") else text


def need(*commands):
    missing = [c for c in commands if not (shutil.which(c) or shutil.which("/usr/sbin/" + c))]
    if missing:
        raise SystemExit(f"bench: missing commands: {', '.join(missing)}; 'make bench' installs them")
