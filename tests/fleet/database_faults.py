#!/usr/bin/env python3
"""Two nodes on a MariaDB that fails in each way that a failover has: calls answer 503 with Retry-After within 2 s or
wait and succeed, no node ends, nothing is lost or written twice, and service is back within 5 s of the database.

BODEGA_OUTAGE=60 makes the longest outages last as long as a failover's may; otherwise they are short.

alone: calls are held to two seconds
"""
import atexit
import base64
import copy
import hashlib
import http.client
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / folder) for folder in ("e2e", "support")]
import mariadb  # noqa: E402
from bodega import PATIENCE, Client, Place, Server, Skipped, expect, main, same, until  # noqa: E402
from fault_proxy import FaultProxy  # noqa: E402
from mariadbd import Mariadb  # noqa: E402
from traffic import Caller, Traffic  # noqa: E402
from uploading import begin_part, create  # noqa: E402

SLOW = PATIENCE / 30  # what sanitizers cost
OUTAGE = float(os.environ.get("BODEGA_OUTAGE", "3"))
REFUSED_WITHIN = 2 * SLOW + 0.3  # as a client on the same, busy machine measures it
BACK_WITHIN = 5 * SLOW


class Site:
    """The database, a fault proxy before it, and two nodes behind that one. Made once."""

    made, runs = None, 0

    def __init__(self):
        self.place = Place()
        self.database = Mariadb()
        self.database.__enter__()
        self.proxy = FaultProxy(self.database.port)
        atexit.register(self.close)
        self.database.database("bodega")
        self.env = {"DB_HOST": "127.0.0.1", "DB_PORT": str(self.proxy.port), "DB_NAME": "bodega", "DB_USER": "bodega", "DB_PASSWORD": Mariadb.password}
        self.nodes = [self.node(n) for n in (1, 2)]
        self.client = self.nodes[0].ready().set_up()
        self.nodes[1].ready()

    @classmethod
    def get(cls):
        cls.made = cls.made or cls()
        return cls.made

    def node(self, number, prefix=(), **more):
        return Server(self.place, "--node-name", f"node{number}", "--node-shared-dir", f"{self.place.path}/shared", "--files-versions-keep", "1000",
                      data=f"data{number}", log=f"log{number}", env={**self.env, **more}, prefix=prefix)

    def close(self):
        self.place.__exit__()
        self.proxy.close()
        self.database.__exit__()

    def traffic(self):
        Site.runs += 1
        return Traffic([node.url for node in self.nodes], self.client, f"run {Site.runs}")

    def answers(self):
        return self.database.run("SELECT 1", check=False).returncode == 0


def lives(site):
    for node in site.nodes:
        same(node.process.poll(), None)
        for path in ("/livez", "/readyz"):
            began = time.monotonic()
            same((path, Client(node.url)("GET", path)[0]), (path, 200))
            expect(time.monotonic() - began < REFUSED_WITHIN, path, time.monotonic() - began)


def weather(fault, site=None):
    """Runs traffic before, during and after the fault. fault(site) returns when the database is back."""
    site = site or Site.get()
    with site.traffic() as traffic:
        until(lambda: traffic.well_since(traffic.began), "well before the fault", BACK_WITHIN)
        fault(site)
        back = time.monotonic()
        well = until(lambda: traffic.well_since(back), "service is back", 20 * SLOW, 0.05)
        lives(site)
    bad = traffic.complaints(REFUSED_WITHIN)
    expect(not bad, len(bad), "of", len(traffic.answers()), bad[:5])
    expect(well - back < BACK_WITHIN, "back after", well - back)
    same(traffic.losses(), [])
    return traffic


def refused(traffic):
    return [a for a in traffic.answers() if not a.ok]


