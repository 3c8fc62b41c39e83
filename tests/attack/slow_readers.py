#!/usr/bin/env python3
"""Clients at app.listen that send requests and do not read the answers: no thread of the app waits for one, /readyz and
other clients are answered, and the memory held for them is limited."""
import contextlib

from attack import *


def app_alone(place):
    """A server with a unix socket, as for a proxy or a local user, and an edge beside it."""
    path = f"{place.path}/app.sock"
    return place.serve("--app-listen", path, "--app-threads", "4"), path


def silent(path, request):
    stream = socket.socket(socket.AF_UNIX)
    stream.settimeout(1)
    stream.connect(path)
    with contextlib.suppress(OSError):
        stream.sendall(request)
    return stream


def is_answered(path, target, fields="", patience=3):
    with socket.socket(socket.AF_UNIX) as stream:
        stream.settimeout(patience)
        stream.connect(path)
        stream.sendall(f"GET {target} HTTP/1.1\r\nHost: h\r\n{fields}\r\n".encode())
        try:
            return stream.recv(12) == b"HTTP/1.1 200"
        except OSError:
            return False


def everybody_is_answered(server, path, client):
    cookie = f"Cookie: {client.cookie}\r\n"
    begin = time.monotonic()
    answered = [is_answered(path, "/readyz"), is_answered(path, "/api/v1/spaces", cookie),
                client("GET", "/readyz", timeout=5)[0] == 200, client("GET", "/api/v1/spaces", timeout=5)[0] == 200]
    expect(all(answered) and time.monotonic() - begin < 4, answered, time.monotonic() - begin)


def test_unread_answers_hold_no_thread(place):
    server, path = app_alone(place)
    ana = server.ready().set_up()
    page = ana("GET", "/", headers={"Accept-Encoding": "identity"})[2].decode()
    script = max(re.findall(r'"(/assets/[^"]+\.js)"', page), key=lambda name: len(ana("GET", name)[2]))
    large = ana.put(ana.root(), "large.bin", os.urandom(MIB) * 64)["id"]
    cookie = f"Cookie: {ana.cookie}\r\n"
    def get(target, fields=""):
        return f"GET {target} HTTP/1.1\r\nHost: h\r\n{fields}\r\n".encode()
    shapes = {
        "300 times /readyz": (4, get("/readyz") * 300),
        "a script, twenty times": (20, get(script) * 20),
        "1,500 times /livez": (20, get("/livez") * 1500),
        "a file of 64 MiB": (20, get(f"/api/v1/entries/{large}/content", cookie)),
    }
    for what, (count, request) in shapes.items():
        with row(f"{count} clients that read nothing ask for {what}", server) as cost:
            crowd = [silent(path, request) for _ in range(count)]
            time.sleep(0.5)
            everybody_is_answered(server, path, ana)
            for stream in crowd:
                stream.close()
        expect(cost.peak < 100 * MIB and cost.cpu < 3, what, cost)
        until(lambda: is_answered(path, "/livez"), "the app is free again")


def test_a_slow_reader_gets_every_byte(place):
    server, path = app_alone(place)
    ana = server.ready().set_up()
    data = os.urandom(6 * MIB)
    entry = ana.put(ana.root(), "data.bin", data)["id"]
    request = f"GET /api/v1/entries/{entry}/content HTTP/1.1\r\nHost: h\r\nCookie: {ana.cookie}\r\n\r\n".encode()
    stream = silent(path, request + b"GET /livez HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
    stream.settimeout(20)
    got = b""
    while chunk := stream.recv(100_000):
        got += chunk
        if len(got) < 2 * MIB:
            time.sleep(0.02)
    head, _, rest = got.partition(b"\r\n\r\n")
    expect(head.startswith(b"HTTP/1.1 200") and rest[:len(data)] == data, head, len(rest))
    expect(rest[len(data):].startswith(b"HTTP/1.1 200") and rest.endswith(b"ok\n"), rest[len(data):][:300])


if __name__ == "__main__":
    main()
