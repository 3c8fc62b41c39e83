#!/usr/bin/env python3
"""The operator's view of a running server: access and error logs, metrics, the admin listener."""
import json
import os
import re
import signal
import socket
import threading
import time

from bodega import Client, expect, free_port, main, same, until

SAMPLE = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)')
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\n"])*)"(?:,|$)')


def parse(text):
    """The text exposition format 0.0.4, strictly: {name: {labels: value}}, each family whole after its two lines."""
    expect(text.endswith("\n"), text[-100:])
    types, helps, samples, family = {}, set(), {}, None
    for line in text.split("\n")[:-1]:
        if line.startswith("# HELP "):
            name = line.split(" ")[2]
            expect(name not in helps and len(line.split(" ", 3)[3]) > 5, line)
            helps.add(name)
            continue
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            expect(name in helps and name not in types and kind in ("counter", "gauge", "histogram"), line)
            family, types[name] = name, kind
            continue
        match = SAMPLE.fullmatch(line)
        expect(match, line)
        name, labels, value = match[1], match[2] or "", float(match[3])
        suffixes = ("_bucket", "_sum", "_count") if types[family] == "histogram" else ("",)
        expect(name in [family + s for s in suffixes], "a sample outside its family", line)
        expect("".join(m[0] for m in LABEL.finditer(labels)) == labels, "labels", line)
        pairs = tuple((m[1], m[2]) for m in LABEL.finditer(labels))
        expect(len({k for k, _ in pairs}) == len(pairs), "a label twice", line)
        expect(types[family] != "counter" or (value >= 0 and name.endswith("_total")), "a counter", line)
        expect(pairs not in samples.setdefault(name, {}), "a sample twice", line)
        samples[name][pairs] = value
    check_histograms(types, samples)
    return samples


def check_histograms(types, samples):
    for family in [n for n, kind in types.items() if kind == "histogram"]:
        series = {}
        for labels, value in samples.get(family + "_bucket", {}).items():
            series.setdefault(labels[:-1], []).append((float(labels[-1][1]), value))
            same(labels[-1][0], "le")
        for labels, buckets in series.items():
            expect(buckets == sorted(buckets) and buckets[-1][0] == float("inf"), family, buckets)
            expect([v for _, v in buckets] == sorted(v for _, v in buckets), family, buckets)
            same(samples[family + "_count"][labels], buckets[-1][1])
            expect(labels in samples[family + "_sum"], family)


def with_admin(place, *flags, **options):
    admin = f"http://127.0.0.1:{free_port()}"
    server = place.serve("--edge-admin-listen", admin, *flags, **options).ready()
    return server, admin


def scrape(admin):
    status, headers, body = Client(admin)("GET", "/metrics")
    same((status, headers["content-type"]), (200, "text/plain; version=0.0.4; charset=utf-8"))
    return parse(body.decode())


def scrape_at_rest(admin):
    """A request is counted after its answer."""
    def counted(samples):
        return samples.get("bodega_upstream_duration_seconds_count"), samples["bodega_http_request_duration_seconds_count"].get((("route", "app"),))

    now = scrape(admin)
    for _ in range(50):
        last = now
        time.sleep(0.1)
        now = scrape(admin)
        if counted(last) == counted(now):
            break
    return now


def test_metrics_are_well_formed_and_move(place):
    server, admin = with_admin(place)
    client = server.set_up()
    before = scrape_at_rest(admin)
    for _ in range(5):
        same(client("GET", "/api/v1/session")[0], 200)
    same(Client(server.url)("GET", "/api/v1/session")[0], 401)
    after = scrape_at_rest(admin)

    def moved(name, **labels):
        key = tuple(labels.items())
        return after[name][key] - before[name].get(key, 0)

    same(moved("bodega_http_requests_total", route="app", method="read", status="2xx"), 5)
    same(moved("bodega_http_requests_total", route="app", method="read", status="4xx"), 1)
    same(moved("bodega_http_request_duration_seconds_count", route="app"), 6)
    same(moved("bodega_upstream_duration_seconds_count", upstream="app"), 6)
    expect(moved("bodega_http_sent_bytes_total", route="app") > 100)
    same(moved("bodega_connections_accepted_total"), 6)
    expect(moved("process_cpu_seconds_total") >= 0)
    same(after["bodega_app_ready"][()], 1)
    expect(after["process_open_fds"][()] > 5 and after["process_resident_memory_bytes"][()] > 1 << 20)
    expect(abs(after["process_start_time_seconds"][()] - os.stat(f"/proc/{server.process.pid}").st_ctime) < 5)
    expect(after["bodega_database_connections"], after)
    expect("bodega_build_info" in after)