def during(site, seconds):
    """Lets a fault last; meanwhile the nodes run, and answer every request."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        lives(site)
        for node in site.nodes:
            answer = Caller(node.url, site.client.cookie)("GET", "/api/v1/spaces")
            expect((answer.ok or answer.shed) and answer.seconds < REFUSED_WITHIN, answer)
        time.sleep(0.2)


def kill_sessions(site, then=""):
    listed = site.database.run("SELECT CONCAT('KILL ', id, ';') FROM information_schema.processlist WHERE user = 'bodega'").stdout
    site.database.run("\n".join([*listed.splitlines()[1:], then or "SELECT 1"]), check=False)


def test_connections_that_are_killed(_):
    def fault(site):
        end = time.monotonic() + 2
        while time.monotonic() < end:
            kill_sessions(site)
            time.sleep(0.2)

    same(refused(weather(fault)), [])  # a killed connection is no reason to refuse anything


def restart(site, number, away):
    site.database.stop(number)
    during(site, away)
    site.database.start()


def test_a_server_that_is_restarted(_):
    weather(lambda site: restart(site, signal.SIGTERM, 0))


def test_a_server_that_is_killed_and_stays_away(_):
    weather(lambda site: restart(site, signal.SIGKILL, OUTAGE))


def test_a_server_that_is_read_only(_):
    def fault(site):
        # Sign-ins that were used long ago are stamped by their next call, which is to go on without.
        site.database.run("UPDATE bodega.sessions SET last_seen_at = last_seen_at - 3600000; SET GLOBAL read_only = 1")
        during(site, OUTAGE)
        site.database.run("SET GLOBAL read_only = 0")

    bad = refused(weather(fault))
    expect(bad and not [a for a in bad if a.what in ("list", "read")], bad[:5])


def test_a_network_that_refuses(_):
    def fault(site):
        site.proxy.refuse()
        during(site, 3)
        site.proxy.admit()

    weather(fault)


def test_a_silent_network(_):
    def fault(site):
        site.proxy.stall()
        during(site, OUTAGE)
        site.proxy.cut()
        site.proxy.flow()

    weather(fault)


def test_a_database_name_with_a_new_address(_):
    if os.geteuid() != 0:
        return  # only root may have a private /etc/hosts
    site = copy.copy(Site.get())
    site.proxy = FaultProxy(site.database.port)
    successor = FaultProxy(site.database.port, "127.0.0.2", site.proxy.port)
    hosts = site.place.file("hosts", "127.0.0.1 catalog.test\n")
    prefix = ("unshare", "--mount", "sh", "-c", f'mount --bind {hosts} /etc/hosts && exec "$0" "$@"')
    site.nodes = [site.node(3, prefix, DB_HOST="catalog.test", DB_PORT=str(site.proxy.port)).ready()]

    def fault(site):
        site.proxy.stall()  # the machine is gone, without closing its connections
        during(site, 1)
        site.place.file("hosts", "127.0.0.2 catalog.test\n")

    weather(fault, site)
    expect(successor.links, "connections to the new address")
    same(site.nodes[0].stop(), 0)
    for proxy in (site.proxy, successor):
        proxy.close()


def test_too_many_connections(_):
    def fault(site):
        kill_sessions(site, "SET GLOBAL max_connections = 10")
        during(site, 3)
        site.database.run("SET GLOBAL max_connections = 151")

    weather(fault)


class SmallDisk:
    """A disk for a server's binary log, without which no transaction commits."""

    def __init__(self, place):
        if os.geteuid() != 0:
            raise Skipped("only root can mount a small disk")
        self.path = f"{place.path}/small"
        os.makedirs(self.path)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", self.path], check=True)
        place.closing.append(self)

    def close(self):
        subprocess.run(["umount", "--lazy", self.path], check=False)

    def fill(self):
        found = os.statvfs(self.path)
        with open(f"{self.path}/others", "wb") as file:
            os.posix_fallocate(file.fileno(), 0, found.f_bavail * found.f_frsize)

    def empty(self):
        os.remove(f"{self.path}/others")


def test_a_database_whose_disk_is_full(place):
    writes_wait_for_room(place, mariadb.MariaDB)


