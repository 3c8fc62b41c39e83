#!/usr/bin/env python3
"""Starting and stopping: set-up, unattended starts, two at once on an empty catalog, a database that is late."""
import os
import re
import shutil
import signal
import socket
import urllib.parse

import mariadb
from bodega import PASSWORD, Client, expect, free_port, main, same, until


def tree_of(place):
    return {os.path.relpath(os.path.join(d, f), place.path) for d, _, files in os.walk(place.path) for f in files}


def test_the_first_start_prints_a_set_up_url_once(place):
    server = place.serve().ready()
    server.setup_token()
    expect(f"bodega listens on {server.url}\n" in server.output(), server.output())
    expect(f"{server.url}/setup#token=" in server.output(), server.output())
    client = server.set_up("ana")
    expect(client("GET", "/api/v1/session")[2]["user"]["role"] == "admin")
    same(Client(server.url)("POST", "/api/v1/setup", {"token": "x", "username": "b", "password": PASSWORD})[0] in (403, 410), True)
    same(server.stop(), 0)
    again = place.serve(log="log2").ready()
    expect("/setup" not in again.output(), again.output())
    Client(again.url).sign_in("ana")


def test_what_a_start_leaves_on_the_disk(place):
    server = place.serve().ready()
    same(os.stat(f"{place.path}/bodega-data").st_mode & 0o777, 0o750)
    same(os.stat(f"{place.path}/bodega-data/bodega.db").st_mode & 0o777, 0o600)
    same(server.stop(), 0)
    left = {f for f in tree_of(place) if f != "log" and "/." not in f}
    marks = {f for f in left if f.startswith("bodega-data/generation/")}
    same((len(marks), left - marks), (1, {"bodega-data/bodega.db", "bodega-data/bodega.db-reserve", "bodega-data/bodega.json"}))


def test_a_deep_data_folder(place):
    server = place.serve(data="d" * 90 + "/" + "e" * 90).ready()
    server.set_up()
    same(server.stop(), 0)


def test_an_unattended_start(place):
    secret = place.file("admin-password", PASSWORD + "\n")
    env = {"BODEGA_ADMIN_USER": "root", "BODEGA_ADMIN_PASSWORD_FILE": secret}
    server = place.serve(env=env).ready()
    client = Client(server.url).sign_in("root")
    same(client("GET", "/api/v1/session")[2]["user"]["role"], "admin")
    expect("/setup" not in server.output() and PASSWORD not in server.output(), server.output())
    same(server.stop(), 0)
    os.remove(secret)
    Client(place.serve(env=env, log="log2").ready().url).sign_in("root")


def test_an_unattended_start_with_a_bad_password(place):
    for content, why in (("short", "accounts.admin_user can't be created: "), ("", "could not read")):
        secret = place.file("admin-password", content)
        env = {"BODEGA_ADMIN_USER": "root", "BODEGA_ADMIN_PASSWORD_FILE": secret}
        code, out, err = place.run("serve", "--edge-listen", "http://127.0.0.1:0", env=env)
        line = err.strip().split("\n")[-1]
        expect(code == 2 and why in line and line.startswith("bodega: "), code, out, err)


def two_at_once(place, env, secret):
    env = {**env, "BODEGA_ADMIN_USER": "root", "BODEGA_ADMIN_PASSWORD_FILE": secret}
    servers = [place.serve(env=env, log=f"log{i}") for i in range(2)]
    for server in servers:
        Client(server.ready().url).sign_in("root")
    clients = [Client(server.url).sign_in("root") for server in servers]
    root = clients[0].root()
    made = clients[0].put(root, "from the first", b"bytes")
    status, _, body = clients[1]("GET", f"/api/v1/entries/{made['id']}/content")
    same((status, body), (200, b"bytes"))
    nodes = until(lambda: len(clients[0]("GET", "/api/v1/nodes")[2]["items"]) == 2, "both nodes are listed")
    expect(nodes)
    for server in servers:
        same(server.stop(), 0)


def test_two_at_once_on_an_empty_sqlite(place):
    two_at_once(place, {}, place.file("admin-password", PASSWORD))


def test_two_at_once_on_an_empty_mariadb(place):
    database = mariadb.MariaDB(place)
    secret = place.file("admin-password", PASSWORD)
    for number in range(3):
        two_at_once(place, database.new_database(f"bodega{number}"), secret)
        shutil.rmtree(f"{place.path}/bodega-data")  # which belongs to that catalog


def test_a_database_that_starts_late(place):
    database = mariadb.MariaDB(place)
    env = database.new_database("bodega")
    database.stop()
    server = place.serve(env=env)
    until(lambda: "the database can't be reached yet" in server.output(), "a line that says so")
    same(Client(server.url)("GET", "/livez")[0], 200)
    expect(Client(server.url)("GET", "/readyz")[0] in (502, 503))
    database.start()
    server.ready()
    same(server.output().count("can't be reached yet"), 1)
    expect(env["DB_PASSWORD"] not in server.output(), server.output())
    server.set_up()
    same(server.stop(), 0)


def test_a_database_that_never_starts(place):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound, and nobody listens
        env = {"DB_HOST": "127.0.0.1", "DB_PORT": str(closed.getsockname()[1]), "DB_PASSWORD": "hunter2"}
        server = place.serve("--database-start-wait", "2s", env=env)
        same(server.process.wait(30), 1)
        output = server.output()
        expect("bodega: " in output.strip().split("\n")[-1] and "hunter2" not in output, output)
        waiting = place.serve(env=env, log="log2")
        until(lambda: "can't be reached yet" in waiting.output(), "waiting")
        same(waiting.stop(), 0)


