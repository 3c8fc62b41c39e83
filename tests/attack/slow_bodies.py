#!/usr/bin/env python3
"""Clients that announce a body and send it very slowly hold no thread of the app, whatever its size and their protocol.

fronts: direct tls nginx
"""
import contextlib
import os
import socket
import struct
import sys
import threading
import time

from attack import MIB, row
import front
from bodega import Client, Server, expect, main, same, until

SECONDS = 3  # seconds that an attack lasts
CONNECTIONS = 90
# (method, path, Content-Length, bytes a second of each): requests that once held threads, and similar ones.
BODIES = [
    ("POST", "/api/v1/session", 65537, 0),
    ("POST", "/api/v1/session", 60000, 0),
    ("POST", "/api/v1/session", 1 << 20, 300),
    ("POST", "/api/v1/setup", None, 300),  # of unknown length
    ("POST", "/nothing/is/here", 60000, 0),
    ("PUT", "/api/v1/entries/01ARZ3NDEKTSV4RRFFQ69G5FAV/files/x", 60000, 0),  # a file, without valid credentials
    ("DELETE", "/api/v1/session", 60000, 0),
]


def head(method, path, length):
    framing = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    return f"{method} {path} HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n{framing}\r\n\r\n".encode()


def piece(length, count):
    data = b" " * count
    return b"%x\r\n%s\r\n" % (count, data) if length is None else data


