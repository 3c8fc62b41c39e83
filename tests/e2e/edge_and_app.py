#!/usr/bin/env python3
"""Edge and app read HTTP alike: the same bytes, sent to the edge and to app.listen of one process, get the same answers."""
import base64
import re
import socket
import urllib.parse

from bodega import PASSWORD, expect, main, same

# Fields that differ by listener: the connection's end, the request's id and time, and the app's own cookie and server name.
OWN = {"date", "x-request-id", "connection", "keep-alive", "set-cookie", "server"}
# Fields that have to be there with an error's status.
OF_ERRORS = {"allow", "content-range", "www-authenticate", "retry-after", "accept-encoding"}
DATE = "Sun, 06 Nov 1994 08:49:37 GMT"
LATER = "Mon, 07 Nov 1994 08:49:37 GMT"
EARLIER = "Sat, 05 Nov 1994 08:49:37 GMT"


class Listener:
    def __init__(self, family, address):
        self.family, self.address = family, address

    def talk(self, request, rest=b""):
        """All bytes until the server closes. rest: sent after the first bytes, or after a pause."""
        with socket.socket(self.family) as stream:
            stream.connect(self.address)
            stream.sendall(request)
            got = b""
            stream.settimeout(1 if rest else 5)
            while True:
                try:
                    piece = stream.recv(65536)
                except TimeoutError:
                    piece = b""
                    if not rest:
                        return got
                if rest:
                    stream.sendall(rest)
                    stream.settimeout(5)
                    rest = b""
                elif not piece:
                    return got
                got += piece

    def send(self, request):
        """(status, fields in order of their names, body) of the last answer to these bytes."""
        with socket.socket(self.family) as stream:
            stream.settimeout(5)
            stream.connect(self.address)
            stream.sendall(request)
            file = stream.makefile("rb")
            while True:
                try:
                    line = file.readline()
                except TimeoutError:
                    return "no answer", [], b""
                if not line:
                    return "closed", [], b""
                status, fields = int(line.split()[1]), []
                for row in iter(file.readline, b"\r\n"):
                    name, _, value = row.decode("latin-1").partition(":")
                    fields.append((name.strip().lower(), value.strip()))
                if status >= 200:
                    break
            length = dict(fields).get("content-length")
            head_only = request.startswith(b"HEAD ") or status in (204, 304)
            body = b"" if head_only else file.read(int(length)) if length else b""
            return status, sorted(field for field in fields if field[0] not in OWN), body


def both(place, *flags):
    """A server, its two listeners, and a signed-in administrator."""
    path = f"{place.path}/app.sock"
    server = place.serve("--app-listen", path, "--edge-trusted-proxies", "127.0.0.0/8", "--app-trusted-proxies", "127.0.0.0/8", *flags)
    ana = server.ready().set_up()
    listeners = Listener(socket.AF_INET, ("127.0.0.1", int(server.url.rsplit(":", 1)[1]))), Listener(socket.AF_UNIX, path)
    return server, listeners, ana


def request(target, lines="", method="GET", body=b"", version="HTTP/1.1", host="Host: h\r\n"):
    lines = "".join(f"{line}\r\n" for line in ([lines] if isinstance(lines, str) and lines else lines))
    return f"{method} {target} {version}\r\n{host}{lines}\r\n".encode("latin-1") + body


def plain(answer):
    """An answer without the parts that are unique to its request."""
    status, fields, body = answer
    body = re.sub(rb"bodega-[0-9A-Z]{26}", b"bodega-", body)
    length = [] if b"bodega-" in body else [f for f in fields if f[0] == "content-length"]
    fields = [(n, re.sub(r"bodega-[0-9A-Z]{26}", "bodega-", v)) for n, v in fields if n != "content-length"]
    # The text of an error may differ.
    return (status, fields + length, body) if isinstance(status, int) and status < 400 else (status, [f for f in fields if f[0] in OF_ERRORS], b"")


