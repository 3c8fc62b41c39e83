#!/usr/bin/env python3
"""Memory that HTTP/2 clients make the edge hold: however little they send for it, it stays within edge.max_memory, other
clients are answered meanwhile, and the memory is released."""
import http2
from attack import *

LIMIT = 24 * MIB
FLAGS = ["--edge-max-memory", "24MiB", "--edge-loops", "2"]
CONNECTIONS = 50  # none costs its client more than 11 KB; decoded they are 2.7 MB each
STREAMS = 99
BIG = 3000  # bytes of the field that each request names nine times

# The target of a request, whether it ends the stream, and the field that it repeats.
SHAPES = {
    "of a page, its window shut": ("GET", "/", True, "x-bomb"),
    "of what is not there, its window shut": ("GET", "/assets/nothing", True, "x-bomb"),
    "of the app, its window shut": ("GET", "/api/v1/spaces", True, "x-bomb"),
    "whose bodies never come": ("POST", "/api/v1/session", False, "x-bomb"),
    "of cookies, whose bodies never come": ("POST", "/api/v1/session", False, "cookie"),
    "of what the log keeps, their window shut": ("GET", "/", True, "user-agent"),
}


def bomb(url, method, path, ends, name):
    """A connection with the maximum number of requests, in small frames that refer to a large field of the table."""
    connection = http2.Connection(url, window=0)
    first = http2.request(method, path) + http2.field(name, "b" * BIG, indexed=True) + http2.index(62) * 8
    more = http2.request(method, path) + http2.index(62) * 9
    flags = http2.END_HEADERS | (http2.END_STREAM if ends else 0)
    heads = [http2.frame(http2.HEADERS, flags, 2 * i + 1, more if i else first) for i in range(STREAMS)]
    connection.send(b"".join(heads))
    return connection


def held(server):
    """Bytes that the edge reports to hold."""
    status, _, body = Client(server.admin)("GET", "/metrics")
    return float(re.search(rb"^bodega_edge_held_bytes (\S+)$", body, re.M)[1])


def is_answered(url):
    """Checks both protocols; a client that gets 503 or a reset tries again, a few times."""
    def over_http1():
        try:
            return Client(url)("GET", "/livez")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def over_http2():
        connection = http2.Connection(url)
        connection.headers(1, http2.request("GET", "/livez"))
        answered = connection.status(1) == 200
        connection.close()
        return answered

    return [sum(1 for _ in range(5) if time.sleep(0.05) or ask()) for ask in (over_http1, over_http2)]


def start(place, *flags):
    admin = free_port()
    server = place.serve(*FLAGS, *flags, "--edge-admin-listen", f"http://127.0.0.1:{admin}").ready()
    server.admin = f"http://127.0.0.1:{admin}"
    return server


def test_hpack_bombs_stay_within_max_memory(place):
    server = start(place)
    began = memory_of(server.process.pid)[0]
    for what, shape in SHAPES.items():
        with row(f"heads of HTTP/2 {what}", server, settle=0) as cost:
            crowd = [bomb(server.url, *shape) for _ in range(CONNECTIONS)]
            for one in crowd[:: CONNECTIONS // 10]:
                one.settle()
            most = held(server)
            answered = is_answered(server.url)
            for one in crowd:
                one.close()
        expect(cost.peak < 2 * LIMIT, what, cost)
        expect(cost.cpu < 5, what, cost)
        expect(most < 1.25 * LIMIT, what, most / MIB)
        expect(min(answered) >= 3, what, answered)
        until(lambda: held(server) < 2 * MIB, "what was held is let go of")
    with row("memory left after all of these", server, settle=6):
        pass
    left = memory_of(server.process.pid)[0] - began
    expect(left < 24 * MIB, left / MIB)


def test_one_connection_holds_no_more_than_its_share(place):
    server = start(place, "--edge-http2-memory", "1MiB")
    with row("one HTTP/2 connection with endless requests", server) as cost:
        one = http2.Connection(server.url, window=0)
        block = http2.request("POST", "/api/v1/session") + http2.field("x-bomb", "b" * BIG, indexed=True) + http2.index(62) * 8
        one.headers(1, block, ends=False)
        refused = 0
        for stream in range(3, 2 * STREAMS, 2):
            one.headers(stream, http2.request("POST", "/api/v1/session") + http2.index(62) * 9, ends=False)
        # The server sends the answer to a PING before resets that wait to be sent. It reads the second PING only after
        # it has sent the resets that the first answer overtook.
        for _ in range(2):
            one.send(http2.frame(http2.PING, 0, 0, b"settled!"))
            while (got := one.receive()) and got[0] != http2.PING:
                if got[0] == http2.RESET:
                    refused += 1
                    expect(int.from_bytes(got[3], "big") == http2.REFUSED_STREAM, got)
            expect(got, "the connection ended, or a PING was not answered")
        most = held(server)
        one.close()
    expect(refused > 0, "none was refused")
    expect(most < 1.5 * MIB, most / MIB)
    expect(cost.peak < 8 * MIB, cost)


if __name__ == "__main__":
    main()
