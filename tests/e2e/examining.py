#!/usr/bin/env python3
"""doctor: its measurements of a real bodega, on both engines; a failure gives exit code 1."""
import json
import os
import subprocess

import mariadb
from bodega import PASSWORD, Client, expect, main, same, until


def doctor(place, *words, env=None):
    """(exit code, {check: (verdict, what, advice)})"""
    code, out, err = place.run("doctor", "--json", *words, env=env)
    expect(out.startswith("{"), code, out, err)
    document = json.loads(out)
    same((code, document["verdict"]), (1, "fail") if any(f["verdict"] == "fail" for f in document["findings"]) else (0, "ok"))
    expect(all((f["verdict"] == "ok") == (f["advice"] == "") for f in document["findings"]), document)
    return code, {f["check"]: (f["verdict"], f["what"], f["advice"]) for f in document["findings"]}


def test_the_doctor_beside_a_server(place):
    server = place.serve().ready()
    code, found = doctor(place)
    same((code, [f for f in found.items() if f[1][0] == "fail"]), (0, []))
    expect({"database.version", "database.latency", "folder.rename", "folder.sync_latency", "folder.locks", "folder.space",
            "machine.open_files", "machine.memory", "edge.proxy_trust", "machine.kernel_tls"} <= set(found), found)
    expect(found["database.version"][1].startswith("SQLite 3."), found)
    same([n for n in os.listdir(f"{place.path}/bodega-data/incoming") if n != ".clock" and not n.startswith(".probe-")], [])
    out = place.succeeds("doctor")
    expect("ok    database.version" in out and out.rstrip().endswith("0 failures"), out)
    same(server.stop(), 0)


def test_a_folder_that_differs_from_the_other_nodes(place):
    database = mariadb.MariaDB(place)
    env = database.new_database("one") | {"BODEGA_ADMIN_USER": "ana", "BODEGA_ADMIN_PASSWORD_FILE": place.file("admin-password", PASSWORD)}
    server = place.serve("--node-shared-dir", "shared", env=env).ready()
    ana = Client(server.url).sign_in("ana")
    same(doctor(place, "--node-shared-dir", "shared", env=env)[1]["folder.files"][:2], ("ok", "the catalog names no files yet"))
    for i in range(3):
        ana.put(ana.root(), f"{i}.txt", b"some")
    same(doctor(place, "--node-shared-dir", "shared", env=env)[1]["folder.files"][0], "ok")
    os.makedirs(f"{place.path}/not-mounted")
    code, found = doctor(place, "--node-shared-dir", "not-mounted", env=env)
    expect(code == 1 and found["folder.files"][:2] == ("fail", "none of the catalog's 3 newest files is there"), found)
    blob = next(path for folder, _, names in os.walk(f"{place.path}/shared/blobs") for path in [os.path.join(folder, name) for name in names])
    os.truncate(blob, 2)
    code, found = doctor(place, "--node-shared-dir", "shared", env=env)
    expect(code == 1 and found["folder.files"][1].startswith("1 of "), found)


def test_a_server_as_the_catalog(place):
    database = mariadb.MariaDB(place)
    env = database.new_database("one")
    _, found = doctor(place, env=env)
    same((found["database.schema"][0], found["folder.reach"][0]), ("warn", "warn"))
    server = place.serve(env=env).ready()
    _, found = doctor(place, env=env)
    expect(found["database.version"][1].startswith("MariaDB ") and "1 node may open 16" in found["database.connections"][1], found)
    same((found["database.tls"][0], found["folder.file_system"][0], found["database.writing"][0]), ("ok", "warn", "ok"))
    database.sql("SET GLOBAL read_only = 1")
    code, found = doctor(place, env=env)
    same((code, found["database.writing"][0]), (1, "fail"))
    database.sql("SET GLOBAL read_only = 0")
    server.stop()
    database.stop()
    code, found = doctor(place, env=env)
    same((code, found["database.reach"][0]), (1, "fail"))


def refused_writing(place, env, data, words):
    """The doctor and the log of `serve` both have the database's message for a refused write."""
    code, found = doctor(place, env=env)
    expect(code == 1 and found["database.writing"][0] == "fail" and words in found["database.writing"][1], found)
    same((found["database.lock"][0], found["database.functions"][0]), ("ok", "ok"))
    server = place.serve(env=env, data=data, log=data + ".log")
    until(lambda: words in server.output(), "the log has the server's words")
    server.process.kill()


def servers(place, *options):
    yield mariadb.MariaDB(place, options=options)
    if mariadb.MySQL9.is_there():
        yield mariadb.MySQL9(place, options=options)


def test_an_account_that_may_only_read(place):
    for n, database in enumerate(servers(place)):
        env = database.new_database("one")
        place.serve(env=env, data=f"data-{n}").ready().stop()
        database.sql("CREATE USER reader@'%' IDENTIFIED BY 'reader'; GRANT SELECT ON one.* TO reader@'%'")
        refused_writing(place, env | {"DB_USER": "reader", "DB_PASSWORD": "reader"}, f"data-{n}", "command denied to user 'reader'")
        database.stop()


def test_a_binary_log_of_statements(place):
    for n, database in enumerate(servers(place, "--log-bin=binlog", "--server-id=1")):
        env = database.new_database("one")
        place.serve(env=env, data=f"data-{n}").ready().stop()
        same(doctor(place, env=env)[1]["database.writing"][0], "ok")
        database.sql("SET GLOBAL binlog_format = 'STATEMENT'")
        refused_writing(place, env, f"data-{n}", "BINLOG_FORMAT = STATEMENT")
        empty = database.new_database("two")
        code, found = doctor(place, env=empty)
        expect(code == 1 and "BINLOG_FORMAT = STATEMENT" in found["database.writing"][1], found)
        same(database.sql("SHOW TABLES FROM two"), "")
        database.stop()


def test_an_expired_password(place):
    for database in servers(place):
        env = database.new_database("one")
        database.sql("ALTER USER bodega@'%' PASSWORD EXPIRE")
        code, found = doctor(place, env=env)
        expect(code == 1 and "expired" in found["database.reach"][1], found)
        code, _, err = place.run("migrate", env=env)
        expect(code == 2 and "expired" in err, code, err)
        database.stop()


def test_what_is_wrong(place):
    place.succeeds("migrate")
    code, found = doctor(place, "--node-shared-dir", "not-mounted")
    same((code, found["folder.reach"][0]), (1, "fail"))
    code, found = doctor(place, "--app-public-url", "https://files.example.org", "--edge-listen", "http://0.0.0.0:80")
    same((code, found["edge.proxy_trust"][0]), (1, "fail"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", f"{place.path}/k.pem",
                    "-out", f"{place.path}/c.pem"], check=True, capture_output=True)
    tls = ("--edge-listen", "https://127.0.0.1:8443", "--edge-tls-certificates", "c.pem k.pem")
    code, found = doctor(place, *tls)
    expect(code == 1 and found["edge.certificate"][0] == "fail" and "1 more day" in found["edge.certificate"][1], found)
    os.remove(f"{place.path}/c.pem")
    code, found = doctor(place, *tls)
    expect(code == 1 and found["edge.certificate"][0] == "fail" and "c.pem" in found["edge.certificate"][1], found)


if __name__ == "__main__":
    main()