def test_the_public_listener_has_no_metrics(place):
    server, admin = with_admin(place)
    same(Client(server.url)("GET", "/metrics")[0], 404)
    same([Client(admin)("GET", path)[0] for path in ("/livez", "/readyz", "/", "/api/v1/session")], [200, 200, 404, 404])
    expect(f"{admin}/metrics" in server.output(), server.output())


def test_the_admin_listener_reports_a_drain(place):
    server, admin = with_admin(place, "--node-drain-delay", "2s")
    server.process.send_signal(signal.SIGTERM)
    until(lambda: Client(admin)("GET", "/readyz")[0] == 503, "not ready", 2)
    same(scrape(admin)["bodega_app_ready"][()], 0)
    same(server.process.wait(30), 0)


def test_a_shared_folder_that_goes_away_is_reported(place):
    server = place.serve(env={"SHARED_DIR": f"{place.path}/shared"}).ready()
    same(Client(server.url)("GET", "/readyz")[0], 200)
    os.rename(f"{place.path}/shared", f"{place.path}/elsewhere")
    until(lambda: Client(server.url)("GET", "/readyz")[0] == 503, "not ready")
    Client(server.url)("GET", "/readyz")
    os.rename(f"{place.path}/elsewhere", f"{place.path}/shared")
    until(lambda: Client(server.url)("GET", "/readyz")[0] == 200, "ready again")
    for line in ("the shared folder does not answer", "the shared folder answers again"):
        same(server.output().count(line), 1)


def test_an_admin_address_in_use(place):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        code, _, err = place.run("serve", "--edge-listen", "http://127.0.0.1:0", "--edge-admin-listen", url)
    same(code, 2)
    expect(err.startswith("bodega: edge.admin_listen: ") and "in use" in err, err)


def lines(path):
    with open(path) as file:
        return [json.loads(line) for line in file.read().splitlines()]


def test_access_log_on_standard_output(place):
    server = place.serve("--log-access", "stdout").ready()
    client = server.set_up()
    same(client("GET", "/api/v1/search?q=hunter2", headers={"User-Agent": "a\"b", "Referer": server.url + "/s/hunter3?x=1"})[0], 200)
    Client(server.url)("GET", "/s/hunter4")
    same(server.stop(), 0)
    logged = [json.loads(line) for line in server.output().splitlines() if line.startswith("{")]
    search = next(line for line in logged if line["path"] == "/api/v1/search")
    same((search["method"], search["status"], search["client"], search["route"]), ("GET", 200, "127.0.0.1", "app"))
    same((search["user_agent"], search["referer"]), ('a"b', server.url + "/s/-"))
    same(search["host"], server.url.removeprefix("http://"))
    expect(0 < search["upstream_seconds"] <= search["seconds"] < 10, search)
    expect(any(line["path"] == "/s/-" for line in logged), logged)
    expect("hunter" not in server.output(), server.output())


def test_logs_in_files_are_rotated_and_reopened(place):
    server = place.serve("--log-access", "files", "--log-output", "files", "--node-name", "a/b", "--log-rotate-size", "64KiB",
                         "--log-rotate-keep", "2").ready()
    client = server.set_up()
    folder = f"{place.path}/bodega-data/logs/a_b"
    access = f"{folder}/access.log"
    _, headers, _ = client("GET", "/api/v1/session")
    until(lambda: any(line["request_id"] == headers["x-request-id"] for line in lines(access)), "a line")
    same({line["node"] for line in lines(access)}, {"a/b"})
    same(oct(os.stat(access).st_mode & 0o777), "0o640")
    os.rename(access, folder + "/kept")
    server.process.send_signal(signal.SIGUSR1)
    until(lambda: os.path.exists(access), "a new file")
    threads = [threading.Thread(target=lambda: [client("GET", "/livez") for _ in range(300)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    until(lambda: os.path.exists(access + ".2"), "two old files")
    same(server.stop(), 0)
    same(sorted(f for f in os.listdir(folder) if f.startswith("access")), ["access.log", "access.log.1", "access.log.2"])
    for name in os.listdir(folder):
        if name.startswith("access"):
            expect(os.path.getsize(f"{folder}/{name}") <= 65536 and lines(f"{folder}/{name}"), name)
    with open(folder + "/error.log") as file:
        text = file.read()
    expect("ready" in text and "stopped" in text and " info " not in server.output(), text, server.output())


def test_a_log_folder_that_can_not_be_created(place):
    place.file("bodega-data/logs", b"a file")
    code, _, err = place.run("serve", "--edge-listen", "http://127.0.0.1:0", "--log-access", "files")
    same(code, 2)
    expect("logs' folder" in err, err)


if __name__ == "__main__":
    main()
