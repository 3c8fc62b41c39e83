#!/usr/bin/env python3
"""The server over TLS: real clients, sessions across restarts and nodes, new certificates, one line for each mistake."""
import json
import os
import re
import resource
import socket
import ssl
import subprocess
import threading
import time

from bodega import Failed, expect, free_port, main, same, until

BEAT = 5  # seconds between two heartbeats of a node
HARD_FILES = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
LIMITS_OFF = "BODEGA_SANITIZER" in os.environ  # sanitizers have a heap of their own
HSTS = "max-age=31536000"


def openssl(place, *words):
    done = subprocess.run(["openssl", *words], cwd=place.path, capture_output=True, timeout=60)
    expect(done.returncode == 0, words, done.stderr.decode())


def make_authority(place):
    openssl(place, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "90",
            "-subj", "/CN=authority", "-keyout", "ca.key", "-out", "ca.pem", "-addext", "keyUsage=critical,keyCertSign,cRLSign")


def issue(place, name, days="90", names="DNS:localhost,IP:127.0.0.1", curve="P-256"):
    """Writes NAME.pem, the full chain, and NAME.key, each in one step."""
    place.file("names", f"subjectAltName={names}\nextendedKeyUsage=serverAuth\n")
    openssl(place, "req", "-new", "-newkey", "ec", "-pkeyopt", f"ec_paramgen_curve:{curve}", "-nodes", "-subj",
            f"/CN={name}", "-keyout", "new.key", "-out", "new.csr")
    openssl(place, "x509", "-req", "-in", "new.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days",
            days, "-extfile", "names", "-out", "new.pem")
    with open(f"{place.path}/new.pem", "a") as chain, open(f"{place.path}/ca.pem") as ca:
        chain.write(ca.read())
    os.rename(f"{place.path}/new.key", f"{place.path}/{name}.key")
    os.rename(f"{place.path}/new.pem", f"{place.path}/{name}.pem")
    return f"{place.path}/{name}.pem {place.path}/{name}.key"


class TlsServer:
    """A server with an https:// listener, and the plain one that every server of these tests has."""

    def __init__(self, place, *flags, certificates=("site",), words="", **options):
        self.port = free_port()
        self.url = f"https://127.0.0.1:{self.port}"
        pairs = [word for name in certificates
                 for word in ("--edge-tls-certificates", f"{place.path}/{name}.pem {place.path}/{name}.key")]
        self.server = place.serve("--edge-listen", self.url + words, *pairs, "--edge-tls-certificates-check", "1s",
                                  *flags, **options).ready()
        self.context = ssl.create_default_context(cafile=f"{place.path}/ca.pem")

    def connect(self, session=None, context=None):
        raw = socket.create_connection(("127.0.0.1", self.port), 30)
        return (context or self.context).wrap_socket(raw, server_hostname="localhost", session=session)

    def serial(self):
        with self.connect() as stream:
            return stream.getpeercert()["serialNumber"]

    def visit(self, session=None, context=None):
        """Sends one request; returns whether the session was resumed, and the session to resume next."""
        with self.connect(session, context) as stream:
            stream.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
            expect(stream.recv(1000).startswith(b"HTTP/1.1 200 "))
            return stream.session_reused, stream.session

    def curl(self, place, *words):
        done = subprocess.run(["curl", "-sS", "--cacert", "ca.pem", *words], cwd=place.path, capture_output=True, timeout=60)
        return done.returncode, done.stdout, done.stderr.decode()


