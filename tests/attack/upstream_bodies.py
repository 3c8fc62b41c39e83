#!/usr/bin/env python3
"""Clients that send bodies slowly to another service behind the edge: none of its workers waits for one, however many
clients there are and whatever they announce, and the memory and disk held for them are limited."""
import contextlib
import threading

import http2
from attack import *

SPOOL = 8 * MIB


class Service:
    """A service with two workers, like gunicorn's sync workers: each reads a request to its end, then answers."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        for _ in range(2):
            threading.Thread(target=self.work, daemon=True).start()

    def work(self):
        while True:
            try:
                stream, _ = self.listener.accept()
            except OSError:
                return
            with stream, contextlib.suppress(OSError):
                stream.settimeout(30)
                self.answer(stream)

    @staticmethod
    def answer(stream):
        with stream.makefile("rb") as file:
            method = file.readline().split(b" ")[0].decode()
            length = 0
            for line in iter(file.readline, b"\r\n"):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            said = f"{method} {len(file.read(length))}"
        stream.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {len(said)}\r\nConnection: close\r\n\r\n{said}".encode())

    def stop(self):
        self.listener.close()


@contextlib.contextmanager
def behind(place, *flags):
    service = Service()
    place.file("config.toml", f'[[edge.upstreams]]\nname = "flask"\nservers = ["127.0.0.1:{service.port}"]\n'
                              '[[edge.routes]]\npath = "/old"\nto = "upstream:flask"\n')
    try:
        yield place.serve("--edge-spool-limit", str(SPOOL), *flags).ready()
    finally:
        service.stop()


def is_answered(server, patience=3):
    connection = Client(server.url).connection(timeout=patience)
    try:
        connection.request("POST", "/old/x", b"hello")
        answer = connection.getresponse()
        return answer.status == 200 and answer.read() == b"POST 5"
    except OSError:
        return False
    finally:
        connection.close()


def slow_head(server, framing, begun=b""):
    at = urllib.parse.urlsplit(server.url)
    stream = socket.create_connection((at.hostname, at.port), timeout=20)
    stream.sendall(b"POST /old/slow HTTP/1.1\r\nHost: h\r\n" + framing + b"\r\n\r\n" + begun)
    return stream


def test_heads_without_bodies_hold_no_worker(place):
    shapes = {
        "a small length": (b"Content-Length: 10", b""),
        "a length over the buffer": (b"Content-Length: 1000000", b""),
        "a length, some of it sent": (b"Content-Length: 1000000", b"x" * 200_000),
        "chunks": (b"Transfer-Encoding: chunked", b""),
        "chunks, some of them sent": (b"Transfer-Encoding: chunked", b"5\r\nhello\r\n"),
        "an expectation": (b"Content-Length: 10\r\nExpect: 100-continue", b""),
    }
    with behind(place) as server:
        for what, (framing, begun) in shapes.items():
            with row(f"two heads without a body to two workers: {what}", server) as cost:
                held = [slow_head(server, framing, begun) for _ in range(2)]
                time.sleep(0.3)
                answered = [is_answered(server) for _ in range(4)]
                for stream in held:
                    stream.close()
            expect(all(answered), what, answered)
            expect(cost.cpu < 1 and cost.peak < 8 * MIB, what, cost)
        with row("two hundred heads without a body, over HTTP/2", server) as cost:
            crowd = [http2.Connection(server.url) for _ in range(3)]
            for one in crowd:
                for i in range(80):
                    one.headers(2 * i + 1, http2.request("POST", "/old/slow"), ends=False)
                one.settle()
            answered = [is_answered(server) for _ in range(4)]
            for one in crowd:
                one.close()
        expect(all(answered), answered)
        expect(cost.cpu < 2 and cost.peak < 16 * MIB, cost)


def nameless_bytes(server):
    """Bytes in unnamed files that the server has open."""
    folder, total = f"/proc/{server.process.pid}/fd", 0
    for fd in os.listdir(folder):
        with contextlib.suppress(FileNotFoundError):
            if "(deleted)" in os.readlink(f"{folder}/{fd}"):
                total += os.stat(f"{folder}/{fd}").st_size
    return total


def test_spooled_bodies_are_limited(place):
    with behind(place) as server:
        with row("forty large bodies at once, with a limit of eight MiB", server) as cost:
            crowd = []
            for _ in range(40):
                stream = slow_head(server, b"Content-Length: 4000000")
                crowd.append(stream)
                with contextlib.suppress(OSError):
                    stream.settimeout(1)
                    stream.sendall(b"x" * 900_000)
            kept = until(lambda: nameless_bytes(server), "bodies in files: a busy disk takes its time")
            refused = 0
            for stream in crowd:
                with contextlib.suppress(OSError):
                    refused += stream.recv(4096).startswith(b"HTTP/1.1 503 ")
            answered = [is_answered(server) for _ in range(3)]
            for stream in crowd:
                stream.close()
        expect(0 < kept <= SPOOL, kept)
        expect(refused > 10, refused)
        expect(all(answered), answered)
        expect(cost.peak < 24 * MIB and cost.cpu < 3, cost)
        shared = [os.path.join(folder, name) for folder, _, names in os.walk(f"{place.path}/bodega-data") for name in names
                  if os.path.getsize(os.path.join(folder, name)) > 500_000]
        expect(not [path for path in shared if "catalog" not in path and ".db" not in path and "sqlite" not in path], shared)
        until(lambda: is_answered(server), "a body is taken again")


if __name__ == "__main__":
    main()
