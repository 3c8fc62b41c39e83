#!/usr/bin/env python3
"""Measures bodega and its peers in turn on the same work, in one run, and prints ratios.

usage: run.py [--binary build/bodega] [ROW ...] [--seconds N] [--markdown]
Rows: listing, million, file, download, upload, edge, uploads, tls, http2, idle, crowd; all of them when none is named.
CPU is the server's own (user and system, its children included), from /proc; a ratio compares figures of one run.
"""
import argparse
import datetime
import itertools
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request

from bodega import Bodega
from crowd import Crowd, p99_ms, settle, slow_uploads
from fronts import Fronts
from peers import Flask, MariaDB, Nginx, Rclone
from process import cpu_of, cpu_per_handshake, cpu_per_request, need, wrk

table = []


def row(work, ours, peer, value, goal, ok):
    table.append((work, ours, peer, value, goal, "" if not goal else "yes" if ok else "NO"))
    print(f"{work:46} {ours:>24} {peer:>28} {value:>9}  {goal:12} {'ok' if ok else 'MISSED'}", flush=True)


def in_turn(*measures, rounds=5):
    """The minimum of each, measured in turn, because other work on the machine only adds to it."""
    return [min(said) for said in zip(*[[measure() for measure in measures] for _ in range(rounds)])]


