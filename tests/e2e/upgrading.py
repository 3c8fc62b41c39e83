#!/usr/bin/env python3
"""A new binary takes over under load, by SIGUSR2 and by socket activation, and no request fails."""
import contextlib
import ctypes
import fcntl
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time

import bodega
import mariadb
from bodega import Client, environment, expect, free_port, main, same, until

PR_SET_CHILD_SUBREAPER = 36
# Orphaned children of a server become children of this process, so that it can wait for them.
ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


class Successor:
    """A process that another one started."""

    def __init__(self, place, pid):
        self.pid, self.code = pid, None
        place.processes.append(self)

    def poll(self):
        if self.code is None:
            with contextlib.suppress(ChildProcessError):
                pid, status = os.waitpid(self.pid, os.WNOHANG)
                self.code = os.waitstatus_to_exitcode(status) if pid else None
        return self.code

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)

    def wait(self, limit=bodega.PATIENCE):
        until(lambda: self.poll() is not None, "its end", limit)
        return self.code


def parent_of(pid):
    with open(f"/proc/{pid}/stat") as file:
        return int(file.read().rpartition(")")[2].split()[1])


class Load:
    """Clients that send requests without pause, some on kept connections, some on a new one each time. Every incomplete answer
    is a failure; nothing is retried."""

    def __init__(self, client, paths):
        self.client, self.over, self.failures, self.answered = client, False, [], 0
        self.threads = [threading.Thread(target=self.run, args=(path, kept)) for path in paths for kept in (True, True, False)]
        self.threads.append(threading.Thread(target=self.upload))
        for thread in self.threads:
            thread.start()

    def run(self, path, kept):
        connection, wanted = None, None
        while not self.over:
            try:
                connection = connection or http.client.HTTPConnection(self.client.url.netloc, timeout=30)
                connection.request("GET", path, headers=self.client.headers())
                answer = connection.getresponse()
                body = answer.read()
                wanted = wanted if wanted is not None else body
                if answer.status != 200 or (body != wanted and "children" not in path):
                    self.failures.append((path, answer.status, body[:200]))
            except Exception as error:
                self.failures.append((path, kept, repr(error)))
                return
            self.answered += 1
            if answer.will_close or not kept:
                connection.close()
                connection = None
        if connection:
            connection.close()

    def upload(self):
        root, number = self.client.root(), 0
        while not self.over:
            number += 1
            try:
                self.client.put(root, f"file {number}", os.urandom(30_000))
            except Exception as error:
                self.failures.append(("upload", repr(error)))
                return
            time.sleep(0.02)

    def end(self):
        self.over = True
        for thread in self.threads:
            thread.join(30)
        expect(not self.failures, len(self.failures), self.failures[:5], self.answered)
        expect(self.answered > 100, self.answered)


def loaded(client):
    small = client.put(client.root(), "small", os.urandom(10_000))
    large = client.put(client.root(), "large", os.urandom(4 << 20))
    content = [f"/api/v1/entries/{entry['id']}/content" for entry in (small, large)]
    return Load(client, [*content, f"/api/v1/entries/{client.root()}/children", "/livez"])


@contextlib.contextmanager
def binary_in(place):
    """Gives the server its own copy of the binary."""
    before, path = bodega.BINARY, f"{place.path}/bin/bodega"
    os.mkdir(os.path.dirname(path))
    shutil.copy(before, path)
    bodega.BINARY = path
    try:
        yield path
    finally:
        bodega.BINARY = before


def replace_binary(path):
    shutil.copy(path, path + ".new")
    os.rename(path + ".new", path)
    return os.stat(path).st_ino


def test_a_new_binary_takes_over_under_load(place):
    admin = f"http://127.0.0.1:{free_port()}"
    with binary_in(place) as path:
        server = place.serve("--edge-admin-listen", admin, "--app-listen", f"{place.path}/app.sock").ready()
        client = server.set_up()
        load = loaded(client)
        time.sleep(0.5)
        inode = replace_binary(path)
        server.process.send_signal(signal.SIGUSR2)
        found = until(lambda: re.search(r"ready: finishing the requests in flight here process=(\d+)", server.output()), "a successor")
        successor = Successor(place, int(found[1]))
        same(parent_of(successor.pid), os.getpid())
        same(Client(admin)("GET", "/readyz")[0], 200)
        same(server.process.wait(30), 0)
        time.sleep(0.5)
        load.end()
        same(os.stat(f"/proc/{successor.pid}/exe").st_ino, inode)
        same(client("GET", "/api/v1/session")[0], 200)
        expect("bodega_build_info" in Client(admin)("GET", "/metrics")[2].decode())
        with socket.socket(socket.AF_UNIX) as app:
            app.connect(f"{place.path}/app.sock")
        # Once more: what has taken over can be replaced as well.
        os.kill(successor.pid, signal.SIGUSR2)
        again = until(lambda: re.findall(r"requests in flight here process=(\d+)", server.output())[1:], "a second successor")
        second = Successor(place, int(again[0]))
        same(successor.wait(), 0)
        same(client("GET", "/api/v1/session")[0], 200)
        os.kill(second.pid, signal.SIGTERM)
        same(second.wait(), 0)
        expect("cut off" not in server.output(), server.output())


