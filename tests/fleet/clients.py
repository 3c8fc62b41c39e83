#!/usr/bin/env python3
"""Real clients of a fleet: tus-js-client whose chunks go to all nodes in turn while nodes are killed; tus-js-client with its
own delays when its node is killed or paused in the middle of one request; and curl."""
import contextlib
import hashlib
import json
import os
import subprocess
import sys
import urllib.parse
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from fleet import ADMIN, Fleet, digest_at, enter
from bodega import expect, main, same, until
from leaving import Relay

UPLOADER = Path(__file__).resolve().parent.parent / "support/tus_upload.mjs"
CHUNK = 2 << 20


def test_real_clients(place):
    fleet = Fleet(place, nodes=3)
    ana = fleet.client().sign_in(ADMIN)
    curl_by_the_balancer(place, fleet, ana)
    tus_js_client_with_its_own_delays(place, fleet, ana, "kill")
    tus_js_client_with_its_own_delays(place, fleet, ana, "pause")
    tus_js_client_does_not_care_which_node_answers(place, fleet, ana)


def tus_js_client_does_not_care_which_node_answers(place, fleet, ana):
    data = os.urandom(32 << 20)
    path, log = place.file("film.mp4", data), open(f"{place.path}/client.log", "wb")
    client = subprocess.Popen(["node", str(UPLOADER), fleet.url, ana.cookie, ana.root(), path, str(CHUNK), "150"],
                              stdout=subprocess.PIPE, stderr=log, text=True)
    place.processes.append(client)
    for number, node in enumerate(fleet.nodes[:2]):
        so_far = 3 + 5 * number
        until(lambda: client.poll() is not None or os.path.getsize(log.name) > 2 * so_far, "chunks arrive")
        node.kill()
        node.start().join().served()
    out = client.communicate(timeout=120)[0]
    expect(client.returncode == 0, out, open(log.name).read()[-2000:])
    end = json.loads(out)
    expect(end["chunks"] >= len(data) // CHUNK, end)
    for node in fleet.nodes:
        same(digest_at(node, ana.cookie, end["entry"]), (200, hashlib.sha256(data).hexdigest()))


def holder(fleet):
    """The node that receives the only upload. (Its file may have another id than the upload.)"""
    def has_it(node):
        folder = f"/proc/{node.process.pid}/fd"
        return any("/incoming/" in path_of(f"{folder}/{fd}") for fd in os.listdir(folder))

    # Between two requests a client is connected to no node.
    return until(lambda: next((node for node in fleet.running() if has_it(node)), None), "a node holds the upload", pause=0.02)


def path_of(fd):
    """Empty for one that was closed meanwhile."""
    with contextlib.suppress(OSError):
        return os.readlink(fd)
    return ""


def tus_js_client_with_its_own_delays(place, fleet, ana, how):
    """One PATCH for the whole file. The lost node's upload is taken over while the client's next request waits."""
    data = os.urandom(32 << 20)
    path, url = place.file(f"{how}.mp4", data), urllib.parse.urlsplit(fleet.url)
    relay = Relay((url.hostname, url.port), None, url.hostname, most=14 << 20)  # more than the part that is awaited, less than what is left after an interruption
    there = f"http://{url.hostname}:{relay.port}"
    client = subprocess.Popen(["node", str(UPLOADER), there, ana.cookie, ana.root(), path, "Infinity", "0", "default"],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    place.processes.append(client)

    def acknowledged():
        # (This client begins another upload if a balancer answers its HEAD for a lost node; the first one stays until it expires.)
        return any(item["filename"] == f"{how}.mp4" and item["offset"] >= 8 << 20 for item in ana("GET", "/api/v1/uploads")[2]["items"])

    until(lambda: client.poll() is not None or acknowledged(), "some of it is acknowledged")
    expect(client.poll() is None, *(client.communicate() if client.poll() is not None else ()))
    node = holder(fleet)
    relay.most = None
    if how == "kill":
        node.kill()
    else:
        # The balancer waits for the paused node; the client's connection is lost.
        node.pause()
        relay.leave()
    relay.free()
    out, err = client.communicate(timeout=120)
    expect(client.returncode == 0, out, err)
    entry = json.loads(out)["entry"]
    if how == "kill":
        node.start().join().served()
    else:
        node.go_on()  # late, with bytes to write
        until(node.is_ready, "it is back")
        node.served()
    for each in fleet.nodes:
        same(digest_at(each, ana.cookie, entry), (200, hashlib.sha256(data).hexdigest()))
    relay.close()


def curl_by_the_balancer(place, fleet, ana):
    token = ana("POST", "/api/v1/tokens", {"name": "curl"})[2]["token"]
    place.file("header", f"Authorization: Bearer {token}\n")
    data = os.urandom(3 << 20)
    path, got = place.file("report.pdf", data), f"{place.path}/got"
    for number in range(len(fleet.nodes)):  # to each node in turn
        words = ["-T", path, f"{fleet.url}/api/v1/entries/{ana.root()}/files/report{number}.pdf"]
        entry = json.loads(curl(place, *words))["id"]
        curl(place, "-o", got, f"{fleet.url}/api/v1/entries/{entry}/content")
        same(hashlib.sha256(open(got, "rb").read()).hexdigest(), hashlib.sha256(data).hexdigest())


def curl(place, *words):
    done = subprocess.run(["curl", "-sS", "--fail-with-body", "-H", f"@{place.path}/header", *words], capture_output=True, timeout=60)
    expect(done.returncode == 0, done.stdout, done.stderr)
    return done.stdout


if __name__ == "__main__":
    enter()
    main()