def test_a_mysql9_whose_disk_is_full(place):
    if not mariadb.MySQL9.is_there():
        raise Skipped("MySQL 9 could not be had from Debian's unstable suite")
    writes_wait_for_room(place, mariadb.MySQL9)


def writes_wait_for_room(place, kind):
    """The server answers queries, and delays each COMMIT until there is room."""
    disk = SmallDisk(place)
    database = kind(place, options=[f"--log-bin={disk.path}/bin", "--server-id=1", "--binlog-format=ROW"])
    env = database.new_database("bodega")
    server = place.serve(env=env).ready()
    ana = server.set_up()
    root = ana.root()

    def timed(method, path, body=None):
        began = time.monotonic()
        status, headers, _ = ana(method, path, body)
        took = time.monotonic() - began
        expect(took < REFUSED_WITHIN, method, path, status, took)
        expect(status < 400 or (status == 503 and headers.get("retry-after", "").isdigit()), method, path, status, headers)
        return status

    def put(name):
        return timed("PUT", f"/api/v1/entries/{root}/files/{name}", name.encode())

    def is_refused():
        return put(f"file {time.monotonic()}".replace(" ", "-")) == 503

    same(put("before"), 201)
    disk.fill()
    until(is_refused, "a write that the server does not complete", 30)
    end = time.monotonic() + OUTAGE
    while time.monotonic() < end:
        put("during")
        same(timed("GET", f"/api/v1/entries/{root}/children"), 200)
        same(Client(server.url)("GET", "/readyz")[0], 200)
    sessions = int(database.query("SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'bodega'").stdout)
    expect(sessions < 30, "sessions", sessions)
    # The server looks for room once a minute: an operator would not wait for that.
    disk.empty()
    database.process.kill()
    database.process.wait()
    database.start()
    until(lambda: put("after") in (200, 201), "writes are taken again", BACK_WITHIN, 0.1)
    names = {entry["name"] for entry in ana("GET", f"/api/v1/entries/{root}/children")[2]["items"]}
    expect({"before", "after"} <= names, names)
    same(place.run("fsck", "--node-data-dir", "bodega-data", env=env)[0], 0)
    same(server.stop(), 0)


def test_a_renewal_that_the_database_refuses(_):
    """A part with a checksum is on the disk only at its end. While its lease can't be renewed, no other writer gets it, and the
    part continues once the database renews the lease."""
    site = Site.get()
    data = os.urandom(4 << 20)
    where = create(site.client, site.client.root(), "renewed", data)
    check = base64.b64encode(hashlib.sha256(data).digest()).decode()
    held = "SELECT COUNT(*) FROM bodega.uploads WHERE holder IS NOT NULL AND lease_until > 0 AND moves_to IS NULL"
    rule = site.proxy.on_sql("UPDATE uploads SET lease_until = ", 1290)
    connection = begin_part(site.client, where, 0, len(data), data[: 3 << 20], {"Upload-Checksum": f"sha256 {check}"})
    until(lambda: rule.struck > 0, "a renewal is refused", 20 * SLOW)
    time.sleep(3 * SLOW)  # longer than it is tried in one transaction
    same(site.database.run(held).stdout.split()[-1], "1")
    site.proxy.forget(rule)
    connection.sendall(data[3 << 20:])
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    connection.close()
    same(answer.status, 204)
    other = Client(site.nodes[1].url)
    other.cookie = site.client.cookie
    same(other("GET", f"/api/v1/entries/{answer.headers['Bodega-Entry-Id']}/content")[2] == data, True)


def test_deadlocks_and_lock_waits(_):
    def fault(site):
        rules = [site.proxy.on_statement(number, 25) for number in (1213, 1205)]
        until(lambda: all(rule.struck == 25 for rule in rules), "all are injected")

    same(refused(weather(fault)), [])


def test_lost_during_commit(_):
    def fault(site):
        rules = [site.proxy.on_commit(act, 15) for act in ("before", "after")]
        until(lambda: all(rule.struck == 15 for rule in rules), "all are cut")

    weather(fault)


if __name__ == "__main__":
    main()