def test_curl(place):
    make_authority(place)
    issue(place, "site")
    plain = free_port()
    tls = TlsServer(place, "--edge-listen", f"http://127.0.0.1:{plain} redirect", "--edge-tls-hsts", "365d")
    client = tls.server.set_up()
    data = os.urandom(5_000_000)
    entry = client.put(client.root(), "large", data)
    # A cookie that was set on a plain connection counts only on plain connections.
    token = client("POST", "/api/v1/tokens", {"name": "curl"})[2]["token"]
    place.file("upload2", data)
    signed_in = ("-H", f"Authorization: Bearer {token}")
    for version in ("1.2", "1.3"):
        limits = (f"--tlsv{version}", "--tls-max", version, "--http1.1")
        code, out, err = tls.curl(place, *limits, *signed_in, f"{tls.url}/api/v1/entries/{entry['id']}/content")
        same((code, err, out == data), (0, "", True))
        code, out, _ = tls.curl(place, *limits, *signed_in, "-r", "1000000-1999999", f"{tls.url}/api/v1/entries/{entry['id']}/content")
        same((code, out == data[1_000_000:2_000_000]), (0, True))
        code, out, err = tls.curl(place, *limits, "-v", "-D", "-", "-o", "/dev/null", tls.url + "/")
        expect(code == 0 and f"strict-transport-security: {HSTS}" in out.decode().lower(), out)
        expect("http/1.1" in err.lower() and f"TLSv{version}" in err, err)
    # The same over HTTP/2, agreed on by ALPN.
    content = f"{tls.url}/api/v1/entries/{entry['id']}/content"
    code, out, _ = tls.curl(place, "--http2", *signed_in, "-D", "head", content)
    head = open(f"{place.path}/head").read().lower()
    same((code, out == data), (0, True))
    expect(head.startswith("http/2 200") and f"strict-transport-security: {HSTS}" in head, head)
    code, out, err = tls.curl(place, "--http2", *signed_in, "-T", "upload2", "-w", "%{http_code} %{http_version}", "-o", "/dev/null",
                              f"{tls.url}/api/v1/entries/{client.root()}/files/over-2")
    same((code, out), (0, b"201 2"))
    same(tls.curl(place, "--tlsv1.0", "--tls-max", "1.1", "--ciphers", "ALL:@SECLEVEL=0", tls.url)[0], 35)
    # An upload, and the redirection of a plain one.
    place.file("upload", data)
    target = f"/api/v1/entries/{client.root()}/files/again"
    code, out, err = tls.curl(place, *signed_in, "-T", "upload", "-w", "%{http_code}", "-o", "/dev/null", tls.url + target)
    same((code, out), (0, b"201"))
    code, out, err = tls.curl(place, "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}", f"http://127.0.0.1:{plain}/f/x?y=z")
    same((code, out.decode()), (0, f"308 {tls.url}/f/x?y=z"))
    code, out, err = tls.curl(place, "--http2-prior-knowledge", "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}", f"http://127.0.0.1:{plain}/f/x")
    same((code, out.decode()), (0, f"308 {tls.url}/f/x"))
    same(tls.server.stop(), 0)


def test_the_requested_name_selects_the_certificate(place):
    make_authority(place)
    issue(place, "site")
    issue(place, "wild", names="DNS:*.example.org")
    tls = TlsServer(place, certificates=("site", "wild"))
    for name, subject in (("localhost", "site"), ("a.example.org", "wild")):
        done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{tls.port}", "-servername", name, "-verify_return_error",
                               "-CAfile", "ca.pem", "-verify_hostname", name, "-alpn", "h2,http/1.1"], cwd=place.path, input=b"", capture_output=True, timeout=30)
        out = done.stdout.decode(errors="replace")
        expect(done.returncode == 0 and f"CN = {subject}" in out, out, done.stderr.decode())
        expect(re.search(r"ALPN protocol: (h2|http/1\.1)", out), out)


def test_new_certificates_drop_no_connection(place):
    make_authority(place)
    issue(place, "site")
    tls = TlsServer(place)
    kept = tls.connect()
    failures, over, answered = [], threading.Event(), []

    def ask():
        while not over.is_set():
            try:
                answered.append(tls.visit())
            except Exception as error:
                failures.append(repr(error))
                return

    askers = [threading.Thread(target=ask) for _ in range(2)]
    for asker in askers:
        asker.start()
    first = tls.serial()
    issue(place, "site")
    until(lambda: tls.serial() != first, "the new certificate")
    second = tls.serial()
    # Garbage, then a certificate with another's key: the previous one stays, and the log says why.
    good = open(f"{place.path}/site.pem").read()
    place.file("site.pem", "nonsense")
    until(lambda: "site.pem holds no certificate in PEM form" in tls.server.output(), "a line about nonsense")
    place.file("site.pem", good)
    until(lambda: tls.server.output().count("new certificates are in use") == 2, "the good one again")
    key = open(f"{place.path}/site.key").read()
    issue(place, "other")
    os.rename(f"{place.path}/other.key", f"{place.path}/site.key")
    until(lambda: "site.key is not the key of the certificate" in tls.server.output(), "a line about the key")
    same(tls.serial(), second)
    place.file("site.key", key)
    kept.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
    expect(kept.recv(1000).startswith(b"HTTP/1.1 200 "))
    over.set()
    for asker in askers:
        asker.join(30)
    expect(not failures and len(answered) > 20, failures, len(answered))
    kept.close()
    same(tls.server.stop(), 0)


def test_each_tls_mistake_is_one_line(place):
    make_authority(place)
    issue(place, "site")
    issue(place, "other")
    url = f"https://127.0.0.1:{free_port()}"
    pem, key = f"{place.path}/site.pem", f"{place.path}/site.key"
    for pair, line in (
            ([], '--edge-listen: edge.listen has an https:// address, but edge.tls.certificates is empty'),
            ([f"{place.path}/absent.pem {key}"], f"edge.tls.certificates: {place.path}/absent.pem can't be read: No such file or directory"),
            ([f"{pem} {place.path}/other.key"], f"edge.tls.certificates: {place.path}/other.key is not the key of the certificate in {pem}."),
            ([f"{pem} {pem}"], f"edge.tls.certificates: {pem} holds no private key in PEM form"),
            ([pem], "--edge-tls-certificates: edge.tls.certificates must hold two files each"),
            (["/dev/zero " + key], "edge.tls.certificates: /dev/zero is not a file.")):
        flags = [word for one in pair for word in ("--edge-tls-certificates", one)]
        code, out, err = place.run("serve", "--edge-listen", url, *flags)
        expect(code == 2 and out == "" and err.count("\n") == 1 and err.startswith("bodega: " + line), pair, code, out, err)
    expect("bodega-data" not in os.listdir(place.path), os.listdir(place.path))


