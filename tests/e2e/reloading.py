#!/usr/bin/env python3
"""SIGHUP: changed settings under load without a failed request; invalid ones are refused, and the old ones stay in effect."""
import os
import pty
import signal
import socket
import ssl
import subprocess
import time

import bodega
from bodega import Client, environment, expect, free_port, main, same, until
from upgrading import loaded


def write(place, text):
    """Replaces the file in one step, as an editor does: a reload never reads half a file."""
    place.file("config.toml.new", text)
    os.rename(f"{place.path}/config.toml.new", f"{place.path}/config.toml")


def reload(server, text, line="configuration reloaded"):
    """Sends SIGHUP with this config.toml; returns what the server logs."""
    write(server.place, text)
    before = len(server.output())
    server.process.send_signal(signal.SIGHUP)
    until(lambda: line in server.output()[before:], f"a line: {line}")
    return server.output()[before:]


def is_open(url):
    try:
        return Client(url)("GET", "/livez")[0] == 200
    except OSError:
        return False


def listening(*urls, more=""):
    return f"[edge]\nlisten = [{', '.join(repr(url) for url in urls)}]\n{more}"


def start(place):
    """Its listeners come from config.toml, so that a reload can change them."""
    port = free_port()
    write(place, listening(f"http://127.0.0.1:{port}"))
    return place.serve(edge=None, port=port).ready()


def test_a_reload_under_load_fails_no_request(place):
    server = start(place)
    client = server.set_up()
    load = loaded(client)
    second = f"http://127.0.0.1:{free_port()}"
    for round in range(5):
        said = reload(server, listening(server.url, second, more=f"max_fields = {90 + round}\n"))
        expect("edge.listen" in said and "edge.max_fields" in said, said)
        expect(is_open(second))
        route = '[[edge.routes]]\npath = "/elsewhere"\nto = "redirect:https://example.org/"\n'
        reload(server, listening(server.url, more="rate_limit = '100000/s'\n" + route))
        expect(not is_open(second))
        same(client("GET", "/elsewhere")[0], 308)
        time.sleep(0.1)
    load.end()
    same(client("GET", "/api/v1/session")[0], 200)
    same(server.stop(), 0)
    expect("cut off" not in server.output(), server.output())


def test_a_wrong_configuration_is_refused_as_a_whole(place):
    server = start(place)
    refused = "configuration not reloaded; the old one stays in use"
    route = '[[edge.routes]]\npath = "/elsewhere"\nto = "redirect:https://example.org/"\n'
    with socket.create_server(("127.0.0.1", 0)) as taken:
        busy = f"http://127.0.0.1:{taken.getsockname()[1]}"
        for text, why in (("nonsense", "config.toml"),
                          (listening(server.url, more="max_feilds = 3\n"), "max_feilds"),
                          (listening(server.url, more="rate_limit = 'often'\n" + route), "edge.rate_limit"),
                          (listening(server.url, busy, more=route), busy),
                          (listening(server.url, more="error_pages = '/nonexistent'\n" + route), "/nonexistent"),
                          (listening(), "edge.listen")):
            said = reload(server, text, refused)
            expect(why in said, why, said)
            same(Client(server.url)("GET", "/elsewhere")[0], 404)
    reload(server, listening(server.url, more=route))
    same(Client(server.url)("GET", "/elsewhere")[0], 308)
    same(server.stop(), 0)


def test_settings_that_need_a_restart_are_logged(place):
    server = start(place)
    said = reload(server, listening(server.url) + "[app]\nthreads = 100\n[log]\nformat = 'json'\n")
    expect("app.threads" in said and "need a restart" in said and "log.format" in said, said)
    expect('{"' in server.output().splitlines()[-1], server.output())
    same(server.stop(), 0)


def certificate_for(name, port):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port), timeout=10) as plain, context.wrap_socket(plain, server_hostname=name) as tls:
        return tls.getpeercert(binary_form=True)


def test_the_certificate_of_an_authority_stays_until_the_restart(place):
    """edge.acme and node.data_dir need a restart, and edge.tls.certificates does not: the pair is in both."""
    port, secret, name = free_port(), place.file("secret", "k" * 64), "files.example.org"
    os.chmod(secret, 0o600)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=own",
                    "-keyout", "key.pem", "-out", "own.pem"], cwd=place.path, check=True, capture_output=True, timeout=60)
    edge = listening(f"https://127.0.0.1:{port}") + "[edge.tls]\ncertificates = ['own.pem key.pem']\n"
    acme = f"[edge.acme]\nnames = ['{name}']\ndirectory = 'https://127.0.0.1:{free_port()}/'\nsecret_file = '{secret}'\n"
    write(place, edge + acme)
    server = place.serve(edge=None, port=port)
    until(lambda: "serve: ready" in server.output(), "it is ready")
    before = certificate_for(name, port)
    expect(before != certificate_for("other.example.org", port), "it has one certificate")
    for changed in (edge, edge + acme.replace(name, "other.example.org")):
        said = reload(server, changed)
        expect("edge.acme.names" in said and "need a restart" in said, said)
        same(certificate_for(name, port), before)
    same(server.stop(), 0)


def test_a_closed_terminal_ends_the_server(place):
    url = f"http://127.0.0.1:{free_port()}"
    command = [bodega.BINARY, "serve", "--edge-listen", url, "--node-data-dir", "bodega-data"]
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(place.path)
        os.execve(bodega.BINARY, command, environment())
    ended = False

    def has_ended():
        nonlocal ended
        ended = ended or os.waitpid(pid, os.WNOHANG)[0] == pid
        return ended

    try:
        until(lambda: is_open(url), "a server")
        os.close(terminal)
        until(has_ended, "its end")
    finally:
        if not ended:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
