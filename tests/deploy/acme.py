#!/usr/bin/env python3
"""The nodes get a certificate by themselves from a real authority, which meets its challenges at any of them: one orders,
all serve, renewals too."""
import os
import ssl
import subprocess
import sys
import urllib.request
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS / "e2e"), str(TESTS / "support"), str(TESTS / "deploy")]
os.environ["BODEGA_FRONT"] = "direct"
import mariadb
from bodega import Failed, expect, free_port, main, same, until
from certbot import NAME, balancer, reachable, serial, shows_the_app
from pebble import Pebble

SECRET = "a secret of this cluster"


class Node:
    def __init__(self, place, number, env, pebble, secret=SECRET):
        self.name, self.plain, self.tls = f"node{number}", free_port(), free_port()
        self.place, self.env, self.pebble = place, env, pebble
        self.secret = place.file(f"{self.name}.secret", secret)

    def start(self):
        flags = ["--edge-listen", f"https://127.0.0.1:{self.tls}", "--edge-listen", f"http://127.0.0.1:{self.plain} redirect",
                 "--edge-acme-names", NAME, "--edge-acme-directory", self.pebble.directory, "--edge-acme-authorities", self.pebble.certificate,
                 "--edge-acme-contact", "ana@bodega.test", "--edge-acme-secret-file", self.secret, "--edge-acme-retry", "2s",
                 "--edge-tls-certificates-check", "1s", "--log-access", "stdout", "--node-name", self.name]
        self.server = self.place.serve(*flags, env=self.env, data=self.name, log=f"{self.name}.log", edge=None, port=self.plain)
        return self

    def serial(self, root):
        """Of what it serves, once that is vouched for; None before."""
        try:
            return reachable(self.tls) and serial(self.tls, root)
        except OSError as error:
            if "certificate verify failed" in str(error):
                return None
            raise

    def doctor(self):
        """What it has against this node's certificate."""
        flags = ["--edge-listen", f"https://127.0.0.1:{self.tls}", "--edge-acme-names", NAME, "--edge-acme-secret-file", self.secret, "--node-data-dir", self.name]
        return "\n".join(line for line in self.place.run("doctor", *flags, env=self.env)[1].splitlines() if "signed by itself" in line)

    def answered(self):
        return self.server.output().count("/.well-known/acme-challenge/")


def ready(node):
    """By its TLS listener, whatever that serves."""
    try:
        context = ssl._create_unverified_context()
        return urllib.request.urlopen(f"https://127.0.0.1:{node.tls}/readyz", context=context, timeout=5).status == 200
    except OSError:
        return False


def issued(place):
    return Path(place.path, "pebble.log").read_text().count("Issued certificate serial")


def same_serial(nodes, root, but=None):
    """The one that all nodes have come to serve."""
    serials = {node.serial(root) for node in nodes}
    return serials.pop() if len(serials) == 1 and not serials & {None, but} else None


def one_serial(nodes, root, but=None):
    try:
        return until(lambda: same_serial(nodes, root, but), "a certificate that all serve", 90, 0.3)
    except Failed as failed:
        raise Failed(f"{failed}: " + "\n".join(node.server.output()[-1500:] for node in nodes)) from failed


def test_one_orders_and_all_serve(place):
    database = mariadb.MariaDB(place)
    env = {**database.new_database("bodega"), "SHARED_DIR": f"{place.path}/shared"}
    asked = free_port()
    pebble = Pebble(place.path, asked)
    place.processes += pebble.processes
    nodes = [Node(place, number, env, pebble) for number in range(3)]
    balancer(place, asked, [node.plain for node in nodes])
    for node in nodes:
        node.start()
    root = pebble.root()
    first = one_serial(nodes, root)
    same(issued(place), 1)
    expect(sum(node.answered() for node in nodes) >= 2 and sum(bool(node.answered()) for node in nodes) >= 2, [node.answered() for node in nodes])
    same(sum("a certificate is ordered" in node.server.output() for node in nodes), 1)

    # What is in the catalog is sealed, what is on the disk is this user's alone.
    same(database.sql("SELECT COUNT(*) FROM bodega.acme_secrets WHERE sealed LIKE '%KEY%' OR sealed LIKE '%CERTIFICATE%'").split()[-1], "0")
    for node in nodes:
        same(os.stat(f"{place.path}/{node.name}/acme/pair.pem").st_mode & 0o777, 0o600)
        expect("PRIVATE" not in node.server.output())

    # A node that comes later has it without an order, and before it is ready; one with another secret says so.
    late, stranger = Node(place, 3, env, pebble).start(), Node(place, 4, env, pebble, "another secret").start()
    until(lambda: ready(late), "the new node")
    same(late.serial(root), first)
    expect("edge.certificate" in stranger.doctor(), stranger.doctor())
    until(lambda: "was sealed by another secret" in stranger.server.output(), "the line about the secret")
    same(issued(place), 1)
    same(stranger.server.stop(), 0)

    # One whose key is another's: it starts, and has the fleet's. The two are one file, which is replaced in one step.
    same(late.server.stop(), 0)
    folders = [f"{place.path}/{node.name}/acme" for node in (stranger, late)]
    same([os.listdir(folder) for folder in folders], [["pair.pem"]] * 2)
    texts = [Path(folder, "pair.pem").read_text().split("-----BEGIN CERTIFICATE-----", 1) for folder in folders]
    Path(folders[1], "pair.pem").write_text(texts[0][0] + "-----BEGIN CERTIFICATE-----" + texts[1][1])
    late.start()
    until(lambda: ready(late), "the node that died")
    same(late.serial(root), first)

    # Time for another: no node is started anew.
    database.sql("DELETE FROM bodega.acme_secrets WHERE name LIKE 'certificate%'")
    second = one_serial([*nodes, late], root, but=first)
    expect(second != first and issued(place) == 2, issued(place))
    expect(all(node.server.process.poll() is None for node in nodes))
    shows_the_app(root, late.tls)


def test_an_authority_that_is_away_stops_nobody(place):
    pebble = type("Away", (), {"directory": f"https://127.0.0.1:{free_port()}/dir", "certificate": place.file("none.pem")})
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=x", "-keyout", os.devnull, "-out", pebble.certificate],
                   check=True, capture_output=True)
    node = Node(place, 1, {}, pebble).start()
    until(lambda: "can't connect" in node.server.output(), "the line about the authority")
    same(subprocess.run(["curl", "-sSk", "-o", os.devnull, "-w", "%{response_code}", f"https://127.0.0.1:{node.tls}/"], capture_output=True, text=True).stdout, "200")
    same(node.server.stop(), 0)


def test_what_is_refused(place):
    place.file("secret", SECRET)
    cases = [
        (["--edge-acme-names", "files.example.org"], "secret_file"),
        (["--edge-acme-names", "*.example.org", "--edge-acme-secret-file", "secret"], "wildcard"),
        (["--edge-acme-names", "a b", "--edge-acme-secret-file", "secret"], "host names"),
        (["--edge-acme-directory", "http://acme.example.org"], "https://"),
        (["--edge-acme-names", "files.example.org", "--edge-acme-secret-file", "absent"], "absent"),
    ]
    for flags, why in cases:
        code, out, err = place.run("serve", "--edge-listen", f"http://127.0.0.1:{free_port()}", *flags)
        expect(code == 2 and why in err.splitlines()[-1] and "edge.acme." in err, flags, code, err)


if __name__ == "__main__":
    main()
