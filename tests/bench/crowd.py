"""Many connections that do little: idle ones, half-sent heads, answers that are not read."""
import re
import resource
import select
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.request

PER_ADDRESS = 900  # connections from each address of 127.0.1.0/24: servers bound them by address


class Crowd:
    """Connections to a port of 127.0.0.1, open until the `with` statement ends."""

    def __init__(self, port, count, say=b"", read=True, receive_buffer=0, tls=False):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, count + 1000)), hard))
        self.sockets = []
        context = ssl._create_unverified_context() if tls else None
        for i in range(count):
            s = socket.socket()
            if receive_buffer:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
            s.bind((f"127.0.1.{1 + i // PER_ADDRESS}", 0))
            s.connect(("127.0.0.1", port))
            if context:
                s = context.wrap_socket(s, server_hostname="localhost")
            s.sendall(say)
            self.sockets.append(s)
            if say and read:
                s.recv(65536)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for s in self.sockets:
            s.close()

    def say(self, data):
        """The number of connections that still accepted it."""
        taken = 0
        for s in self.sockets:
            try:
                s.sendall(data)
                taken += 1
            except OSError:
                pass
        return taken

    def closed(self):
        """The number of connections that the server has ended."""
        poll = select.poll()
        for s in self.sockets:
            poll.register(s, select.POLLRDHUP)
        return len(poll.poll(0))


def p99_ms(url, seconds):
    """p99 of an ordinary client's requests, one after the other on a kept connection."""
    argv = ["wrk", "-t1", "-c1", f"-d{seconds}s", "--latency", url]
    text = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in text or "Socket errors" in text:
        raise SystemExit(f"bench: an ordinary client's requests to {url} failed:\n{text}")
    value, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", text).groups()
    return float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def threads_at_work(server):
    with urllib.request.urlopen(server.admin + "/metrics", timeout=5) as r:
        said = dict(re.findall(r'bodega_app_threads\{state="(\w+)"\} (\d+)', r.read().decode()))
    return int(said["working"]) + int(said["waiting"])


def slow_uploads(server, folder, count, size, rate):
    """Many concurrent PUTs, each at a rate (of curl): returns the maximum memory (KiB) and threads of the app."""
    with tempfile.NamedTemporaryFile() as file:
        file.truncate(size)
        argv = ["curl", "-sSf", "-o", "/dev/null", "-T", file.name, "--limit-rate", rate, "-H", server.headers[0], "-H", f"Origin: {server.url}", "-H", "Expect:"]
        clients = [subprocess.Popen(argv + [f"{server.url}/api/v1/entries/{folder}/files/{i}"]) for i in range(count)]
        resident = threads = 0
        while any(client.poll() is None for client in clients):
            resident = max(resident, server.process.resident_kib())
            threads = max(threads, threads_at_work(server))
            time.sleep(0.2)
    if any(client.returncode != 0 for client in clients):
        raise SystemExit("bench: a slow upload failed")
    return resident, threads


def settle(process, seconds=10):
    """The resident size in KiB once it does not change any more."""
    before = process.resident_kib()
    for _ in range(seconds):
        time.sleep(1)
        now = process.resident_kib()
        if now == before:
            break
        before = now
    return before