def test_a_refused_password_is_reported_at_once(place):
    database = mariadb.MariaDB(place)
    env = {**database.new_database("bodega"), "DB_PASSWORD": "hunter2"}
    code, _, err = place.run("serve", "--edge-listen", "http://127.0.0.1:0", env=env)
    expect(code == 2 and "hunter2" not in err and err.strip().split("\n")[-1].startswith("bodega: "), code, err)


def test_without_the_edge_the_app_answers_by_itself(place):
    server = place.serve(edge=False).ready()
    client = server.set_up()
    expect(f"bodega's app listens on 127.0.0.1:{server.port}\n" in server.output(), server.output())
    data = os.urandom(1 << 20)
    made = client.put(client.root(), "a.bin", data)
    status, headers, body = client("GET", f"/api/v1/entries/{made['id']}/content", headers={"Range": "bytes=10-19"})
    same((status, body), (206, data[10:20]))
    same(client("GET", f"/api/v1/entries/{made['id']}/content")[2], data)
    expect(Client(server.url)("GET", "/")[0] == 200 and Client(server.url)("GET", "/livez")[0] == 200)
    same(server.stop(), 0)


def test_beside_the_edge_the_app_can_listen_for_another_proxy(place):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = place.serve("--app-listen", f"127.0.0.1:{port}").ready()
    server.set_up()
    for url in (server.url, f"http://127.0.0.1:{port}"):
        same(Client(url)("GET", "/readyz")[0], 200)
        same(Client(url)("GET", "/api/v1/spaces")[0], 401)
    same(server.stop(), 0)


def shell(words):
    """A prefix that runs serve by a shell, after this command."""
    return ["bash", "-c", words]


def test_a_start_warns_of_unwise_settings(place):
    app, admin = free_port(), free_port()
    flags = ["--app-listen", f"0.0.0.0:{app}", "--edge-admin-listen", f"http://[::]:{admin}"]
    server = place.serve(*flags, prefix=shell('ulimit -n 1024; exec "$0" "$@"')).ready()
    warned = [line for line in server.output().splitlines() if " warn serve: " in line]
    for words in ("runs as root", "app.listen is on all addresses", "edge.admin_listen is on all addresses", "open_files=1024 connections=16 wanted="):
        same((words, sum(words in line for line in warned)), (words, 0 if words == "runs as root" and os.geteuid() else 1))
    same(server.stop(), 0)
    quiet = place.serve("--edge-admin-listen", f"http://127.0.0.1:{admin}", "--edge-max-connections", "100", log="log2").ready()
    expect("on all addresses" not in quiet.output() and "open_files=" not in quiet.output(), quiet.output())


def test_the_set_up_url_can_be_opened(place):
    for host in ("0.0.0.0", "[::]"):
        port = free_port()
        server = place.serve("--edge-listen", f"http://{host}:{port}", data=f"data{port}", log=f"log{port}", edge=None, port=port).ready()
        url = until(lambda: re.search(r"(http\S+)/setup#token=", server.output()), "a set-up URL", 5)[1]
        expect(host not in url, url)
        address = urllib.parse.urlsplit(url)
        same((address.port, Client(url)("GET", "/livez")[0]), (port, 200))
        same(server.stop(), 0)


def test_an_address_listed_twice(place):
    url, other = f"http://127.0.0.1:{free_port()}", free_port()
    for flags in (["--edge-admin-listen", url], ["--app-listen", url.removeprefix("http://")]):
        code, _, err = place.run("serve", "--edge-listen", url, *flags)
        expect(code == 2 and f'edge.listen "{url}" takes the port of {flags[0][2:].replace("-", ".", 1).replace("-", "_")}' in err, code, err)
    code, _, err = place.run("serve", "--edge-listen", f"http://0.0.0.0:{other}", "--edge-listen", f"http://localhost:{other}")
    expect(code == 2 and "takes the port of edge.listen" in err, code, err)


def test_standard_output_may_be_closed(place):
    secret = place.file("admin-password", PASSWORD + "\n")
    env = {"BODEGA_ADMIN_USER": "root", "BODEGA_ADMIN_PASSWORD_FILE": secret}
    # Closed, with a reader that has gone, and all three closed: no file gets their numbers.
    for number, words in enumerate(('exec "$0" "$@" >&-', 'exec "$0" "$@" > >(true)', 'exec "$0" "$@" <&- >&- 2>&-')):
        server = place.serve("--log-output", "files", env=env, log=f"log{number}", data=f"data{number}", prefix=shell(words)).ready()
        client = Client(server.url).sign_in("root")
        made = client.put(client.root(), "a", b"bytes")
        same(client("GET", f"/api/v1/entries/{made['id']}/content")[2], b"bytes")
        standard = [os.readlink(f"/proc/{server.process.pid}/fd/{fd}") for fd in (0, 1, 2)]
        expect(not any("data" in name or "socket:" in name for name in standard[1:]), standard)
        same(server.stop(), 0)
    first = place.serve(log="log9", data="data9", prefix=shell('exec "$0" "$@" >&-')).ready()
    expect("could not print the URL that creates the first administrator" in first.output(), first.output())


def test_sigint_and_a_second_signal(place):
    server = place.serve().ready()
    same(server.stop(signal.SIGINT), 0)
    slow = place.serve("--node-drain-delay", "1h", log="log2").ready()
    slow.process.send_signal(signal.SIGTERM)
    until(lambda: Client(slow.url)("GET", "/readyz")[0] == 503, "not ready any more")
    same(Client(slow.url)("GET", "/livez")[0], 200)
    same(slow.stop(), 1)


if __name__ == "__main__":
    main()
