#!/usr/bin/env python3
"""A stop under load: every accepted request gets a complete answer; later connections are refused."""
import http.client
import os
import signal
import threading
import time
import urllib.parse

from bodega import Client, blobs, expect, main, same, until


class Caller(threading.Thread):
    """Repeats one request over kept connections until the server has ended; counts failures."""

    def __init__(self, client, path, length):
        super().__init__()
        self.client, self.path, self.length = client, path, length
        self.answered, self.failures, self.gone = 0, [], False

    def run(self):
        connection = None
        while not self.gone:
            fresh = connection is None
            try:
                connection = connection or http.client.HTTPConnection(self.client.url.netloc, timeout=30)
                connection.request("GET", self.path, headers=self.client.headers())
                answer = connection.getresponse()
                body = answer.read()
            except ConnectionRefusedError:
                self.gone = True
                continue
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError) as error:
                # A kept connection may be closed between two requests (RFC 9112, section 9.5): retry once on a new one.
                if fresh:
                    self.failures.append(repr(error))
                connection = None
                continue
            except Exception as error:
                self.failures.append(repr(error))
                connection = None
                continue
            if answer.status != 200 or len(body) != self.length:
                self.failures.append((answer.status, len(body)))
            self.answered += 1
            if answer.will_close:
                connection.close()
                connection = None


def test_no_request_fails_when_the_server_stops(place):
    server = place.serve().ready()
    client = server.set_up()
    small = client.put(client.root(), "small", os.urandom(10_000))
    large = client.put(client.root(), "large", os.urandom(8 << 20))
    listing = f"/api/v1/entries/{client.root()}/children"
    length = len(raw(client, listing))
    callers = [Caller(client, f"/api/v1/entries/{small['id']}/content", 10_000) for _ in range(6)]
    callers += [Caller(client, f"/api/v1/entries/{large['id']}/content", 8 << 20) for _ in range(2)]
    callers += [Caller(client, listing, length) for _ in range(4)]
    for caller in callers:
        caller.start()
    time.sleep(1.5)
    code = server.stop()
    for caller in callers:
        caller.join(30)
    failures = [f for c in callers for f in c.failures]
    expect(not failures, len(failures), failures[:5])
    expect(all(c.answered > 0 and c.gone for c in callers), [c.answered for c in callers])
    same(code, 0)
    expect("cut off" not in server.output(), server.output()[-500:])


def raw(client, path):
    connection = http.client.HTTPConnection(client.url.netloc, timeout=30)
    connection.request("GET", path, headers=client.headers())
    return connection.getresponse().read()


def test_a_slow_upload_finishes_during_a_drain(place):
    server = place.serve().ready()
    client = server.set_up()
    data = os.urandom(1 << 20)
    connection = http.client.HTTPConnection(client.url.netloc, timeout=30)
    connection.putrequest("PUT", f"/api/v1/entries/{client.root()}/files/slow")
    for name, value in {**client.headers(), "Content-Length": str(len(data))}.items():
        connection.putheader(name, value)
    connection.endheaders(data[:100_000])
    until(lambda: blobs(place), "the upload has begun")
    server.process.send_signal(signal.SIGTERM)
    time.sleep(1)
    expect(server.process.poll() is None, "it did not wait")
    connection.send(data[100_000:])
    answer = connection.getresponse()
    same(answer.status, 201)
    same(answer.getheader("Connection"), "close")
    answer.read()
    connection.close()
    same(server.process.wait(30), 0)


def test_requests_are_cut_at_drain_limit(place):
    server = place.serve("--node-drain-limit", "1s").ready()
    client = server.set_up()
    connection = http.client.HTTPConnection(client.url.netloc, timeout=30)
    connection.putrequest("PUT", f"/api/v1/entries/{client.root()}/files/never")
    for name, value in {**client.headers(), "Content-Length": "1000000"}.items():
        connection.putheader(name, value)
    connection.endheaders(bytes(100_000))
    until(lambda: blobs(place), "the upload has begun")
    begin = time.monotonic()
    same(server.stop(), 0)
    expect(0.9 < time.monotonic() - begin < 8, time.monotonic() - begin)
    expect("cut off" in server.output())


def test_readyz_fails_before_connections_are_refused(place):
    server = place.serve("--node-drain-delay", "2s").ready()
    client = server.set_up()
    server.process.send_signal(signal.SIGTERM)
    until(lambda: Client(server.url)("GET", "/readyz")[0] == 503, "not ready", 2)
    same(Client(server.url)("GET", "/livez")[0], 200)
    same(client("GET", "/api/v1/session")[0], 200)
    nodes = client("GET", "/api/v1/nodes")[2]["items"]
    same(len(nodes), 1)
    same(server.process.wait(30), 0)


if __name__ == "__main__":
    main()
