#!/usr/bin/env python3
"""The kit's file for NGINX: nginx accepts it for every form of configuration. Also tests what bodega's own app does not use:
Upgrades, event streams, and forged fields of clients."""
import os
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "e2e"))
os.environ["BODEGA_FRONT"] = "nginx"
import front
from bodega import BINARY, environment, expect, free_port, main, same, until


def url():
    return f"http://127.0.0.1:{free_port()}"


def tls(place):
    return front.listen_flags(url().replace("http:", "https:"), url())


def test_every_form_is_accepted(place):
    cases = {
        "tls": tls(place),
        "plain": ["--edge-listen", url()],
        "socket": ["--edge-listen", url(), "--app-listen", "/run/bodega/app.sock"],
        "proxies": [*tls(place), "--edge-trusted-proxies", "10.0.0.0/8", "--edge-trusted-proxies", "fd00::/8"],
        "names": [*tls(place), "--app-public-url", "https://files.example.org"],
        "both": ["--edge-listen", f"http://[::]:{free_port()} proxy_protocol"],
        "two": [*tls(place), "--edge-listen", url()],
        "shared": ["--edge-listen", url(), "--node-shared-dir", "/mnt/shared/bodega", "--files-max-file", "10GiB"],
    }
    for name, flags in cases.items():
        # The file exists only after nginx -t has accepted it.
        nginx = front.start_nginx(BINARY, place.path, name, flags, environment())
        place.processes.append(nginx)
        text = Path(place.path, f"bodega-{name}.conf").read_text()
        expect(("ssl_certificate " in text) == ("--edge-tls-certificates" in flags), name)
    text = Path(place.path, "bodega-names.conf").read_text()
    expect(text.count("server_name files.example.org;") == 2, text)
    text = Path(place.path, "bodega-proxies.conf").read_text()
    expect(text.count("set_real_ip_from ") == 2 and "    fd00::/8 1;\n" in text, text)
    same(Path(place.path, "bodega-both.conf").read_text().count(" proxy_protocol;"), 3)
    expect("client_max_body_size 10737418240;" in Path(place.path, "bodega-shared.conf").read_text())
    expect("[warn]" not in Path(place.path, "nginx.log").read_text(), Path(place.path, "nginx.log").read_text())


def test_a_configuration_that_would_break_the_file_is_refused(place):
    for bad in ("/srv/a b", "/srv/a;root/", "/srv/$a", "/srv/{a}"):
        code, out, err = place.run("kit", "nginx", "--node-shared-dir", bad)
        expect((code, out) == (2, "") and err.count("\n") == 1 and bad.rstrip("/") in err, code, out, err)


def test_nginx_creates_no_files_in_bodegas_folders(place):
    """NGINX's master creates and opens these files as root, and bodega could put a link there."""
    text = place.succeeds("kit", "nginx", "--node-data-dir", "/srv/data", "--node-shared-dir", "/srv/shared")
    same(set(re.findall(r"^ *(?:access_log|error_log|proxy_cache_path|\w+_temp_path) (\S+)", text, re.MULTILINE)),
         {"/var/log/nginx/bodega-access.log", "/var/cache/nginx-bodega"})
    same(re.findall(r"^.*/srv/data.*$", text, re.MULTILINE), ["    server unix:/srv/data/app.sock max_fails=0;  # there is no other server to try"])


class App:
    """Replaces the app: one connection after the other, answered by `answer(head, stream)`."""

    def __init__(self, answer):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port, self.answer, self.heads = self.listener.getsockname()[1], answer, []
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            stream, _ = self.listener.accept()
            with stream:
                head = read_until(stream, b"\r\n\r\n").decode()
                self.heads.append(head)
                self.answer(head, stream)


def read_until(stream, end):
    stream.settimeout(30)
    got = b""
    while not got.endswith(end):
        part = stream.recv(1)
        expect(part, "the connection ended after", got)
        got += part
    return got


def nothing(head, stream):
    stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def through_nginx(place, answer, head, *flags, at=None, listen=None, beside=""):
    """A connection to an NGINX before `answer`, on which `head` was sent; and the app."""
    app, at = App(answer), at or url()
    listen = ["--edge-listen", at] if listen is None else listen
    nginx = front.start_nginx(BINARY, place.path, "x", [*listen, "--app-listen", f"127.0.0.1:{app.port}", *flags],
                              environment(), beside)
    place.processes.append(nginx)
    stream = until(lambda: connected(int(at.rpartition(":")[2])), "NGINX")
    if at.startswith("https:"):
        stream = front.CONTEXT.wrap_socket(stream, server_hostname="127.0.0.1")
    stream.sendall(head.replace("\n", "\r\n").encode() + b"\r\n")
    return stream, app


def connected(port):
    try:
        return socket.create_connection(("127.0.0.1", port), 30)
    except OSError:
        return None