class Bench:
    def __init__(self, binary, folder, seconds):
        self.binary, self.folder, self.seconds = binary, folder, seconds
        self.started = {}

    def once(self, name, make):
        """A server that is started when a row first needs it, and ended with the bench."""
        if name not in self.started:
            path = f"{self.folder}/{name}"
            os.makedirs(path, exist_ok=True)
            self.started[name] = make(path)
        return self.started[name]

    def mariadb(self):
        return self.once("mariadb", MariaDB)

    def nginx(self):
        return self.once("nginx", Nginx)

    def flask(self):
        return self.once("flask", lambda path: Flask(path, self.nginx(), self.mariadb()))

    def bodega(self, engine="sqlite"):
        return self.once("bodega-" + engine, lambda path: Bodega(self.binary, path, self.mariadb() if engine == "mariadb" else None))

    def end(self):
        for server in reversed(list(self.started.values())):
            server.process.end()

    def listing(self):
        flask = self.flask()
        wrk(flask.url, flask.headers, seconds=2)
        base, _ = wrk(flask.url, flask.headers, seconds=self.seconds)
        for engine, factor in (("mariadb", 10), ("sqlite", 20)):
            b = self.bodega(engine)
            folder = b.folder_of("listing")
            for i in range(100):
                b.put(folder, f"report {i:07d}.pdf", b"%d" % i)
            wrk(b.children(folder), b.headers, seconds=1)
            rate, _ = wrk(b.children(folder), b.headers, seconds=self.seconds)
            row(f"signed-in listing of 100 entries, {engine}", f"{rate:.0f}/s", f"Flask {base:.0f}/s", f"{rate / base:.1f}x", f">= {factor}x", rate >= factor * base)

    def million(self):
        for engine in ("sqlite", "mariadb"):
            b = self.bodega(engine)
            took = {}
            for name, count in (("hundred", 100), ("million", 1_000_000)):
                folder = b.folder_of(name)
                b.fill(folder, count)
                took[name] = self.first_page_ms(b, folder)
            ratio = took["million"] / took["hundred"]
            row(f"first page, 1,000,000 entries, {engine}", f"{took['million']:.2f} ms", f"100 entries {took['hundred']:.2f} ms", f"{ratio:.2f}x", "<= 2x", ratio <= 2)

    def first_page_ms(self, b, folder):
        """The median time of a first page that is in no cache: each request has another order and limit."""
        times = []
        for i in range(40):
            sort = ("name", "size", "modified_at", "kind")[i % 4]
            url = f"{b.children(folder)}?limit={100 - i // 4 % 10}&sort={sort}&order={'asc' if i % 8 < 4 else 'desc'}"
            request = urllib.request.Request(url, headers={"Cookie": b.cookie})
            begin = time.perf_counter()
            with urllib.request.urlopen(request) as r:
                r.read()
            times.append(1000 * (time.perf_counter() - begin))
        return sorted(times)[len(times) // 2]

    def file(self):
        nginx, b = self.nginx(), self.bodega()
        data = os.urandom(10 << 10)
        path = f"{nginx.folder}/files/10k"
        open(path, "wb").write(data)
        os.chmod(path, 0o644)
        entry = b.put(b.folder_of("file"), "10k.bin", data)
        _, theirs = cpu_per_request(nginx.process, nginx.url + "/files/10k", seconds=self.seconds)
        _, ours = cpu_per_request(b.process, b.content(entry), b.headers, seconds=self.seconds)
        row("10 KiB file, signed in (CPU)", f"{ours:.1f} us", f"nginx, bare {theirs:.1f} us", f"{ours / theirs:.2f}x", "<= 3x", ours <= 3 * theirs)

    def gigabyte(self):
        path = f"{self.folder}/1g"
        if not os.path.exists(path):
            subprocess.run(["dd", "if=/dev/urandom", f"of={path}", "bs=1M", "count=1024"], check=True, capture_output=True)
        return path

    def download(self):
        nginx, b = self.nginx(), self.bodega()
        path = f"{nginx.folder}/files/1g"
        if not os.path.exists(path):
            os.link(self.gigabyte(), path)
        os.chmod(path, 0o644)
        entry = self.upload_gigabyte(b, "download")[1]
        # In turn, and several at a time: a tick of the accounting is a tenth of what one takes.
        get = ["curl", "-sSf", *["-o", "/dev/null"] * 5]
        theirs, ours = in_turn(lambda: cpu_of(nginx.process, get + [nginx.url + "/files/1g"] * 5) / 5,
                               lambda: cpu_of(b.process, get + ["-H", b.headers[0], *[b.content(entry)] * 5]) / 5)
        row("1 GiB file, signed in (CPU)", f"{1000 * ours:.0f} ms", f"nginx, bare {1000 * theirs:.0f} ms", f"{ours / theirs:.2f}x", "<= 1.1x", ours <= 1.1 * theirs)

    def upload_gigabyte(self, b, name):
        folder = b.folder_of(name)
        put = ["curl", "-sSf", "-o", f"{self.folder}/answer", "-T", self.gigabyte(), "-H", b.headers[0], "-H", f"Origin: {b.url}", "-H", "Expect:"]
        cpu = cpu_of(b.process, put + [f"{b.url}/api/v1/entries/{folder}/files/1g.bin"])
        return cpu, json.load(open(f"{self.folder}/answer"))["id"]

    def upload(self):
        nginx, b = self.nginx(), self.bodega()
        rclone = self.once("rclone", lambda path: Rclone(path + "/served"))
        put = ["curl", "-sSf", "-o", "/dev/null", "-T", self.gigabyte(), "-H", "Expect:"]
        other = cpu_of(rclone.process, put + [rclone.url + "/1g"])
        idle = b.process.resident_kib()
        folders = (f"upload {i}" for i in itertools.count())
        theirs, ours = in_turn(lambda: cpu_of(nginx.process, put + [nginx.url + "/dav/1g"]),
                               lambda: self.upload_gigabyte(b, next(folders))[0], rounds=3)
        grown = (b.process.resident_kib() - idle) / 1024
        row("1 GiB upload by PUT, sha256 included (CPU)", f"{ours:.2f} s", f"nginx dav, no hash {theirs:.2f} s", f"{ours / theirs:.2f}x", "<= 1.5x", ours <= 1.5 * theirs)
        row("1 GiB upload by PUT (CPU)", f"{ours:.2f} s", f"rclone webdav {other:.2f} s", f"{ours / other:.2f}x", "", True)
        row("memory after it, above idle", f"{grown:.1f} MiB", "", "", "< 8 MiB", grown < 8)

    def idle(self):
        starts = []
        for i in range(5):
            path = f"{self.folder}/idle"
            b = Bodega(self.binary, path)
            starts.append(b.ready_ms)
            time.sleep(1)
            resident = b.process.resident_kib() / 1024
            b.process.end()
        ready = sorted(starts)[len(starts) // 2]
        size = os.path.getsize(os.path.realpath(self.binary)) / (1 << 20)
        row("idle, resident", f"{resident:.1f} MiB", "", "", "<= 16 MiB", resident <= 16)
        row("start to ready, SQLite", f"{ready:.0f} ms", "", "", "< 100 ms", ready < 100)
        row("binary", f"{size:.1f} MiB", "", "", "< 16 MiB", size < 16)

    def edge(self):
        fronts = self.once("fronts", lambda path: Fronts(self.binary, path))
        fronts.write("10k", os.urandom(10 << 10))

        def cpu(front, path):
            return lambda: cpu_per_request(front.process, front.url + path, seconds=self.seconds)[1]

        for work, path, goal in (("constant small answer", "/livez", 0.85), ("10 KiB file of a folder", "/files/10k", 0.75), ("small answer proxied, the proxy's share", "/proxied/x", 0.6)):
            floors = [cpu(fronts.floors[path], path)] if path in fronts.floors else []
            theirs, ours, *floor = in_turn(cpu(fronts.nginx, path), cpu(fronts.bodega, path), *floors, rounds=3)
            row(f"{work} (CPU)", f"{ours:.1f} us", f"nginx {theirs:.1f} us", f"{ours / theirs:.2f}x", f"<= {goal}x", ours <= goal * theirs)
            for least in floor:
                row(f"{work} (CPU)", f"{ours:.1f} us", f"a loop that reads nothing {least:.1f} us", f"{ours / least:.2f}x", "", True)
        other = cpu(fronts.caddy, path)()
        row(f"{work} (CPU)", f"{ours:.1f} us", f"Caddy {other:.1f} us", f"{ours / other:.2f}x", "<= 0.25x", ours <= 0.25 * other)
        theirs, ours = in_turn(cpu(fronts.nginx, "/readyz"), lambda: cpu_per_request(fronts.bodega.process, fronts.bodega.url + "/readyz", seconds=self.seconds, threads="edge")[1], rounds=3)
        row("small answer of the app, the edge's share (CPU)", f"{ours:.1f} us", f"nginx before it, TCP {theirs:.1f} us", f"{ours / theirs:.2f}x", "<= 0.6x", ours <= 0.6 * theirs)
        os.link(self.gigabyte(), f"{fronts.files}/1g")
        os.chmod(f"{fronts.files}/1g", 0o644)
        get = ["curl", "-sSf", *["-o", "/dev/null"] * 5]
        theirs, ours = in_turn(lambda: cpu_of(fronts.nginx.process, get + [fronts.nginx.url + "/files/1g"] * 5) / 5,
                               lambda: cpu_of(fronts.bodega.process, get + [fronts.bodega.url + "/files/1g"] * 5) / 5, rounds=3)
        row("1 GiB file of a folder (CPU)", f"{1000 * ours:.0f} ms", f"nginx {1000 * theirs:.0f} ms", f"{ours / theirs:.2f}x", "<= 1.0x", ours <= theirs)

    def uploads(self):
        b = self.bodega()
        idle = settle(b.process)
        resident, threads = slow_uploads(b, b.folder_of("slow uploads"), count=100, size=64 << 20, rate="4M")
        row("100 uploads at once of 64 MiB, 4 MB/s each: resident", f"{resident / 1024:.1f} MiB", f"idle {idle / 1024:.1f} MiB", "", "< 64 MiB", resident < 64 << 10)
        row("and threads of the app at work", str(threads), "", "", "<= 4", threads <= 4)

    def tls(self):
        nginx, b = self.nginx(), self.bodega()
        for work, resumed in (("TLS 1.3, full handshake", False), ("TLS 1.3, resumed", True)):
            theirs, ours = in_turn(lambda: cpu_per_handshake(nginx.process, nginx.tls_port, resumed, self.seconds),
                                   lambda: cpu_per_handshake(b.process, b.tls_port, resumed, self.seconds), rounds=3)
            row(f"{work}, and a small answer (CPU)", f"{ours:.0f} us", f"nginx {theirs:.0f} us", f"{ours / theirs:.2f}x", "<= 1.05x", ours <= 1.05 * theirs)
        path = f"{nginx.folder}/files/1g"
        if not os.path.exists(path):
            os.link(self.gigabyte(), path)
        os.chmod(path, 0o644)
        entry = self.upload_gigabyte(b, "over TLS")[1]
        # The cookie of a plain sign-in counts only on plain connections.
        token = b.token()
        get = ["curl", "-sSfk", "--http1.1", *["-o", "/dev/null"] * 3]
        content = f"https://127.0.0.1:{b.tls_port}/api/v1/entries/{entry}/content"
        theirs, ours = in_turn(lambda: cpu_of(nginx.process, get + [f"https://127.0.0.1:{nginx.tls_port}/files/1g"] * 3) / 3,
                               lambda: cpu_of(b.process, get + ["-H", f"Authorization: Bearer {token}", *[content] * 3]) / 3, rounds=3)
        row("1 GiB file over TLS 1.3, signed in (CPU)", f"{ours:.2f} s", f"nginx, bare {theirs:.2f} s", f"{ours / theirs:.2f}x", "<= 1.05x", ours <= 1.05 * theirs)

    def http2(self):
        nginx, b = self.nginx(), self.bodega()
        requests = 300_000
        load = ["h2load", "-n", str(requests), "-c", "4", "-m", "100"]
        for url in (nginx.http2_url, b.url):
            said = subprocess.run(["h2load", "-n", "400", "-c", "4", "-m", "100", url + "/livez"], capture_output=True, text=True).stdout
            if "status codes: 400 2xx" not in said or "Application protocol: h2c" not in said:
                raise SystemExit(f"bench: {url} does not answer over HTTP/2: {said}")
        theirs, ours = in_turn(lambda: cpu_of(nginx.process, [*load, nginx.http2_url + "/livez"]) / requests * 1e6,
                               lambda: cpu_of(b.process, [*load, b.url + "/livez"]) / requests * 1e6, rounds=3)
        row("small answer, HTTP/2, 100 streams (CPU)", f"{ours:.1f} us", f"nginx {theirs:.1f} us", f"{ours / theirs:.2f}x", "<= 0.9x", ours <= 0.9 * theirs)

    def idle_over_tls(self, server, request):
        """The memory that 10,000 connections add to the resident size, in MiB."""
        idle = settle(server.process)
        with Crowd(server.tls_port, 10_000, request, tls=True) as crowd:
            time.sleep(5)
            grown = (settle(server.process) - idle) / 1024
            if crowd.closed() > 0:
                raise SystemExit(f"bench: {crowd.closed()} idle connections over TLS were closed")
        return grown

    def ordinary_p99(self, b, count=0, say=b""):
        """p99 of an ordinary client, beside so many clients that send these bytes and then nothing, all within their deadlines."""
        with Crowd(b.port, count, say, read=False, receive_buffer=4096):
            time.sleep(0.5)
            return p99_ms(b.url + "/livez", min(self.seconds, 5))

    def crowd(self):
        b = self.bodega()
        request = b"GET /livez HTTP/1.1\r\nHost: h\r\n\r\n"
        settle(b.process)
        idle = settle(b.process)
        with Crowd(b.port, 10_000, request) as crowd:
            time.sleep(5)
            grown = (settle(b.process) - idle) / 1024
            row("10,000 idle keep-alive connections, plain", f"{grown:.1f} MiB", "", "", "<= 40 MiB", grown <= 40 and crowd.closed() == 0)
        grown = {server: self.idle_over_tls(server, request) for server in (self.nginx(), b)}
        theirs, ours = grown.values()
        row("10,000 idle keep-alive connections, TLS", f"{ours:.1f} MiB", f"nginx {theirs:.1f} MiB", f"{ours / theirs:.2f}x", "<= 1x", ours <= theirs)
        alone, beside = in_turn(lambda: self.ordinary_p99(b), lambda: self.ordinary_p99(b, count=5000, say=request[:20]))
        row("p99 beside 5,000 half-sent heads", f"{beside:.3f} ms", f"alone {alone:.3f} ms", f"{beside / alone:.2f}x", "< 2x", beside < 2 * alone)
        entry = b.put(b.folder_of("slow"), "slow.bin", os.urandom(8 << 20))
        ask = f"GET /api/v1/entries/{entry}/content HTTP/1.1\r\nHost: h\r\n{b.headers[0]}\r\n\r\n".encode()
        alone, beside = in_turn(lambda: self.ordinary_p99(b), lambda: self.ordinary_p99(b, count=500, say=ask))
        before = settle(b.process)  # the heap keeps some of what those over TLS took
        with Crowd(b.port, 500, ask, read=False, receive_buffer=4096):
            time.sleep(1)
            grown = (settle(b.process) - before) / 1024
        row("p99 beside 500 downloads that are not read", f"{beside:.3f} ms", f"alone {alone:.3f} ms", f"{beside / alone:.2f}x", "< 2x", beside < 2 * alone)
        row("memory of those downloads", f"{grown:.1f} MiB", "", "", "<= 64 MiB", grown <= 64)


def main():
    rows = ["idle", "listing", "million", "file", "download", "upload", "edge", "uploads", "tls", "http2", "crowd"]
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--binary", default="build/bodega")
    a.add_argument("row", nargs="*", choices=[*rows, []], default=[])
    a.add_argument("--seconds", type=int, default=5, help="of load for each figure")
    a.add_argument("--markdown", action="store_true", help="print the table for the README")
    o = a.parse_args()
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (1 << 16, 1 << 16))
    except (ValueError, OSError):
        pass  # only root may raise it; fewer idle connections fit then
    need("wrk", "caddy", "h2load", "openssl", "nginx", "rclone", "gunicorn", "mariadbd", "curl")
    print(f"{datetime.date.today()}, {os.cpu_count()} cores, Linux {platform.release()}; load generator beside the server", flush=True)
    with tempfile.TemporaryDirectory(prefix="bodega-bench-") as folder:
        os.chmod(folder, 0o755)
        bench = Bench(o.binary, folder, o.seconds)
        try:
            for name in o.row or rows:
                getattr(bench, name)()
        finally:
            bench.end()
    if o.markdown:
        print("\n| work | bodega | peer | ratio | goal | reached |\n| --- | --- | --- | --- | --- | --- |")
        for r in table:
            print("| " + " | ".join(r) + " |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
