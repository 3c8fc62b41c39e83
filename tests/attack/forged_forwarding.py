#!/usr/bin/env python3
"""Forged X-Forwarded-* fields from a local user on the app's own port: they are ignored without the proxy's secret, so nobody
can avoid the limits on sign-ins with a new address each time."""
from attack import *

FAST = ["--accounts-argon2-memory", "8MiB", "--accounts-argon2-passes", "1", "--accounts-attempts", "5"]
WRONG = json.dumps({"username": "ana", "password": "wrong wrong wrong"}).encode()


def try_often(server, tries, **fields):
    """The statuses of sign-ins with a wrong password, each of which names another client."""
    statuses = []
    for i in range(tries):
        client = Client(server.url)
        headers = {"Content-Type": "application/json", "X-Forwarded-For": f"198.51.{100 + i // 250}.{i % 250 + 1}",
                   "X-Real-IP": f"198.51.100.{i % 250 + 1}", "Forwarded": f"for=198.51.100.{i % 250 + 1}",
                   **{name.replace("_", "-"): value for name, value in fields.items()}}
        statuses.append(client("POST", "/api/v1/session", WRONG, headers)[0])
    return statuses


def test_forwarded_fields_need_the_secret_on_a_port(place):
    server = place.serve(*FAST, edge=False).ready()
    with row("sign-ins on the app's port, each with another forged client", server) as cost:
        statuses = try_often(server, 20)
    expect(statuses.count(429) >= 10, statuses)
    expect("app.proxy_secret_file is empty" in server.output(), server.output()[:2000])
    expect(cost.cpu < 10, cost)


def test_a_wrong_secret_is_no_secret(place):
    place.file("secret", "a proxy's secret\n")
    os.chmod(f"{place.path}/secret", 0o600)
    server = place.serve(*FAST, "--app-proxy-secret-file", "secret", edge=False).ready()
    for number, said in enumerate(({}, {"X_Bodega_Proxy_Secret": ""}, {"X_Bodega_Proxy_Secret": "a proxy's"}, {"X_Bodega_Proxy_Secret": "A PROXY'S SECRET"})):
        with row(f"the same beside a secret that is wrong, {number}", server):
            statuses = try_often(server, 8, **said)
        expect(429 in statuses, said, statuses)
    # Their other forwarding fields are ignored, too.
    status, fields, _ = Client(server.url)("GET", "/readyz", headers={"X-Request-Id": "forged-1"})
    expect(fields.get("x-request-id") != "forged-1", fields)
    status, fields, _ = Client(server.url)("GET", "/readyz", headers={"X-Request-Id": "known-1", "X-Bodega-Proxy-Secret": "a proxy's secret"})
    same(fields.get("x-request-id"), "known-1")
    expect("a proxy's secret" not in server.output())


def test_a_unix_socket_needs_no_secret(place):
    path = f"{place.path}/app.sock"
    server = place.serve(*FAST, "--app-listen", path).ready()
    with row("a proxy's fields on the unix socket count", server):
        stream = socket.socket(socket.AF_UNIX)
        stream.connect(path)
        stream.sendall(b"GET /readyz HTTP/1.1\r\nHost: h\r\nX-Request-Id: by-socket\r\nConnection: close\r\n\r\n")
        got = b""
        while part := stream.recv(65536):
            got += part
        stream.close()
    expect(b"by-socket" in got, got)
    expect(os.stat(path).st_mode & 0o007 == 0, oct(os.stat(path).st_mode))


def test_the_kits_nginx_sends_the_secret_only_to_bodega(place):
    place.file("secret", "c2VjcmV0/of+kit=\n")
    text = place.succeeds("kit", "nginx", "--app-listen", "127.0.0.1:5000", "--app-proxy-secret-file", "secret", "--edge-listen", "http://0.0.0.0:80")
    expect('bodega "c2VjcmV0/of+kit=";' in text and "server 127.0.0.1:5000 " in text, text)
    text = place.succeeds("kit", "nginx", "--edge-listen", "http://0.0.0.0:80")
    expect(f"server unix:{os.path.realpath(place.path)}/bodega-data/app.sock " in text or "server unix:" in text, text)
    expect('bodega "' not in text, text)


if __name__ == "__main__":
    main()