def compare(listeners, rows):
    """rows: (subject, request, expected status, a field and its value or None)."""
    wrong = []
    for what, sent, status, *more in rows:
        answers = [plain(listener.send(sent)) for listener in listeners]
        if answers[0] != answers[1]:
            differs = [[part for part in answer[1] if part not in other[1]] for answer, other in (answers, answers[::-1])]
            wrong.append((what, "edge", answers[0][0], differs[0], answers[0][2][:80], "app", answers[1][0], differs[1], answers[1][2][:80]))
        elif answers[0][0] != status:
            wrong.append((what, answers[0][0], "not", status))
        elif more:
            name, value = more
            found = dict(answers[0][1]).get(name)
            if found != value:
                wrong.append((what, name, found, "not", value))
    for row in wrong:
        print("differs:", *row)
    expect(not wrong, f"{len(wrong)} of {len(rows)}")


def test_coding_of_a_page(place):
    _, listeners, _ = both(place)
    page = listeners[0].send(request("/"))[2].decode()
    script = re.search(r'src="(/assets/[^"]+\.js)"', page)[1]
    def asks(value, coding):
        lines = [f"Accept-Encoding: {one}" for one in value] if isinstance(value, tuple) else f"Accept-Encoding: {value}"
        return f"Accept-Encoding: {value}", request(script, lines), 200, "content-encoding", coding
    compare(listeners, [
        ("no Accept-Encoding", request(script), 200, "content-encoding", None),
        asks("*", "br"), asks("br;Q=0", None), asks("BR", "br"), asks("gzip;q=1, br;q=0.1", "gzip"),
        asks("identity;q=1, gzip;q=0.5", None), asks("gzip", "gzip"), asks("gzip;q=0", None), asks("", None), asks("br;q=0, *", "gzip"),
        asks("gzip ; q=0.5 , br ; q=0.4", "gzip"), asks("x-gzip", "gzip"), asks("br;q=x, gzip", "gzip"), asks(("gzip", "br"), "br"),
        asks(("br;q=0", "gzip"), "gzip"), asks("identity;q=0, *;q=0", None), asks("gzip;q=0.001", "gzip"),
    ])


def test_conditions_of_a_page(place):
    _, listeners, _ = both(place)
    page = listeners[0].send(request("/"))[2].decode()
    script = re.search(r'src="(/assets/[^"]+\.js)"', page)[1]
    tag = dict(listeners[0].send(request(script))[1])["etag"]
    packed = dict(listeners[0].send(request(script, "Accept-Encoding: br"))[1])["etag"]
    expect(tag != packed, tag)
    def asks(line, status, *more):
        return (line, request(script, line, *more), status)
    compare(listeners, [
        asks(f"If-None-Match: {tag}", 304), asks(f"If-None-Match: W/{tag}", 304), asks(f'If-None-Match: "x", {tag}', 304),
        asks("If-None-Match: *", 304), asks('If-None-Match: "x"', 200), asks("If-None-Match: x", 200), asks("If-None-Match:", 200),
        asks(['If-None-Match: "x"', f"If-None-Match: {tag}"], 304), asks([f"If-None-Match: {packed}", "Accept-Encoding: br"], 304),
        asks([f"If-None-Match: {tag}", "Accept-Encoding: br"], 200), asks(f"If-None-Match: {tag}", 304, "HEAD"),
        asks(f"If-Match: {tag}", 200), asks('If-Match: "x"', 412), asks("If-Match: *", 200), asks(f"If-Match: W/{tag}", 412),
        asks([f"If-None-Match: {tag}", 'If-Match: "x"'], 412), asks(f"If-Modified-Since: {DATE}", 200), asks("Range: bytes=0-1", 200),
    ])