def test_nodes_resume_each_others_sessions(place):
    make_authority(place)
    issue(place, "site")
    # Nodes on one machine share a database if it is the same file.
    shared = ("--database-url", f"sqlite:{place.path}/shared.db", "--node-shared-dir", f"{place.path}/shared")
    nodes = [TlsServer(place, *shared, "--node-name", name, data=name, log=f"log-{name}") for name in ("one", "two")]
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        context = ssl.create_default_context(cafile=f"{place.path}/ca.pem")
        context.minimum_version = context.maximum_version = version

        def resumes(first, second):
            session = first.visit(context=context)[1]
            return second.visit(session, context)[0]

        # Once both have asked the catalog for the keys.
        until(lambda: resumes(nodes[0], nodes[1]), "a session of the first node on the second", 10, 0.1)
        until(lambda: resumes(nodes[1], nodes[0]), "a session of the second node on the first", 10, 0.1)
    session = nodes[0].visit()[1]
    for node in nodes:
        same(node.server.stop(), 0)
    again = TlsServer(place, *shared, "--node-name", "one", data="one", log="log-again")
    until(lambda: again.visit(session, nodes[0].context)[0], "a session of before the restart", 10, 0.1)


def encrypted_by_kernel():
    """The number of connections that the kernel has encrypted so far; None where it can't."""
    if "tls" not in open("/proc/sys/net/ipv4/tcp_available_ulp").read().split():
        return None
    with open("/proc/net/tls_stat") as file:
        return sum(int(line.split()[1]) for line in file if line.startswith(("TlsTxSw", "TlsTxDevice")))


def test_the_kernel_encrypts_where_it_can(place):
    make_authority(place)
    issue(place, "site")
    tls = TlsServer(place, "--edge-tls-kernel", "auto")
    client = tls.server.set_up()
    data = os.urandom(5_000_000)
    entry = client.put(client.root(), "large", data)
    signed_in = ("-H", f"Authorization: Bearer {client('POST', '/api/v1/tokens', {'name': 'curl'})[2]['token']}")
    content = f"{tls.url}/api/v1/entries/{entry['id']}/content"
    before = encrypted_by_kernel()
    for version in ("1.2", "1.3"):
        limits = (f"--tlsv{version}", "--tls-max", version)
        for words, expected in (((), data), (("-r", "1000000-1999999"), data[1_000_000:2_000_000])):
            code, out, err = tls.curl(place, *limits, "--http1.1", *signed_in, *words, content)
            same((code, err, out == expected), (0, "", True))
        code, out, err = tls.curl(place, *limits, "--http2", *signed_in, content)
        same((code, err, out == data), (0, "", True))
    verdict = {f["check"]: f["verdict"] for f in json.loads(place.run("doctor", "--json", "--edge-tls-kernel", "auto")[1])["findings"]}["machine.kernel_tls"]
    print("      by bodega itself, since this kernel can't" if before is None else "      by the kernel", flush=True)
    same(verdict, "warn" if before is None else "ok")
    expect(before is None or encrypted_by_kernel() > before, before)


def resident_mib(pid):
    with open(f"/proc/{pid}/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) / 1024


def test_memory_of_many_connections_is_released(place):
    make_authority(place)
    issue(place, "site")
    tls = TlsServer(place, "--edge-max-connections-per-address", "4000")
    tls.visit()
    pid, many = tls.server.process.pid, 2000
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, HARD_FILES), HARD_FILES))
    before = resident_mib(pid)
    streams = [tls.connect() for _ in range(many)]
    time.sleep(2 * BEAT)  # it has been seen how many there are
    held = resident_mib(pid)
    for stream in streams:
        stream.close()
    print(f"      resident: {before:.1f} MiB before, {held:.1f} with {many} connections", flush=True)
    until(lambda: LIMITS_OFF or resident_mib(pid) <= before + 0.6 * (held - before), "most of it is given back", 10 * BEAT)
    print(f"      and {resident_mib(pid):.1f} without", flush=True)


def test_behind_a_balancer(place):
    make_authority(place)
    issue(place, "site")
    tls = TlsServer(place, "--log-access", "stdout", words=" proxy_protocol")
    with socket.create_connection(("127.0.0.1", tls.port), 30) as raw:
        raw.sendall(b"PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n")
        with tls.context.wrap_socket(raw, server_hostname="localhost") as stream:
            stream.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
            expect(stream.recv(1000).startswith(b"HTTP/1.1 200 "))
    until(lambda: '"192.0.2.7"' in tls.server.output(), "the client's address in the log")
    try:
        tls.connect()
        raise Failed("a connection without the header was taken")
    except (ssl.SSLError, OSError):
        pass


if __name__ == "__main__":
    main()