def test_a_new_binary_that_fails_changes_nothing(place):
    with binary_in(place) as path:
        config = place.file("config.toml", "")
        server = place.serve("--node-upgrade-limit", "2s").ready()
        client = server.set_up()
        load = loaded(client)
        with open(config, "w") as file:
            file.write("nonsense")
        server.process.send_signal(signal.SIGUSR2)
        until(lambda: re.search(r'ended before it was ready.* why="[^"]*config.toml', server.output()), "a line that says why")
        os.remove(config)
        os.rename(path, path + ".old")
        with open(path, "w") as file:
            file.write("#!/bin/sh\nsleep 60\n")
        os.chmod(path, 0o755)
        server.process.send_signal(signal.SIGUSR2)
        until(lambda: "was not ready within" in server.output(), "a line about the limit")
        os.remove(path)
        os.mkdir(path)
        server.process.send_signal(signal.SIGUSR2)
        until(lambda: 'why="Permission denied"' in server.output() or "could not start a new process" in server.output(), "a line about the file")
        load.end()
        same(client("GET", "/api/v1/session")[0], 200)
        same(server.stop(), 0)


def still_serves(server, client, app_socket):
    """New connections, to the edge and to the app's own socket, are answered at once."""
    for _ in range(5):
        same(client("GET", "/api/v1/session", timeout=2)[0], 200)
    with socket.socket(socket.AF_UNIX) as app:
        app.settimeout(2)
        app.connect(app_socket)
        app.sendall(b"GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n")
        expect(app.recv(100).startswith(b"HTTP/1.1 200"))
    same(server.process.poll(), None)


def slow_at(path, thread):
    """Runs the binary at `path` and stops it for two seconds at its n-th thread; each step of the start makes some."""
    with open(path + ".new", "w") as file:
        file.write(f"#!/bin/sh\nexec strace -D -f -o /dev/null -e trace=clone3 -e inject=clone3:delay_enter=2000000:when={thread} {path}.real \"$@\"\n")
    os.chmod(path + ".new", 0o755)
    os.rename(path + ".new", path)


def refused_upgrade(place, server, client, app_socket):
    """Asks the new process to end while it starts, and lets it continue. False: it was ready before."""
    before = len(server.output())
    server.process.send_signal(signal.SIGUSR2)
    found = until(lambda: re.search(r"starting a new process to take over.* process=(\d+)", server.output()[before:]), "a new process")
    successor = Successor(place, int(found[1]))
    until(lambda: "was not ready within" in server.output()[before:] or "is ready: finishing" in server.output()[before:], "an end")
    if "is ready: finishing" in server.output()[before:]:
        os.kill(successor.pid, signal.SIGTERM)
        return False
    expect(successor.wait(20) in (0, 1, -signal.SIGTERM), successor.code)
    still_serves(server, client, app_socket)
    return True


def test_a_refused_upgrade_loses_nothing(place):
    app_socket = f"{place.path}/app.sock"
    with binary_in(place) as path:
        server = place.serve("--node-upgrade-limit", "1s", "--app-listen", app_socket).ready()
        client = server.set_up()
        os.rename(path, path + ".real")
        for thread in range(1, 100):
            slow_at(path, thread)
            if not refused_upgrade(place, server, client, app_socket):
                break
        expect(thread > 5, "the new process was ready too soon", thread)


def test_a_new_binary_whose_database_is_away_is_refused(place):
    app_socket = f"{place.path}/app.sock"
    database = mariadb.MariaDB(place)
    env = database.new_database("one") | {"BODEGA_DATABASE_START_WAIT": "60s"}
    server = place.serve("--node-upgrade-limit", "1s", "--app-listen", app_socket, env=env).ready()
    client = server.set_up()
    database.process.send_signal(signal.SIGSTOP)
    server.process.send_signal(signal.SIGUSR2)
    until(lambda: "was not ready within" in server.output(), "a line about the limit")
    database.process.send_signal(signal.SIGCONT)
    # It is asked to end now, and its database is back: either may be noticed first.
    time.sleep(6)
    still_serves(server, client, app_socket)
    server.process.send_signal(signal.SIGUSR2)
    until(lambda: "is ready: finishing the requests in flight here" in server.output(), "an upgrade that is taken")
    pid = int(re.search(r"requests in flight here process=(\d+)", server.output())[1])
    successor = Successor(place, pid)
    same(server.process.wait(30), 0)
    same(client("GET", "/api/v1/session")[0], 200)
    expect(os.path.exists(app_socket))
    os.kill(pid, signal.SIGTERM)
    same(successor.wait(), 0)
    expect(not os.path.exists(app_socket), "the socket's file is removed with the last one")