def test_conditions_and_ranges_of_a_file(place):
    _, listeners, ana = both(place)
    data = bytes(range(256)) * 8
    entry = ana.put(ana.root(), "a b.bin", data)
    ana("PATCH", f"/api/v1/entries/{entry['id']}", {"modified_at": 784111777000})
    target = f"/api/v1/entries/{entry['id']}/content"
    tag = dict(listeners[0].send(request(target, f"Cookie: {ana.cookie}"))[1])["etag"]
    def asks(lines, status, method="GET", field=("content-length", None)):
        lines = [lines] if isinstance(lines, str) else lines
        sent = request(target, [*lines, f"Cookie: {ana.cookie}"], method)
        return (lines, sent, status) if field[1] is None else (lines, sent, status, *field)
    def part(value, status, found=None):
        return asks(f"Range: {value}", status, field=("content-range", found))
    rows = [
        asks([], 200), asks([], 200, "HEAD"), asks("Range: bytes=0-9", 200, "HEAD"),
        asks(f"If-None-Match: {tag}", 304), asks(f"If-None-Match: W/{tag}", 304), asks("If-None-Match: *", 304), asks('If-None-Match: "x"', 200),
        asks(f'If-None-Match: "x", {tag}', 304), asks(['If-None-Match: "x"', f"If-None-Match: {tag}"], 304), asks("If-None-Match: x", 200),
        asks(f"If-Match: {tag}", 200), asks(f"If-Match: W/{tag}", 412), asks('If-Match: "x"', 412), asks("If-Match: *", 200), asks("If-Match: x", 412),
        asks(f"If-Modified-Since: {DATE}", 304), asks(f"If-Modified-Since: {LATER}", 200), asks(f"If-Modified-Since: {EARLIER}", 200),
        asks("If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT", 304), asks("If-Modified-Since: Sun Nov  6 08:49:37 1994", 304),
        asks("If-Modified-Since: yesterday", 200), asks(f"If-Unmodified-Since: {DATE}", 200), asks(f"If-Unmodified-Since: {EARLIER}", 412),
        asks([f'If-None-Match: "x"', f"If-Modified-Since: {DATE}"], 200), asks([f"If-Match: {tag}", f"If-Unmodified-Since: {EARLIER}"], 200),
        part("bytes=0-0", 206, "bytes 0-0/2048"), part("bytes=2000-9999", 206, "bytes 2000-2047/2048"), part("bytes=-5", 206, "bytes 2043-2047/2048"),
        part("bytes=-9999", 206, "bytes 0-2047/2048"), part("bytes=2048-", 416, "bytes */2048"), part("bytes=-0", 416, "bytes */2048"),
        part("bytes=9-5", 200), part("bytes=a-b", 200), part("items=0-1", 200), part("bytes=", 200), part("bytes=0-1,4-5", 206), part("Bytes=0-1", 206, "bytes 0-1/2048"),
        part("bytes=0-1, 4-5 ,-3", 206), part("bytes=0-9,5-15", 200), part("bytes=0-1,9999-", 206, "bytes 0-1/2048"), part("bytes=9999-,8888-", 416),
        part("bytes=" + ",".join(f"{n}-{n}" for n in range(0, 60, 2)), 200), part("bytes=99999999999999999999999-", 200), part("bytes=1--2", 200),
        asks(["Range: bytes=0-1", "Range: bytes=4-5"], 200), asks(["Range: bytes=0-1", f"If-Range: {tag}"], 206),
        asks(["Range: bytes=0-1", f"If-Range: W/{tag}"], 200), asks(["Range: bytes=0-1", 'If-Range: "x"'], 200), asks(["Range: bytes=0-1", f"If-Range: {DATE}"], 200),
        asks(["Range: bytes=0-1", "If-Range: *"], 200), asks(["Range: bytes=0-1", f"If-None-Match: {tag}"], 304), asks(["Range: bytes=0-1", 'If-Match: "x"'], 412),
    ]
    compare(listeners, rows)
    for listener in listeners:
        same(listener.send(request(target, ["Range: bytes=-3", f"Cookie: {ana.cookie}"]))[2], data[-3:])