class Slow(threading.Thread):
    """Connections that send their bodies at `rate` bytes a second each, until close()."""

    def __init__(self, connect, body):
        super().__init__(daemon=True)
        self.method, self.path, self.length, self.rate = body
        self.sockets = [connect() for _ in range(CONNECTIONS)]
        self.over = threading.Event()
        for s in self.sockets:
            s.sendall(head(self.method, self.path, self.length))
        self.start()

    def run(self):
        while not self.over.wait(0.5):
            for s in self.sockets if self.rate else []:
                with contextlib.suppress(OSError):
                    s.sendall(piece(self.length, self.rate // 2))

    def close(self):
        self.over.set()
        self.join()
        for s in self.sockets:
            s.close()


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def literal(name, value):
    def text(t):
        return (bytes([len(t)]) if len(t) < 127 else b"\x7f" + bytes([len(t) - 127])) + t.encode()
    return b"\0" + text(name) + text(value)


class SlowStreams(threading.Thread):
    """The same as streams of one HTTP/2 connection."""

    def __init__(self, connect, body):
        super().__init__(daemon=True)
        method, path, length, self.rate = body
        self.socket = connect(["h2"])
        self.over = threading.Event()
        self.socket.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0) + frame(4, 1, 0))
        fields = literal(":method", method) + literal(":scheme", "https") + literal(":authority", "h") + literal(":path", path)
        fields += literal("content-type", "application/json") + (literal("content-length", str(length)) if length else b"")
        self.streams = range(1, 2 * CONNECTIONS, 2)
        for stream in self.streams:
            self.socket.sendall(frame(1, 4, stream, fields))
        self.start()

    def run(self):
        while not self.over.wait(0.5):
            for stream in self.streams if self.rate else []:
                with contextlib.suppress(OSError):
                    self.socket.sendall(frame(0, 0, stream, b" " * (self.rate // 2)))

    def close(self):
        self.over.set()
        self.join()
        self.socket.close()


def held_up(url, path, wanted):
    """The duration of the slowest of some calls during the attack."""
    worst, end = 0, time.monotonic() + SECONDS / len(BODIES)
    client = Client(url)
    while time.monotonic() < end:
        began = time.monotonic()
        same((path, client("GET", path, timeout=20)[0]), (path, wanted))
        worst = max(worst, time.monotonic() - began)
        time.sleep(0.02)
    return worst


def attack(what, server, url, slow, connect):
    for body in BODIES:
        name = f"{body[0]} of {body[2] or 'unknown'} bytes {what}: held by no thread"
        with row(name, server, settle=0.2) as cost:
            slow_ones = slow(connect, body)
            time.sleep(0.2)
            ready, call = held_up(url, "/readyz", 200), held_up(url, "/api/v1/session", 401)
            slow_ones.close()
        expect(ready < 1 and call < 1, name, ready, call)
        expect(cost.cpu < 2 and cost.peak < 64 * MIB, name, cost)


def tcp(url):
    host, _, port = url.rpartition("//")[2].partition(":")
    return socket.create_connection((host, int(port)), timeout=20)


def test_slow_bodies_over_http1(place):
    server = place.serve("--app-threads", "16").ready()
    client = Client(server.url)
    attack("over HTTP/1.1", server, server.url, Slow, client.connect)


def test_slow_bodies_over_http2(place):
    server = place.serve("--app-threads", "16").ready()

    def connect(protocols):
        s = tcp(server.url)
        if not front.SECURE:
            return s
        context = front.ssl.create_default_context(cafile=f"{front.CERTIFICATE}/ca.pem")
        context.set_alpn_protocols(protocols)
        return context.wrap_socket(s, server_hostname="127.0.0.1")
    attack("over HTTP/2", server, server.url, SlowStreams, connect)


def test_slow_bodies_at_app_listen(place):
    if front.NAME != "direct":
        return
    server = Server(place, "--app-threads", "16", edge=False).ready()
    attack("at app.listen", server, server.url, Slow, lambda: tcp(server.url))


def test_slow_heads_at_app_listen(place):
    """Incomplete heads, and bytes that a client sends after it was refused, hold no thread either."""
    if front.NAME != "direct":
        return
    server = Server(place, "--app-threads", "16", edge=False).ready()
    with row("incomplete heads at app.listen hold no thread", server, settle=0.2) as cost:
        sockets = [tcp(server.url) for _ in range(CONNECTIONS)]
        for s in sockets:
            s.sendall(b"POST /api/v1/session HTTP/1.1\r\nHost")
        ready, call = held_up(server.url, "/readyz", 200), held_up(server.url, "/api/v1/session", 401)
        for s in sockets:
            s.close()
    expect(ready < 1 and call < 1 and cost.cpu < 2, ready, call, cost)
    with row("refused clients that keep sending at app.listen hold no thread", server, settle=0.2) as cost:
        sockets = [tcp(server.url) for _ in range(CONNECTIONS)]
        for s in sockets:
            s.sendall(head("POST", "/api/v1/session", 1 << 30))
        for s in sockets:
            expect(s.recv(12) == b"HTTP/1.1 413", "413")
        ready, call = held_up(server.url, "/readyz", 200), held_up(server.url, "/api/v1/session", 401)
        for s in sockets:
            s.close()
    expect(ready < 1 and call < 1 and cost.cpu < 2, ready, call, cost)


def test_readyz_is_fast_behind_a_full_queue(place):
    """With all threads busy and a long queue, /readyz answers as fast as usual."""
    if front.NAME != "direct":
        return
    for edge in (True, False):
        server = Server(place, "--app-threads", "1", "--accounts-argon2-passes", "3", data=f"data{edge}", log=f"log{edge}", edge=edge).ready()
        server.set_up()
        with row(f"/readyz beside sign-ins that wait, {'edge' if edge else 'app.listen'}", server, settle=0.2):
            callers = [threading.Thread(target=sign_in, args=(server.url,), daemon=True) for _ in range(10)]
            for caller in callers:
                caller.start()
            ready = held_up(server.url, "/readyz", 200)
            for caller in callers:
                caller.join()
        expect(ready < 1, ready)
        server.stop()


def sign_in(url):
    with contextlib.suppress(OSError):
        Client(url)("POST", "/api/v1/session", {"username": "ana", "password": "not hers at all"}, timeout=30)


if __name__ == "__main__":
    main()
