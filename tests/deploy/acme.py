#!/usr/bin/env python3
"""The nodes get a certificate by themselves from a real authority, and any node answers its challenges: one orders, all serve,
also renewals."""
import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
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
        """The serial of the served certificate, once it is from the authority; None before."""
        try:
            return reachable(self.tls) and serial(self.tls, root)
        except OSError as error:
            if "certificate verify failed" in str(error):
                return None
            raise

    def run(self, *words):
        """The exit code and output of a command with this node's settings."""
        flags = ["--edge-listen", f"https://127.0.0.1:{self.tls}", "--edge-acme-names", NAME, "--edge-acme-directory", self.pebble.directory,
                 "--edge-acme-secret-file", self.secret, "--node-data-dir", self.name]
        return self.place.run(*words, *flags, env=self.env)

    def doctor(self, check):
        """The doctor's verdict on one check."""
        findings = json.loads(self.run("doctor", "--json")[1])["findings"]
        return next((one["verdict"], one["what"]) for one in findings if one["check"] == check)

    def answered(self):
        return self.server.output().count("/.well-known/acme-challenge/")


def readiness(node):
    """The status and text of /readyz at its TLS listener, with any certificate."""
    try:
        context = ssl._create_unverified_context()
        answer = urllib.request.urlopen(f"https://127.0.0.1:{node.tls}/readyz", context=context, timeout=5)
        return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def ready(node):
    return readiness(node)[0] == 200


def issued(place):
    return Path(place.path, "pebble.log").read_text().count("Issued certificate serial")


def same_serial(nodes, root, but=None):
    """Waits until all nodes serve the same certificate; returns its serial."""
    serials = {node.serial(root) for node in nodes}
    return serials.pop() if len(serials) == 1 and not serials & {None, but} else None


def one_serial(nodes, root, but=None):
    try:
        return until(lambda: same_serial(nodes, root, but), "a certificate that all serve", 90, 0.3)
    except Failed as failed:
        raise Failed(f"{failed}: " + "\n".join(node.server.output()[-1500:] for node in nodes)) from failed


def stopped_during_an_order(place, env, pebble):
    """The node ends at once, and the next node does not have to wait for the end of its lease."""
    node = Node(place, 9, env, pebble).start()
    authority = pebble.processes[-1]
    authority.send_signal(signal.SIGSTOP)
    until(lambda: "a certificate is ordered" in node.server.output(), "an order has begun")
    begin = time.monotonic()
    same(node.server.stop(), 0)
    authority.send_signal(signal.SIGCONT)
    expect(time.monotonic() - begin < 10, time.monotonic() - begin)


def test_one_orders_and_all_serve(place):
    database = mariadb.MariaDB(place)
    env = {**database.new_database("bodega"), "SHARED_DIR": f"{place.path}/shared"}
    asked = free_port()
    pebble = Pebble(place.path, asked)
    place.processes += pebble.processes
    nodes = [Node(place, number, env, pebble) for number in range(3)]
    balancer(place, asked, [node.plain for node in nodes])
    stopped_during_an_order(place, env, pebble)
    for node in nodes:
        node.start()
    root = pebble.root()
    first = one_serial(nodes, root)
    same(issued(place), 1)
    expect(sum(node.answered() for node in nodes) >= 2 and sum(bool(node.answered()) for node in nodes) >= 2, [node.answered() for node in nodes])
    same(sum("a certificate is ordered" in node.server.output() for node in nodes), 1)

    # The keys in the catalog are encrypted, those on the disk are readable only by this user.
    same(database.sql("SELECT COUNT(*) FROM bodega.acme_secrets WHERE sealed LIKE '%KEY%' OR sealed LIKE '%CERTIFICATE%'").split()[-1], "0")
    for node in nodes:
        same(os.stat(f"{place.path}/{node.name}/certificates/pair.pem").st_mode & 0o777, 0o600)
        expect("PRIVATE" not in node.server.output())

    # A later node gets the certificate without an order, before it is ready; one with another secret reports that.
    late, stranger = Node(place, 3, env, pebble).start(), Node(place, 4, env, pebble, "another secret").start()
    until(lambda: ready(late), "the new node")
    same(late.serial(root), first)
    until(lambda: readiness(stranger)[0] == 503, "the stranger's app")
    expect("was sealed by another secret" in readiness(stranger)[1], readiness(stranger))
    same(stranger.doctor("edge.certificate")[0], "warn")
    same(stranger.doctor("edge.acme")[0], "fail")
    same(late.doctor("edge.acme")[0], "ok")
    expect("was sealed by another secret" in stranger.server.output())
    code, _, err = stranger.run("acme", "forget")
    expect(code == 1 and "is ready, so it may have the secret" in err, code, err)
    same(late.run("acme", "forget")[:2], (0, "nothing was removed: this machine's secret opens all records\n"))
    same(issued(place), 1)
    same(stranger.server.stop(), 0)

    # A node whose certificate has another's key starts, and uses the fleet's. Both are in one file, replaced in one step.
    same(late.server.stop(), 0)
    folders = [f"{place.path}/{node.name}/certificates" for node in (stranger, late)]
    same([os.listdir(folder) for folder in folders], [["pair.pem"]] * 2)
    texts = [Path(folder, "pair.pem").read_text().split("-----BEGIN CERTIFICATE-----", 1) for folder in folders]
    Path(folders[1], "pair.pem").write_text(texts[0][0] + "-----BEGIN CERTIFICATE-----" + texts[1][1])
    late.start()
    until(lambda: ready(late), "the node that died")
    same(late.serial(root), first)

    # A renewal: no node is restarted.
    database.sql("DELETE FROM bodega.acme_secrets WHERE name LIKE 'certificate%'")
    second = one_serial([*nodes, late], root, but=first)
    expect(second != first and issued(place) == 2, issued(place))
    expect(all(node.server.process.poll() is None for node in nodes))
    shows_the_app(root, late.tls)

    # The secret is lost: no node can open the records, and they are removed.
    for node in (*nodes, late):
        same(node.server.stop(), 0)
    for node in nodes:
        Path(node.secret).write_text("a new secret of this cluster")
        shutil.rmtree(f"{place.path}/{node.name}/certificates")
        node.start()
    until(lambda: [readiness(node)[0] for node in nodes] == [503] * 3, "no node is ready", 30, 0.2)
    code, out, _ = nodes[0].run("acme", "forget")
    expect(code == 0 and out.count("removed: ") == 2, code, out)
    third = one_serial(nodes, root)
    expect(third not in (first, second) and issued(place) == 3, issued(place))
    until(lambda: all(ready(node) for node in nodes), "all are ready")


def test_an_unreachable_authority_stops_no_node(place):
    pebble = type("Away", (), {"directory": f"https://127.0.0.1:{free_port()}/dir", "certificate": place.file("none.pem")})
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=x", "-keyout", os.devnull, "-out", pebble.certificate],
                   check=True, capture_output=True)
    node = Node(place, 1, {}, pebble)
    # certbot's webroot on a machine whose shared folder is its data folder: only root may write to it.
    webroot = Path(place.path, node.name, "acme")
    webroot.parent.mkdir(exist_ok=True)
    webroot.write_text("")
    node.start()
    until(lambda: "can't connect" in node.server.output(), "the line about the authority")
    same((webroot.read_text(), os.listdir(f"{place.path}/{node.name}/certificates")), ("", ["pair.pem"]))
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
