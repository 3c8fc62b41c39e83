#!/usr/bin/env python3
"""Upgrades to protocols whose requests would bypass routes, limits and logs: none reaches a service behind the edge unless
its route lists it."""
import threading

from attack import *

SETTINGS = "AAMAAABkAAQAoAAAAAIAAAAA"


class Switcher:
    """Switches to any requested protocol, and records the heads that it got."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.heads = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            stream, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(stream,), daemon=True).start()

    def serve(self, stream):
        with stream:
            stream.settimeout(20)
            got = b""
            while True:
                while b"\r\n\r\n" not in got:
                    part = stream.recv(65536)
                    if not part:
                        return
                    got += part
                head, _, got = got.partition(b"\r\n\r\n")
                self.heads.append(head.decode("latin-1"))
                asked = re.search(rb"(?im)^upgrade: *([^,\r]+)", head)
                if not asked:
                    stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nplain")
                    continue
                stream.sendall(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: " + asked[1] + b"\r\n\r\n")
                stream.sendall(b"switched")
                return


def ask(server, *lines):
    """The answer's status line and what follows its head."""
    at = urllib.parse.urlsplit(server.url)
    with socket.create_connection((at.hostname, at.port), timeout=5) as stream:
        stream.sendall("\r\n".join(["GET /old/x HTTP/1.1", "Host: h", *lines, "", ""]).encode())
        got = b""
        while b"plain" not in got and b"switched" not in got and len(got) < 65536:
            part = stream.recv(65536)
            if not part:
                break
            got += part
    return got.split(b"\r\n")[0].decode(), got.partition(b"\r\n\r\n")[2]


def start(place, more=""):
    service = Switcher()
    place.file("config.toml", f'[[edge.upstreams]]\nname = "old"\nservers = ["127.0.0.1:{service.port}"]\n'
                              f'[[edge.routes]]\npath = "/old"\nto = "upstream:old"\n{more}\n')
    return service, place.serve().ready()


def test_h2c_is_not_passed_on(place):
    service, server = start(place)
    protocols = ["h2c", "H2C", "h2c, websocketx", "h2c,h2", "h2", "HTTP/2.0", "TLS/1.0", "h2c\t,x"]
    connections = ["Upgrade, HTTP2-Settings", "upgrade,http2-settings", "Upgrade", "HTTP2-Settings, Upgrade, close", "keep-alive, Upgrade"]
    with row("forty upgrades to h2c and its like", server) as cost:
        for protocol in protocols:
            for connection in connections:
                status, body = ask(server, f"Upgrade: {protocol}", f"Connection: {connection}", f"HTTP2-Settings: {SETTINGS}")
                expect((status, body) == ("HTTP/1.1 200 OK", b"plain"), protocol, connection, status, body)
    for head in service.heads:
        expect(not re.search(r"(?im)^(upgrade|http2.settings):|h2c", head), head)
    same(len(service.heads), len(protocols) * len(connections))
    expect(cost.cpu < 1, cost)


def test_websockets_are_passed_on(place):
    service, server = start(place)
    with row("upgrades to websocket, alone and beside h2c", server):
        for asked in ("websocket", "WebSocket", "websocket, h2c", "h2c, websocket"):
            status, body = ask(server, f"Upgrade: {asked}", "Connection: Upgrade, HTTP2-Settings", f"HTTP2-Settings: {SETTINGS}")
            same((status, body), ("HTTP/1.1 101 Switching Protocols", b"switched"))
            same(re.findall(r"(?im)^upgrade: *(.*)$", service.heads[-1].replace("\r", "")), ["WebSocket" if asked[0] == "W" else "websocket"])
            expect(SETTINGS not in service.heads[-1], service.heads[-1])


def test_a_route_lists_its_upgrades(place):
    service, server = start(place, 'upgrades = ["chat/2"]')
    with row("a route that lists another protocol", server):
        same(ask(server, "Upgrade: chat/2", "Connection: Upgrade")[1], b"switched")
        same(ask(server, "Upgrade: websocket", "Connection: Upgrade")[1], b"plain")
    server.stop()
    for more in ("upgrades = []", 'remove_request = ["Upgrade"]'):
        service, server = start(place, more)
        with row(f"a route with {more}", server):
            same(ask(server, "Upgrade: websocket", "Connection: Upgrade")[1], b"plain")
        expect("pgrade" not in service.heads[-1], service.heads[-1])
        server.stop()


if __name__ == "__main__":
    main()