def test_pages_and_assets(place):
    _, listeners, _ = both(place)
    page = listeners[0].send(request("/"))[2].decode()
    script = re.search(r'src="(/assets/[^"]+\.js)"', page)[1]
    tag = dict(listeners[0].send(request("/"))[1])["etag"]
    compare(listeners, [
        *((f"page {path}", request(path), 200) for path in ("/setup", "/sign-in", "/profile", "/admin/nodes", "/spaces/x", "/folders/x", "/files/x", "/trash/x", "/?a=b", "/sign-in?x")),
        *((f"no page {path}", request(path), 404) for path in ("/setup/", "/spaces/", "/spaces/x/y", "/SETUP", "/nothing", "/assets/nothing.js", "//", "/./setup", "/%73etup")),
        ("a page of a tag", request("/sign-in", f"If-None-Match: {tag}"), 304), ("HEAD of a page", request("/", method="HEAD"), 200),
        ("HEAD of an asset, packed", request(script, "Accept-Encoding: br", "HEAD"), 200, "content-encoding", "br"),
        ("HEAD of no page", request("/nothing", method="HEAD"), 404), ("an asset with a query", request(script + "?x"), 200),
        ("a condition on no page", request("/nothing", "If-None-Match: *"), 404), ("If-Range of an asset", request(script, ["Range: bytes=0-1", 'If-Range: "x"']), 200),
        *((f"{method} of {path}", request(path, "Content-Length: 0", method), 405, "allow", "GET, HEAD")
          for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS") for path in ("/", "/sign-in?x", "/index.html", "/spaces/x", script)),
        *((f"{method} of no page", request("/nothing", "Content-Length: 0", method), 404) for method in ("POST", "PUT", "DELETE", "PATCH")),
        *((f"TRACE of {path}", request(path, method="TRACE"), 405) for path in ("/", "/api/v1/session", "/nothing")),
        ("GET of the server", request("*"), 400),
        ("OPTIONS of a call", request("/api/v1/session", method="OPTIONS"), 204),
    ])
    # The app adds its own fields to these two.
    for target, method, body in (("*", "OPTIONS", b""), *(("/livez", method, b"ok\n") for method in ("GET", "POST", "OPTIONS"))):
        answers = [listener.send(request(target, "Content-Length: 0", method)) for listener in listeners]
        same([(method, status, body) for status, _, body in answers], [(method, 200, body)] * 2)


def test_conditions_of_calls(place):
    _, listeners, ana = both(place)
    root = ana.root()
    entry = ana.put(root, "a.txt", b"one")
    target, folder = f"/api/v1/entries/{entry['id']}", f"/api/v1/entries/{root}/files/"
    own = [f"Cookie: {ana.cookie}", "Origin: http://h"]
    def tag_of(path):
        return dict(listeners[0].send(request(path, own))[1])["etag"]
    def reads(path, lines, status):
        return path, request(path, [*own, *([lines] if isinstance(lines, str) else lines)]), status
    def puts(lines, status):
        return lines, request(folder + "a.txt", [*own, "Content-Length: 3", *lines], "PUT", b"one"), status
    def renames(lines, status, kind="application/json"):
        body = b'{"name":"a.txt"}'
        return lines, request(target, [*own, f"Content-Type: {kind}", f"Content-Length: {len(body)}", *lines], "PATCH", body), status
    content, other = tag_of(target + "/content"), '"' + "0" * 64 + '"'
    rows = []
    for path in (target, f"/api/v1/entries/{root}/children"):
        tag = tag_of(path)
        rows += [reads(path, f"If-None-Match: {tag}", 304), reads(path, f"If-None-Match: W/{tag}", 304), reads(path, ['If-None-Match: "x"', f"If-None-Match: {tag}"], 304),
                 reads(path, "If-None-Match: *", 304), reads(path, "If-None-Match: x", 200), reads(path, 'If-None-Match: "x"', 200)]
    tag = tag_of(target)
    rows += [
        renames([f"If-Match: {tag}"], 200), renames([f"If-Match: W/{tag}"], 412), renames(['If-Match: "x"', f"If-Match: {tag}"], 200), renames(["If-Match: *"], 200),
        renames([f"If-Match: x{tag}"], 412), renames(["If-Match: x"], 412), renames([], 200, "Application/JSON"), renames([], 200, "application/json ; charset=utf-8"),
        renames([], 415, "text/json"), renames([], 415, "application/jsonl"),
        puts([f"If-Match: {content}"], 200), puts([f"If-Match: {other}", f"If-Match: {content}"], 200), puts([f"If-Match: W/{content}"], 412), puts([f"If-Match: {other}"], 412),
        puts(["If-None-Match: *"], 412), puts([f"If-None-Match: {other}", f"If-None-Match: {content}"], 412), puts([f"If-None-Match: {other}"], 200), puts(["If-Match: x"], 400),
    ]
    # The answers to writes have times and versions of their own.
    wrong = [(what, got, status) for what, sent, status in rows for got in [[listener.send(sent)[0] for listener in listeners]] if got != [status, status]]
    expect(not wrong, *wrong)


def test_names_and_targets(place):
    _, listeners, ana = both(place)
    own = f"Cookie: {ana.cookie}"
    rows = []
    for name, field in (("a b.txt", "a b.txt"), ("a\"b.txt", "a_b.txt"), ("a\\b%41;'.txt", "a_b_41;'.txt"), ("a\u00f1o \u2013 1.txt", "ano _ 1.txt"), ("\u5831\u544a.txt", "__.txt"), ("\U0001f600.txt", "_.txt")):
        entry = ana.put(ana.root(), name, b"x")
        encoded = "".join(chr(b) if chr(b).isalnum() and b < 128 or chr(b) in "!#$&+-.^_`|~" else f"%{b:02X}" for b in name.encode())
        for asked, kind in (("", "attachment"), ("?disposition=inline", "inline"), ("?disposition=%69nline", "inline"), ("?disposition=attachment&x", "attachment")):
            rows.append((name, request(f"/api/v1/entries/{entry['id']}/content{asked}", own), 200, "content-disposition", f"{kind}; filename=\"{field}\"; filename*=UTF-8''{encoded}"))
    call = "/api/v1/entries/" + entry["id"]
    rows += [(f"target {target}", request(target, own), status) for target, status in (
        (call.replace("entries", "%65ntries"), 200), (call + "?", 200), (call + "/", 404), ("/api//v1/session", 404), ("/api/v1/entries%2F" + entry["id"], 404),
        ("/api/v1/./session", 404), ("/api/v1/x/../session", 404), ("/api/v1/search?q=a+b&q=c", 200), ("/api/v1/search?q=%zz", 400), ("/api/v1/search?q=%", 400),
        ("/api/v1/search?q=%2B%26", 200), ("/api/v1/search?q=zzz&&x", 200), (call + "/content?disposition=x", 400), ("/api/v1/session?" + "&".join(["a"] * 70), 400))]
    compare(listeners, rows)


def test_credentials(place):
    _, listeners, ana = both(place)
    status, _, made = ana("POST", "/api/v1/tokens", {"name": "t", "scope": "read"})
    expect(status == 201, status, made)
    secret = made.get("token") or made["secret"]
    def asks(lines, status):
        return lines, request("/api/v1/session", lines), status
    def basic(pair):
        return "Basic " + base64.b64encode(pair.encode()).decode()
    name, _, value = ana.cookie.partition("=")
    compare(listeners, [
        asks([], 401), asks([f"Cookie: {ana.cookie}"], 200), asks([f"Cookie: x=1;{ana.cookie}"], 200), asks([f"Cookie: x=1; {ana.cookie} ;y=2"], 200),
        asks(["Cookie: x=1", f"Cookie: {ana.cookie}"], 200), asks([f"Cookie: {ana.cookie}; {name}=wrong"], 200), asks([f"Cookie: {name}=wrong; {ana.cookie}"], 401),
        asks([f"Cookie: {ana.cookie}", f"Cookie: {name}=wrong"], 200), asks([f"Cookie: {name.upper()}={value}"], 401), asks([f'Cookie: {name}="{value}"'], 401),
        asks([f"Authorization: Bearer {secret}"], 200), asks([f"Authorization: bEARER {secret}"], 200), asks([f"Authorization: Bearer  {secret}"], 200), asks([f"Authorization: {secret}"], 401),
        asks([f"Authorization: Bearer {secret}x"], 401), asks(["Authorization: Bearer"], 401), asks([f"Authorization: {basic('any:' + secret)}"], 200), asks([f"Authorization: {basic(':' + secret)}"], 200),
        asks([f"Authorization: {basic(secret)}"], 401), asks([f"Authorization: {basic('any:' + secret).rstrip('=')}?"], 401), asks([f"Authorization: Digest {secret}"], 401),
        asks([f"Authorization: Bearer {secret}", f"Authorization: Bearer {secret}"], 400), asks(["Authorization: Bearer x", f"Cookie: {ana.cookie}"], 401),
    ])


def test_clients_behind_proxies(place):
    _, listeners, ana = both(place)
    def seen(listener, lines):
        body = f'{{"username":"ana","password":"{PASSWORD}"}}'.encode()
        lines = [*lines, "Content-Type: application/json", "Origin: http://h", f"Content-Length: {len(body)}"]
        status, _, answer = listener.send(request("/api/v1/session", lines, "POST", body))
        expect(status == 200, status, answer)
        return max(ana("GET", "/api/v1/sessions")[2]["items"], key=lambda one: one["id"])["address"]
    for lines, address in (
            (["X-Forwarded-For: 192.0.2.1"], "192.0.2.1"),
            (["X-Forwarded-For: 6.6.6.6", "X-Forwarded-For: 192.0.2.1"], "192.0.2.1"),
            (["X-Forwarded-For: 192.0.2.1", "X-Forwarded-For: 127.0.0.9"], "192.0.2.1"),
            (["X-Forwarded-For: 6.6.6.6, 192.0.2.2,127.0.0.9"], "192.0.2.2"),
            (["X-Forwarded-For: 6.6.6.6", "X-Forwarded-For: 192.0.2.3", "X-Forwarded-For: 127.0.0.8, 127.0.0.9"], "192.0.2.3"),
            (["X-Forwarded-For: [2001:db8::1]:4711"], "2001:db8::1"), (["X-Forwarded-For: 2001:DB8:0::2"], "2001:db8::2")):
        same([seen(listener, lines) for listener in listeners], [address, address])


def test_heads_and_bodies(place):
    _, listeners, ana = both(place)
    def signs_in(head, body, status):
        return head, request("/api/v1/session", ["Content-Type: application/json", *head], "POST", body), status
    wrong = b'{"username":"ana","password":"not the right one"}'
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(wrong), wrong)
    te = "Transfer-Encoding: chunked"
    rows = [
        ("a bare LF", b"GET / HTTP/1.1\nHost: h\n\n", 400), ("no Host", request("/", host=""), 400), ("two Hosts", request("/", "Host: h"), 400),
        ("a bad Host", request("/", host="Host: a b\r\n"), 400), ("HTTP/1.0 without Host", request("/readyz", version="HTTP/1.0", host=""), 200),
        ("HTTP/2.0", request("/", version="HTTP/2.0"), 505), ("HTTP/1.9", request("/", version="HTTP/1.9"), 505), ("no version", b"GET /\r\nHost: h\r\n\r\n", 400),
        ("blank before the colon", request("/", "A : b"), 400), ("a folded line", request("/", ["A: b", " c"]), 400), ("a control character", request("/", "A: b\x01"), 400),
        ("a NUL", request("/", "A: b\x00c"), 400), ("a line without a colon", request("/", "A"), 400), ("an absolute target", request("http://h/readyz"), 200),
        ("another host's target", request("http://x/livez"), 400), ("no target", b"GET  HTTP/1.1\r\nHost: h\r\n\r\n", 400), ("a relative target", request("livez"), 400),
        ("a long head", request("/readyz", "A: " + "b" * 70_000), 431), ("a long target", request("/api/v1/" + "x" * 9_000), 414),
        ("a fragment", request("/livez#x"), 400), ("an unknown expectation", request("/livez", "Expect: x"), 417), ("a malformed method", request("/", method="G@T"), 400),
        ("a broken escape", request("/api/v1/%zz"), 400), ("an unknown path", request("/api/v1/nothing"), 404), ("a method that is not taken", request("/api/v1/session", method="PUT"), 405),
        ("a wrong password", request("/api/v1/session", ["Content-Type: application/json", f"Content-Length: {len(wrong)}"], "POST", wrong), 401),
        signs_in([te], chunked, 401), signs_in([te.upper()], chunked, 401), signs_in([te], b"5;a=b\r\n" + wrong[:5] + b"\r\n%x\r\n" % (len(wrong) - 5) + wrong[5:] + b"\r\n0\r\nA: b\r\n\r\n", 401),
        signs_in([te], b"5\n" + wrong[:5], 400), signs_in([te], b"x\r\n", 400), signs_in([te], b"5\r\nhello!\r\n", 400), signs_in([te, "Content-Length: 3"], b"0\r\n\r\n", 400),
        signs_in(["Content-Length: 1", "Content-Length: 1"], b"x", 400), signs_in(["Content-Length: +1"], b"x", 400), signs_in(["Content-Length: 1, 1"], b"x", 400),
        signs_in(["Transfer-Encoding: gzip, chunked"], b"0\r\n\r\n", 501), signs_in(["Transfer-Encoding: chunked, gzip"], b"0\r\n\r\n", 400), signs_in(["Content-Length: 99999999999999999999999"], b"", 400),
        signs_in(["Content-Encoding: gzip", f"Content-Length: {len(wrong)}"], wrong, 415), signs_in(["Content-Length: 0"], b"", 400),
    ]
    rows += [
        ("as many fields as the edge takes", request("/readyz", [f"A{n}: b" for n in range(99)]), 200),
        ("an empty line first", b"\r\n" + request("/readyz"), 200), ("two empty lines first", b"\r\n\r\n" + request("/readyz"), 400),
        ("HEAD that is refused", request("/readyz", "Expect: x", "HEAD"), 417), ("a method of another protocol", request("/api/v1/session", method="PROPFIND"), 405),
        ("a method in small letters", request("/api/v1/session", method="get"), 405), ("an Expect in other letters", request("/readyz", "Expect: 100-Continue"), 200),
    ]
    compare(listeners, rows)
    for listener in listeners:
        same(b"\r\n\r\n" in listener.talk(request("/readyz", "Expect: x", "HEAD")), True)
        expect(listener.talk(request("/readyz", "Expect: x", "HEAD")).endswith(b"\r\n\r\n"), "an answer to HEAD has no body")


