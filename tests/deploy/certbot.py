#!/usr/bin/env python3
"""certbot's webroot in the shared directory: any node answers, the embedded edge or NGINX; the certificate is from a real
authority, and a renewed one is served without a restart."""
import os
import socket
import ssl
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS / "e2e"), str(TESTS / "support")]
os.environ["BODEGA_FRONT"] = "direct"
import front
import mariadb
from bodega import BINARY, environment, expect, free_port, main, same, until
from pebble import Pebble
from trusting_browser import shown

NAME = "files.bodega.test"
HAPROXY = """\
defaults
    mode http
    timeout connect 5s
    timeout client 30s
    timeout server 30s
frontend authority
    bind 127.0.0.1:{port}
    default_backend nodes
backend nodes
    balance roundrobin
"""


def balancer(place, port, nodes):
    servers = "".join(f"    server node{number} 127.0.0.1:{node}\n" for number, node in enumerate(nodes))
    config = place.file("haproxy.cfg", HAPROXY.format(port=port) + servers)
    place.processes.append(subprocess.Popen(["haproxy", "-db", "-f", config], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))


def certbot(place, pebble, *words):
    folders = [word for name in ("config", "work", "logs") for word in (f"--{name}-dir", f"{place.path}/certbot/{name}")]
    command = ["certbot", *words, *folders, "--non-interactive", "--server", pebble.directory, "--no-verify-ssl", "--no-random-sleep-on-renew"]
    for _ in range(3):  # it gives up at the second bad nonce in a row, and its timer would have it try again
        done = subprocess.run(command, capture_output=True, text=True, timeout=240, cwd=place.path)
        if done.returncode == 0 or "badNonce" not in done.stderr:
            break
    expect(done.returncode == 0, command, done.stdout[-1000:], done.stderr[-1000:])


def serial(port, root):
    """The serial of the certificate that is served there, once its chain and its name have been verified."""
    context = ssl.create_default_context(cafile=root)
    with socket.create_connection(("127.0.0.1", port), 30) as raw, context.wrap_socket(raw, server_hostname=NAME) as stream:
        return stream.getpeercert()["serialNumber"]


class Node:
    """bodega serve by a config.toml of its own, on the shared catalog and folder."""

    def __init__(self, place, name, env, plain):
        self.place, self.name, self.env, self.plain = place, name, env, plain
        self.config = place.file(f"{name}/config.toml", f'[edge]\nlisten = ["http://127.0.0.1:{plain}"]\n')

    def start(self, *flags):
        flags = ("--config", self.config, "--node-name", self.name, "--log-access", "stdout", *flags)
        self.server = self.place.serve(*flags, env=self.env, data=self.name, log=f"log-{self.name}", edge=None, port=self.plain).ready()

    def answered(self):
        return self.server.output().count("/.well-known/acme-challenge/")


def listen_with(place, plain, tls):
    live = f"{place.path}/certbot/config/live/{NAME}"
    return ["--edge-listen", f"https://127.0.0.1:{tls}", "--edge-listen", f"http://127.0.0.1:{plain} redirect",
            "--edge-tls-certificates", f"{live}/fullchain.pem {live}/privkey.pem", "--app-public-url", f"https://{NAME}"]


def start_nginx(place, node, tls):
    """NGINX instead of the node's edge."""
    node.server.stop()
    app = free_port()
    flags = ["--node-data-dir", node.name, "--app-listen", f"127.0.0.1:{app}"]
    node.server = place.serve(*flags, env=node.env, data=node.name, log=f"log-{node.name}", edge=False, port=app).ready()
    started = front.start_nginx(BINARY, place.path, node.plain, [*listen_with(place, node.plain, tls), *flags], environment(node.env))
    place.processes.append(started)
    return started


def test_a_certificate_and_its_renewal_on_two_nodes(place):
    env = {**mariadb.MariaDB(place).new_database("bodega"), "SHARED_DIR": f"{place.path}/shared"}
    os.makedirs(f"{place.path}/shared/acme")
    asked, one, two = free_port(), Node(place, "one", env, free_port()), Node(place, "two", env, free_port())
    balancer(place, asked, [one.plain, two.plain])
    for node in (one, two):
        node.start()
    pebble = Pebble(place.path, asked)
    place.processes += pebble.processes
    certbot(place, pebble, "certonly", "--webroot", "-w", f"{place.path}/shared/acme", "-d", NAME, "--agree-tos", "-m", "ana@bodega.test", "--no-eff-email")
    expect(one.answered() and two.answered(), one.answered(), two.answered())

    # The first node's edge speaks TLS from a reload on; the second one gets an NGINX.
    tls = [free_port(), free_port()]
    live = f"{place.path}/certbot/config/live/{NAME}"
    place.file("one/config.toml", f'''[edge]
listen = ["http://127.0.0.1:{one.plain} redirect", "https://127.0.0.1:{tls[0]}"]
[edge.tls]
certificates = ["{live}/fullchain.pem {live}/privkey.pem"]
certificates_check = "1s"
''')
    one.server.process.send_signal(1)
    until(lambda: reloaded(one), "the reload")
    nginx = start_nginx(place, two, tls[1])
    root = pebble.root()
    first = serial(tls[0], root)
    same(until(lambda: reachable(tls[1]) and serial(tls[1], root), "NGINX"), first)

    before = one.answered()
    certbot(place, pebble, "renew", "--force-renewal", "--deploy-hook", f"kill -HUP {nginx.pid}")
    for port in tls:
        until(lambda: serial(port, root) != first, "the renewed certificate")
    same(serial(tls[0], root), serial(tls[1], root))
    expect(one.answered() > before, before)
    expect("/.well-known/acme-challenge/" in Path(place.path, f"nginx-access-{two.plain}.log").read_text())
    expect(one.server.process.poll() is None and nginx.poll() is None)
    for port in tls:
        shows_the_app(root, port)


def shows_the_app(root, port):
    """In a browser that trusts that authority, and in no other."""
    address = f"127.0.0.1:{port}"
    page = shown(f"https://{NAME}/", root, address)
    expect("bodega</title>" in page, page[:300])
    expect("bodega</title>" not in shown(f"https://{NAME}/", None, address), "nobody vouches for it")


def reloaded(node):
    said = node.server.output()
    expect("the old one stays in use" not in said, said[-400:])
    return "configuration reloaded" in said


def reachable(port):
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
        return True
    except OSError:
        return False


if __name__ == "__main__":
    main()
