"""A steady load of signed-in requests, by wrk, and the autoscaler of the tests."""
import math
import re
import signal
import subprocess
import threading
import time

from bodega import expect

SCRIPT = """
local paths = {{ {paths} }}
local headers = {{ ["Cookie"] = "{cookie}" }}
local unchanged = {{ ["Cookie"] = "{cookie}", ["If-None-Match"] = '{etag}' }}
local at = 0
function request()
    at = at + 1
    local path = paths[at % #paths + 1]
    return wrk.format("GET", path, '{etag}' ~= '' and path == paths[1] and at % {every} == 0 and unchanged or headers)
end
{delay}
"""
DELAY = "function delay() return {} end"


class Load:
    """GETs of `paths` in turn over kept connections; of the first one, each of `every` is asked with `etag`, if given.
    pause: ms between two requests of a connection."""

    def __init__(self, place, url, cookie, paths, etag="", connections=16, seconds=900, pause=0, every=2):
        text = SCRIPT.format(paths=", ".join(f'"{path}"' for path in paths), cookie=cookie, etag=etag, every=every, delay=DELAY.format(pause) if pause else "")
        script = place.file(f"load-{time.monotonic_ns()}.lua", text)
        self.process = subprocess.Popen(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", script, url],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        place.processes.append(self.process)

    def stop(self):
        """Ends wrk, which then prints its results."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)

    def end(self):
        """The number of requests; fails if one failed."""
        text = self.process.communicate(timeout=600)[0]
        expect(self.process.returncode == 0 and "Non-2xx" not in text and "Socket errors" not in text, text)
        return int(re.search(r"(\d+) requests in", text)[1])


class Autoscaler(threading.Thread):
    """Works like two target tracking policies: they keep requests a second and CPU of each node at their targets. The policy that
    wants more nodes wins. Nodes are added at once, and removed when fewer have been enough for a while."""

    period, patience = 0.5, 3  # seconds between two checks; checks in a row before a node is removed

    def __init__(self, fleet, least, most, requests_each, cores_each=1.0):
        super().__init__(daemon=True)
        self.fleet, self.least, self.most = fleet, least, most
        self.requests_each, self.cores_each = requests_each, cores_each
        self.seen, self.error, self.codes = [len(fleet.nodes)], None, []
        self.over = threading.Event()

    def run(self):
        try:
            self.watch()
        except Exception as error:
            self.error = error

    def watch(self):
        before, calm = self.sample(), 0
        while not self.over.wait(self.period):
            now = self.sample()
            wanted = self.wanted(before, now)
            calm = calm + 1 if wanted < len(self.fleet.nodes) else 0
            before = now
            if wanted > len(self.fleet.nodes):
                self.grow(wanted)
            elif calm >= self.patience:
                self.codes.append(self.fleet.remove(self.fleet.nodes[0]))  # the oldest node first, as groups do
                self.seen.append(len(self.fleet.nodes))

    def grow(self, wanted):
        new = [self.fleet.new_node().start() for _ in range(wanted - len(self.fleet.nodes))]
        for node in new:
            node.join()
        for node in new:
            node.served()
        self.seen.append(len(self.fleet.nodes))

    def sample(self):
        return time.monotonic(), self.fleet.balancer.total(), {node.number: node.cpu_seconds() for node in self.fleet.nodes}

    def wanted(self, before, now):
        seconds = now[0] - before[0]
        requests = (now[1] - before[1]) / seconds / self.requests_each
        cores = sum(max(0, now[2][n] - before[2].get(n, now[2][n])) for n in now[2]) / seconds / self.cores_each
        return min(self.most, max(self.least, math.ceil(max(requests, cores))))

    def end(self):
        self.over.set()
        self.join(120)
        if self.error:
            raise self.error
        return self.seen
