#!/usr/bin/env python3
"""In front of other services: the README's ten lines before a Flask service, WebSockets, and what the log says."""
import base64
import contextlib
import hashlib
import http.client
import os
import re
import socket
import socketserver
import struct
import threading
import wsgiref.simple_server

from bodega import Client, expect, free_port, main, same, until

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 section 1.3


# --- a service by WSGI, as Flask's are


class Quiet(wsgiref.simple_server.WSGIRequestHandler):
    def log_message(self, *_):
        pass


class Threaded(socketserver.ThreadingMixIn, wsgiref.simple_server.WSGIServer):
    daemon_threads = True


def service(environ, start):
    """Answers with the request as it arrived."""
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
    lines = [environ["SERVER_PORT"], environ["REQUEST_METHOD"], environ["PATH_INFO"], environ["QUERY_STRING"], environ["HTTP_HOST"],
             environ["HTTP_X_FORWARDED_FOR"], environ["HTTP_X_FORWARDED_PROTO"], body]
    start("200 OK", [("Content-Type", "text/plain"), ("X-Request", environ["HTTP_X_REQUEST_ID"])])
    return ["\n".join(lines).encode()]


@contextlib.contextmanager
def wsgi(port=0):
    server = wsgiref.simple_server.make_server("127.0.0.1", port, service, Threaded, Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def readme_example():
    """The config.toml that the README shows, without its indentation."""
    text = open("README.md", encoding="utf-8").read()
    begin = text.index("    [edge]\n    listen", text.index("These ten lines"))
    lines = []
    for line in text[begin:].splitlines():
        if line and not line.startswith("    "):
            break
        lines.append(line[4:])
    return [line for line in lines if line]


def put_in_place(text, old, new):
    expect(old in text, "the README's config.toml has no", old)
    return text.replace(old, new)


def test_readme_replaces_nginx_before_flask(place):
    lines = readme_example()
    expect(len(lines) <= 10, len(lines), lines)
    place.file("static/app.js", "let x = 1;\n")
    place.file("secret", "no")
    with contextlib.ExitStack() as services:
        ports = [services.enter_context(wsgi()) for _ in range(2)]
        text = put_in_place("\n".join(lines), "127.0.0.1:5000", f"127.0.0.1:{ports[0]}")
        text = put_in_place(text, "127.0.0.1:5001", f"127.0.0.1:{ports[1]}")
        text = put_in_place(text, "/srv/flask/static", f"{place.path}/static")
        place.file("config.toml", text)
        server = place.serve().ready()
        ask = Client(server.url)

        seen = set()
        for _ in range(4):
            status, fields, body = ask("POST", "/orders/a%20b?q=1", b"hello", {"Host": "www.example.org", "X-Forwarded-For": "6.6.6.6"})
            same(status, 200)
            same(fields["x-request"], fields["x-request-id"])
            port, *rest = body.decode().split("\n")
            seen.add(int(port))
            same(rest, ["POST", "/orders/a b", "q=1", "www.example.org", "127.0.0.1", "http", "hello"])
        same(seen, set(ports))
        status, fields, body = ask("GET", "/static/app.js")
        same((status, body), (200, b"let x = 1;\n"))
        same(ask("GET", "/static/app.js", headers={"If-None-Match": fields["etag"]})[0], 304)
        expect(ask("GET", "/static/..%2fsecret")[0] == 400)
        expect(ask("GET", "/static/none")[0] == 404)
    # Both have ended.
    status, fields, body = ask("GET", "/orders")
    same(status, 502)
    expect(fields["x-request-id"].encode() in body, body)
    check_log(server, fields["x-request-id"], "the upstream accepts no connection", ports)
    same(server.stop(), 0)


def check_log(server, request_id, what, ports):
    """One log line has the server, the request and the reason."""
    def line():
        return next((l for l in server.output().splitlines() if f"request_id={request_id}" in l and what in l), None)

    found = until(line, f"a line on {request_id}", 5)
    expect(any(f"server=127.0.0.1:{port}" in found for port in ports), found)
    expect("upstream=flask" in found, found)


def test_a_stopped_server_is_skipped(place):
    with contextlib.ExitStack() as services:
        port = services.enter_context(wsgi())
        dead = free_port()
        place.file("config.toml", f"""
[[edge.upstreams]]
name = "flask"
servers = ["127.0.0.1:{dead}", "localhost:{port}"]
fail_timeout = "1s"
[[edge.routes]]
path = "/old"
to = "upstream:flask"
rewrite = "/"
""")
        server = place.serve().ready()
        ask = Client(server.url)
        for _ in range(8):
            status, fields, body = ask("POST", "/old/x", b"y")
            same(status, 200)
            same(body.decode().split("\n")[1:3], ["POST", "/x"])
        output = server.output()
        expect(re.search(rf"trying another.* server=127\.0\.0\.1:{dead} why=\"?it accepts no connection", output), output[-1500:])
        same(ask("GET", "/api/v1/session")[0], 401)  # bodega's own is still there
        # It comes back.
        with wsgi(dead):
            until(lambda: ask("GET", "/old/")[2].decode().split("\n")[0] == str(dead), "the first server's answer", 10)
        same(server.stop(), 0)


# --- servers that misbehave


@contextlib.contextmanager
def listener(serve):
    """Calls serve(connection) on a thread for each connection."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        connections = []

        def accept():
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                connections.append(connection)
                threading.Thread(target=run, args=(connection,), daemon=True).start()

        def run(connection):
            with contextlib.suppress(OSError), connection:
                serve(connection)

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield listening.getsockname()[1]
        finally:
            with contextlib.suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            for connection in connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


def test_slow_and_busy_servers_are_logged_by_name(place):
    done = threading.Event()

    def never(connection):
        connection.recv(65536)
        done.wait(20)

    with listener(never) as port:
        place.file("config.toml", f"""
[[edge.upstreams]]
name = "flask"
servers = ["127.0.0.1:{port}"]
connections = 1
wait = "100ms"
timeout = "1500ms"
max_fails = 0
[[edge.routes]]
path = "/old"
to = "upstream:flask"
""")
        server = place.serve("--edge-loops", "1").ready()
        answers = []
        slow = threading.Thread(target=lambda: answers.append(Client(server.url)("GET", "/old")))
        slow.start()
        until(lambda: open_connections(port) == 1, "the first request's connection", 5)
        status, fields, _ = Client(server.url)("GET", "/old")
        same((status, fields["retry-after"]), (503, "2"))
        check_log(server, fields["x-request-id"], "every connection to the upstream stayed busy", [port])
        slow.join()
        same(answers[0][0], 504)
        check_log(server, answers[0][1]["x-request-id"], "the upstream did not answer in time", [port])
        done.set()
        same(server.stop(), 0)


def open_connections(port):
    """The number of established connections of 127.0.0.1 to this port."""
    wanted = f"0100007F:{port:04X}"
    with open("/proc/net/tcp", encoding="ascii") as table:
        return sum(row.split()[2] == wanted and row.split()[3] == "01" for row in table)


# --- WebSockets (RFC 6455)


def receive_exactly(connection, count):
    data = b""
    while len(data) < count:
        more = connection.recv(count - len(data))
        if not more:
            raise ConnectionError("ended")
        data += more
    return data


def read_head(connection):
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += receive_exactly(connection, 1)
    return head.decode()


def field(head, name):
    return re.search(rf"^{name}: *(.*?)\r$", head, re.M | re.I)[1]


def accept_key(key):
    return base64.b64encode(hashlib.sha1(key.encode() + GUID).digest()).decode()


def send_frame(connection, opcode, data, masked, fin=True):
    length = len(data)
    head = bytes([(0x80 if fin else 0) | opcode])
    mark = 0x80 if masked else 0
    if length < 126:
        head += bytes([mark | length])
    elif length < 1 << 16:
        head += bytes([mark | 126]) + struct.pack(">H", length)
    else:
        head += bytes([mark | 127]) + struct.pack(">Q", length)
    if masked:
        mask = os.urandom(4)
        key = (mask * (length // 4 + 1))[:length]
        data = (int.from_bytes(data, "big") ^ int.from_bytes(key, "big")).to_bytes(length, "big")
        head += mask
    connection.sendall(head + data)


def read_frame(connection):
    """(fin, opcode, data), unmasked."""
    first, second = receive_exactly(connection, 2)
    length = second & 127
    if length == 126:
        length = struct.unpack(">H", receive_exactly(connection, 2))[0]
    elif length == 127:
        length = struct.unpack(">Q", receive_exactly(connection, 8))[0]
    mask = receive_exactly(connection, 4) if second & 128 else b"\0\0\0\0"
    data = receive_exactly(connection, length)
    key = (mask * (length // 4 + 1))[:length]
    return first >> 7, first & 15, (int.from_bytes(data, "big") ^ int.from_bytes(key, "big")).to_bytes(length, "big")


TEXT, BINARY_FRAME, CLOSE, PING, PONG = 1, 2, 8, 9, 10


def websocket_service(connection):
    """Sends a greeting, then echoes every frame; answers a ping, and a close with a close."""
    head = read_head(connection)
    if "Upgrade: websocket" not in head or field(head, "Sec-WebSocket-Version") != "13":
        connection.sendall(b"HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n")
        return
    accept = accept_key(field(head, "Sec-WebSocket-Key"))
    connection.sendall(f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n".encode())
    send_frame(connection, TEXT, field(head, "Host").encode(), masked=False)
    while True:
        fin, opcode, data = read_frame(connection)
        send_frame(connection, PONG if opcode == PING else opcode, data, masked=False, fin=fin)
        if opcode == CLOSE:
            return


def open_websocket(server, path):
    url = Client(server.url).url
    connection = socket.create_connection((url.hostname, url.port), timeout=20)
    key = base64.b64encode(os.urandom(16)).decode()
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: chat.example.org\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
    head = read_head(connection)
    expect(head.startswith("HTTP/1.1 101 "), head)
    same(field(head, "Sec-WebSocket-Accept"), accept_key(key))
    return connection


def test_websocket_client_to_websocket_server(place):
    with listener(websocket_service) as port:
        place.file("config.toml", f"""
[[edge.upstreams]]
name = "chat"
servers = ["127.0.0.1:{port}"]
[[edge.routes]]
path = "/chat"
to = "upstream:chat"
""")
        server = place.serve().ready()
        with open_websocket(server, "/chat/room") as connection:
            same(read_frame(connection), (1, TEXT, b"chat.example.org"))
            for size in (0, 1, 125, 126, 65535, 65536, 3_000_000):
                data = os.urandom(size)
                sender = threading.Thread(target=send_frame, args=(connection, BINARY_FRAME, data, True))
                sender.start()
                expect(read_frame(connection) == (1, BINARY_FRAME, data), size)
                sender.join()
            send_frame(connection, TEXT, b"half", True, fin=False)
            same(read_frame(connection), (0, TEXT, b"half"))
            send_frame(connection, PING, b"there?", True)
            same(read_frame(connection), (1, PONG, b"there?"))
            send_frame(connection, CLOSE, struct.pack(">H", 1000), True)
            same(read_frame(connection), (1, CLOSE, struct.pack(">H", 1000)))
            same(connection.recv(1), b"")  # the server closed, so does the edge
        # Without the Upgrade it is a normal answer, and the connection is kept.
        status, _, _ = Client(server.url)("GET", "/chat/room")
        same(status, 426)
        # bodega's own paths switch to no protocol.
        url = Client(server.url).url
        with contextlib.closing(http.client.HTTPConnection(url.netloc, timeout=20)) as plain:
            plain.request("GET", "/api/v1/session", headers={"Connection": "Upgrade", "Upgrade": "websocket"})
            same(plain.getresponse().status, 401)
        same(server.stop(), 0)


def test_many_websockets_at_once_and_a_stop(place):
    with listener(websocket_service) as port:
        place.file("config.toml", f"[[edge.upstreams]]\nname = 'chat'\nservers = ['127.0.0.1:{port}']\n"
                                  "[[edge.routes]]\nhost = 'chat.example.org'\nto = 'upstream:chat'\n")
        server = place.serve("--node-drain-limit", "1s").ready()
        with contextlib.ExitStack() as open_ones:
            connections = [open_ones.enter_context(open_websocket(server, "/")) for _ in range(50)]
            for number, connection in enumerate(connections):
                read_frame(connection)
                send_frame(connection, TEXT, str(number).encode(), True)
            for number, connection in enumerate(connections):
                same(read_frame(connection), (1, TEXT, str(number).encode()))
            expect(server.stop() in (0, 1))  # they are cut when the drain's time is over
            for connection in connections:
                with contextlib.suppress(ConnectionResetError):
                    same(connection.recv(1), b"")


if __name__ == "__main__":
    main()