def test_a_stop_while_the_new_binary_starts(place):
    with binary_in(place) as path:
        server = place.serve().ready()
        os.rename(path, path + ".old")
        with open(path, "w") as file:
            file.write(f"#!/bin/sh\necho $$ > {place.path}/pid\nexec sleep 60\n")
        os.chmod(path, 0o755)
        server.process.send_signal(signal.SIGUSR2)
        until(lambda: os.path.exists(f"{place.path}/pid") and open(f"{place.path}/pid").read().strip(), "the new process")
        successor = Successor(place, int(open(f"{place.path}/pid").read()))
        same(server.stop(), 0)
        same(successor.poll(), -signal.SIGTERM)


# With the time that drain_delay, drain_limit and the end itself may take.
STOPPING = "STOPPING=1\nEXTEND_TIMEOUT_USEC=40000000"


class Activated:
    """A bodega that is started as systemd does it: with the listening sockets, and a socket to be notified on."""

    def __init__(self, place, sockets, url, log):
        self.notified = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        address = f"{place.path}/notify-{log}"
        self.notified.bind(address)
        self.notified.settimeout(bodega.PATIENCE)
        self.log = f"{place.path}/{log}"
        # Out of the way of 3 and on, where they have to be. LISTEN_PID is the process's own id, which the shell knows.
        keep = [fcntl.fcntl(s.fileno(), fcntl.F_DUPFD, 100) for s in sockets]
        moves = " ".join(f"{3 + i}<&{fd} {fd}<&-" for i, fd in enumerate(keep))
        script = f'export LISTEN_PID=$$ LISTEN_FDS={len(sockets)}; exec "$@" {moves}'
        command = ["bash", "-c", script, "bash", bodega.BINARY, "serve", "--edge-listen", url, "--node-data-dir", "bodega-data"]
        env = environment({"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "600000"})
        with open(self.log, "ab") as out:
            self.process = subprocess.Popen(command, cwd=place.path, env=env, stdin=subprocess.DEVNULL, stdout=out,
                                            stderr=out, pass_fds=keep)
        for fd in keep:
            os.close(fd)
        place.processes.append(self.process)

    def next(self):
        while (message := self.notified.recv(4096).decode()) == "WATCHDOG=1":
            pass
        return message

    def told(self, wanted):
        if wanted != "WATCHDOG=1":
            return same(self.next(), wanted)
        while self.notified.recv(4096).decode() != wanted:
            pass

    def output(self):
        with open(self.log) as file:
            return file.read()


def test_systemd_adopts_the_new_process(place):
    """systemd does not wait, at a stop, for a main process that is not its child."""
    with socket.create_server(("127.0.0.1", 0)) as kept:
        first = Activated(place, [kept], f"http://127.0.0.1:{kept.getsockname()[1]}", "first")
        first.told("READY=1")
        first.process.send_signal(signal.SIGUSR2)
        first.told("READY=1")
        pid = int(re.fullmatch(r"MAINPID=(\d+)", first.next())[1])
        same(parent_of(pid), os.getpid())
        successor = Successor(place, pid)
        same(first.process.wait(30), 0)
        os.kill(pid, signal.SIGTERM)
        first.told(STOPPING)
        same(successor.wait(), 0)


def test_socket_activation(place):
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as kept, socket.create_server(("127.0.0.1", 0)) as unused:
        url = f"http://127.0.0.1:{kept.getsockname()[1]}"
        first = Activated(place, [unused, kept], url, "first")
        first.told("READY=1")
        expect("that no listener uses" in first.output() and str(unused.getsockname()[1]) in first.output(), first.output())
        first.told("WATCHDOG=1")
        token = re.search(r"/setup\S*token=([\w.~-]+)", until(lambda: "/setup" in first.output() and first.output(), "a URL"))[1]
        client = Client(url)
        body = {"token": token, "username": "ana", "password": bodega.PASSWORD}
        same(client("POST", "/api/v1/setup", body)[0], 201)
        load = loaded(client)
        time.sleep(0.3)
        # A restart: connections between the two processes wait in the socket, which this test keeps open.
        first.process.send_signal(signal.SIGTERM)
        first.told(STOPPING)
        same(first.process.wait(30), 0)
        second = Activated(place, [kept], url, "second")
        second.told("READY=1")
        time.sleep(0.3)
        load.end()
        second.process.send_signal(signal.SIGTERM)
        same(second.process.wait(30), 0)


if __name__ == "__main__":
    main()