def test_connections(place):
    _, listeners, ana = both(place)
    for lines, version, answers in (
            ([], "HTTP/1.1", 2), (["Connection: close"], "HTTP/1.1", 1), (["Connection: Close"], "HTTP/1.1", 1), (["Connection: x, close"], "HTTP/1.1", 1),
            (["Connection: close", "Connection: keep-alive"], "HTTP/1.1", 1), (["Connection: clos%65"], "HTTP/1.1", 2), (["Connection: keep-alive"], "HTTP/1.1", 2),
            ([], "HTTP/1.0", 1), (["Connection: keep-alive"], "HTTP/1.0", 2), (["Connection: Keep-Alive"], "HTTP/1.0", 2)):
        for listener in listeners:
            got = listener.talk(request("/readyz", lines, version=version) + request("/readyz", "Connection: close"))
            same((lines, version, got.count(b"HTTP/1.1 200")), (lines, version, answers))
            heads = got.lower().split(b"\r\n\r\n")
            expect(all(head.count(b"\nconnection:") <= 1 for head in heads), got)
            same((lines, version, b"connection: keep-alive" in heads[0]), (lines, version, version == "HTTP/1.0" and answers == 2))
    # A file, announced before it is sent.
    target = f"/api/v1/entries/{ana.root()}/files/"
    for number, (expectation, version, interim) in enumerate((("100-continue", "HTTP/1.1", True), ("100-Continue", "HTTP/1.1", True), ("100-continue", "HTTP/1.0", False))):
        for place_of, listener in enumerate(listeners):
            head = request(f"{target}{number}{place_of}", [f"Cookie: {ana.cookie}", "Origin: http://h", f"Expect: {expectation}", "Range: x", "Content-Length: 5", "Connection: close"],
                           "PUT", version=version)
            got = listener.talk(head, b"bytes")
            same((expectation, version, got.startswith(b"HTTP/1.1 100 ")), (expectation, version, interim))
            expect(b"HTTP/1.1 201 " in got, got[:300])


if __name__ == "__main__":
    main()