def test_an_upgrade_becomes_a_tunnel(place):
    def echo(head, stream):
        stream.sendall(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
        for _ in range(2):
            stream.sendall(read_until(stream, b"\n").upper())

    stream, app = through_nginx(place, echo, "GET /socket HTTP/1.1\nHost: h\nConnection: Upgrade\nUpgrade: websocket\n")
    expect(read_until(stream, b"\r\n\r\n").startswith(b"HTTP/1.1 101 "))
    for word in (b"one\n", b"two\n"):
        stream.sendall(word)
        same(read_until(stream, b"\n"), word.upper())
    stream.close()


def test_events_are_not_buffered(place):
    more = threading.Event()

    def events(head, stream):
        stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-Accel-Buffering: no\r\nConnection: close\r\n\r\ndata: 1\n\n")
        more.wait(30)
        stream.sendall(b"data: 2\n\n")

    stream, app = through_nginx(place, events, "GET /api/v1/x HTTP/1.0\nHost: h\n")
    read_until(stream, b"data: 1\n\n")
    more.set()
    read_until(stream, b"data: 2\n\n")
    stream.close()


def test_forged_fields_are_dropped(place):
    said = ("X-Accel-Capable: 0", "Forwarded: for=203.0.113.9", "X-Forwarded-For: 203.0.113.9", "X-Real-IP: 203.0.113.9",
            "X-Forwarded-Proto: https", "X-Forwarded-Host: evil.example", "X-Request-Id: mine")
    stream, app = through_nginx(place, nothing, "GET / HTTP/1.1\nHost: h\n" + "".join(f"{line}\n" for line in said))
    read_until(stream, b"\r\n\r\n")
    stream.close()
    fields = dict(line.lower().split(": ", 1) for line in app.heads[0].splitlines()[1:] if line)
    same({fields.get(name) for name in ("x-forwarded-for", "x-real-ip")}, {"127.0.0.1"})
    same((fields["x-accel-capable"], fields["x-forwarded-proto"], fields["x-forwarded-host"], fields.get("forwarded")), ("1", "http", "h", None))
    expect(fields["x-request-id"] != "mine" and len(fields["x-request-id"]) == 32, fields)


def test_another_default_site_may_be_there(place):
    """Like the one of Debian's package."""
    at = url()
    other = f"server {{ listen {at.removeprefix('http://')} default_server; server_name _; return 444; }}"
    stream, app = through_nginx(place, nothing, "GET / HTTP/1.1\nHost: files.example.org\n", "--app-public-url", "http://files.example.org",
                                at=at, beside=other)
    expect(read_until(stream, b"\r\n\r\n").startswith(b"HTTP/1.1 200 "))
    stream.close()


def test_a_proxy_header_names_the_client(place):
    at = url()
    head = "PROXY TCP4 203.0.113.9 127.0.0.1 1234 80\nGET / HTTP/1.1\nHost: h\nX-Forwarded-For: 1.2.3.4\nX-Forwarded-Host: evil\n"
    stream, app = through_nginx(place, nothing, head, "--edge-listen", f"{at} proxy_protocol", "--edge-trusted-proxies", "127.0.0.0/8",
                                at=at, listen=[])
    read_until(stream, b"\r\n\r\n")
    stream.close()
    expect("X-Forwarded-For: 203.0.113.9\r\n" in app.heads[0] and "X-Forwarded-Host: h\r\n" in app.heads[0], app.heads)


def test_strict_transport_security_is_for_tls(place):
    secure, plain = url().replace("http:", "https:"), url()
    flags = ["--edge-listen", plain, "--edge-tls-hsts", "365d", *front.listen_flags(secure, url())[4:]]
    stream, app = through_nginx(place, nothing, "GET / HTTP/1.1\nHost: h\n", *flags, at=secure)
    expect(b"\r\nStrict-Transport-Security: max-age=31536000\r\n" in read_until(stream, b"\r\n\r\n"))
    stream.close()
    with socket.create_connection(("127.0.0.1", int(plain.rpartition(":")[2]))) as stream:
        stream.sendall(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        expect(b"Strict-" not in read_until(stream, b"\r\n\r\n"))


def test_settings_that_nginx_can_not_apply_are_refused(place):
    for flags, why in ((["--edge-trusted-fields", "forwarded"], "edge.trusted_fields"),
                       (["--edge-tls-certificates", "a b", "--edge-tls-certificates", "c d"], "edge.tls.certificates"),
                       (["--edge-listen", f"{url()} proxy_protocol", "--edge-listen", url()], "proxy_protocol")):
        code, out, err = place.run("kit", "nginx", *flags)
        expect((code, out, err.count("\n")) == (2, "", 1) and why in err, code, out, err)


def test_the_log_has_the_requested_path(place):
    """The log has neither the path of the sent file nor a secret."""
    os.makedirs(f"{place.path}/bodega-data/blobs/ab")
    place.file("bodega-data/blobs/ab/cd", "the file")

    def sent(head, stream):
        stream.sendall(b"HTTP/1.1 200 OK\r\nX-Accel-Redirect: /_blobs/ab/cd\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    stream, app = through_nginx(place, sent, "GET /api/v1/entries/E/content?inline=SECRET HTTP/1.1\nHost: h\n")
    read_until(stream, b"the file")
    for path in (b"/s/SECRET/content", b"//%73/SECRET?a"):
        stream.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: h\r\n\r\n")
        read_until(stream, b"the file")
    stream.close()
    log = Path(place.path, "nginx-access-x.log")
    lines = until(lambda: log.read_text().count("\n") == 3 and log.read_text(), "three lines")
    same(re.findall(r'"(.*?)"', lines), ["GET /api/v1/entries/E/content", "GET /s/-", "GET /s/-"])


if __name__ == "__main__":
    main()
