#!/usr/bin/env python3
"""The binary needs only the kernel: it runs in a chroot with nothing else.

There it prints its version, resolves names by hosts and by DNS, connects to MariaDB and, with caching_sha2_password, to a
stub of MySQL 8.4, and serves.
"""
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from checks import check, finish, skip
from mariadbd import Mariadb
from stub_servers import Dns, Mysql

BINARY = os.environ["BODEGA"]
MOST_BYTES = 16 << 20
DNS_ADDRESS = "127.0.0.77"


class Cell:
    """A root folder with only the binary and the given files."""

    def __init__(self, files):
        self.root = tempfile.mkdtemp(prefix="cell-")
        shutil.copy2(BINARY, self.root + "/bodega")
        for name, text in files.items():
            path = Path(self.root, name)
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)

    def command(self, arguments):
        enter = ["chroot", self.root] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--root=" + self.root]
        return [*enter, "/bodega", *arguments]

    def environment(self, more):
        return {"PATH": os.environ["PATH"] + ":/usr/sbin", **more}

    def run(self, *arguments, **more):
        return subprocess.run(self.command(arguments), env=self.environment(more), capture_output=True, text=True, timeout=60)

    def start(self, *arguments):
        return subprocess.Popen(self.command(arguments), env=self.environment({}), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def answer(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as got:
            return got.status, got.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()
    except OSError as away:
        return 0, str(away).encode()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def check_file():
    said = subprocess.run(["ldd", BINARY], capture_output=True, text=True)
    check("ldd finds nothing to link", "statically linked" in said.stdout or "not a dynamic" in said.stderr, said)
    headers = subprocess.run(["readelf", "-lW", BINARY], capture_output=True, text=True).stdout
    check("the binary needs no loader", "INTERP" not in headers, headers)
    check("the binary's stack is not executable", re.search(r"GNU_STACK.* RW +0x", headers), headers)
    with open(BINARY, "rb") as file:
        check("an index beyond the end of a vector ends the process", b"__n < this->size()" in file.read())
    dynamic = subprocess.run(["readelf", "-dW", BINARY], capture_output=True, text=True).stdout
    check("the binary is position-independent, with all symbols bound at start", "PIE" in dynamic and "NOW" in dynamic, dynamic)
    check("the binary is under 16 MiB", os.path.getsize(BINARY) < MOST_BYTES, os.path.getsize(BINARY))


def check_version():
    done = Cell({}).run("version")
    check("the binary prints its version", done.returncode == 0 and re.search(r"bodega \d+\.\d+\.\d+ .*[0-9a-f]{12}", done.stdout), done)


def check_mariadb():
    cell = Cell({"etc/hosts": "127.0.0.1 catalog.test\n"})
    with Mariadb() as server:
        server.database("bodega")
        url = f"mysql://bodega@catalog.test:{server.port}/bodega"
        done = cell.run("migrate", "--database-url", url, DB_PASSWORD=server.password)
        check("a name of /etc/hosts is resolved, and MariaDB signed in to", done.returncode == 0, done)
        done = cell.run("migrate", "--database-url", url, DB_PASSWORD="wrong")
        check("a wrong password is a configuration error", done.returncode == 2, done)


def check_mysql():
    server = Mysql("a pass phrase")
    cell = Cell({"etc/hosts": "127.0.0.1 catalog.test\n"})
    url = f"mysql://bodega@catalog.test:{server.port}/bodega"
    done = cell.run("migrate", "--database-url", url, DB_PASSWORD=server.password.decode())
    check("caching_sha2_password is in the binary, and signs in", server.signed_in.is_set(), done)
    check("a database that closes the connection is an error", done.returncode == 1, done)


def check_dns():
    try:
        dns = Dns(DNS_ADDRESS)
    except PermissionError:
        skip("a name is resolved by DNS", "only root may answer on port 53")
        return
    cell = Cell({"etc/resolv.conf": f"nameserver {DNS_ADDRESS}\n"})
    done = cell.run("migrate", "--database-url", f"mysql://bodega@catalog.example:{free_port()}/bodega", DB_PASSWORD="x")
    check("a name is queried by DNS", "catalog.example" in dns.asked, done)
    check("the resolved address is used", done.returncode == 1 and "2005" not in done.stderr, done)


def check_serve():
    port = free_port()
    server = Cell({}).start("serve", "--edge-listen", f"http://127.0.0.1:{port}")
    try:
        url = f"http://127.0.0.1:{port}"
        end = time.monotonic() + 20
        while answer(url + "/readyz")[0] != 200 and server.poll() is None and time.monotonic() < end:
            time.sleep(0.05)
        check("the server becomes ready", answer(url + "/readyz")[0] == 200, answer(url + "/readyz"))
        check("the server answers /livez", answer(url + "/livez")[0] == 200, answer(url + "/livez"))
        check("the server serves the web app", b"<!doctype html>" in answer(url + "/")[1].lower(), answer(url + "/"))
        check("the server refuses a caller without credentials", answer(url + "/api/v1/session")[0] == 401, answer(url + "/api/v1/session"))
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            status = server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            status = "killed"
        said = server.stdout.read().decode(errors="replace")
    check("the server ends on SIGTERM", status == 0, (status, said))


def main():
    if os.environ.get("BODEGA_SANITIZER"):
        skip("the binary is static", "a binary with sanitizers is not")
        finish()
    check_file()
    check_version()
    check_mariadb()
    check_mysql()
    check_dns()
    check_serve()
    finish()


if __name__ == "__main__":
    main()
