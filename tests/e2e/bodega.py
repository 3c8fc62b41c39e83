"""Base of the end-to-end tests: the real binary in a temporary folder, an HTTP client, and the counting.

A test is a function whose name starts with test_; main() runs those of the calling script. Each gets a Place, a
temporary folder whose processes are ended with it. Its servers are reached through the front that front.py has.
"""
import contextlib
import glob
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.parse

import front

BINARY = os.path.abspath(os.environ.get("BODEGA", "build/bodega"))
PASSWORD = "correct horse battery"
# Sanitizers make everything slower.
PATIENCE = 120 if os.environ.get("BODEGA_SANITIZER") else 30


class Failed(AssertionError):
    pass


class Skipped(Exception):
    """Something that a test needs is not available here."""


def expect(ok, *got):
    if not ok:
        raise Failed(" ".join(repr(g)[:600] for g in got) or "not as expected")


def same(got, wanted):
    expect(got == wanted, got, "!=", wanted)


def until(condition, what, seconds=PATIENCE, pause=0.01):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(pause)
    raise Failed(f"{what}: not within {seconds} s")


def yielding():
    """For Popen's preexec_fn: the process runs on one processor when nothing else wants it. So a test that has to act in the
    middle of its work comes in time on a busy machine, too. (A shell ignores SIGINT in what it runs in the background.)"""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def environment(extra=None):
    """The environment without the caller's bodega settings."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("BODEGA_", "DB_")) and k != "SHARED_DIR"}
    clean.update(extra or {})
    return clean


def blobs(place):
    """The paths of the stored files, and of the bodies of PUTs of at most 1 MiB that are being received."""
    return glob.glob(f"{place.path}/bodega-data/blobs/*/*")


def coming_in(place):
    """The names of the uploads, and of the larger bodies, that are not files yet."""
    return [name for name in os.listdir(f"{place.path}/bodega-data/incoming") if not name.startswith(".")]


class Client:
    """One caller with a cookie, or a token. Calls return (status, headers, body); JSON bodies are decoded."""

    def __init__(self, url):
        self.url = urllib.parse.urlsplit(url)
        self.cookie = self.device = self.token = None

    def headers(self):
        fields = {"Origin": f"{self.url.scheme}://{self.url.netloc}"}
        cookies = [cookie for cookie in (self.cookie, self.device) if cookie]
        if cookies:
            fields["Cookie"] = "; ".join(cookies)
        if self.token:
            fields["Authorization"] = "Bearer " + self.token
        return fields

    def connection(self, timeout=60):
        if self.url.scheme == "https":
            return http.client.HTTPSConnection(self.url.netloc, timeout=timeout, context=front.CONTEXT)
        return http.client.HTTPConnection(self.url.netloc, timeout=timeout)

    def connect(self, timeout=60):
        """A connection for raw bytes."""
        connection = self.connection(timeout)
        connection.connect()
        return connection.sock

    def __call__(self, method, path, body=None, headers=None, timeout=60):
        connection = self.connection(timeout)
        fields = self.headers()
        if isinstance(body, (dict, list)):
            body, fields["Content-Type"] = json.dumps(body), "application/json"
        fields.update(headers or {})
        with contextlib.closing(connection):
            connection.request(method, path, body, fields)
            answer = connection.getresponse()
            data = answer.read()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                cookie = value.split(";")[0]
                if cookie.partition("=")[0].endswith("_device"):
                    self.device = cookie
                else:
                    self.cookie = cookie
        if "json" in (answer.getheader("Content-Type") or "") and "/content" not in path:
            data = json.loads(data or b"null")
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, data

    def sign_in(self, user, password=PASSWORD):
        status, _, body = self("POST", "/api/v1/session", {"username": user, "password": password})
        same((status, body.get("code")), (200, None))
        return self

    def root(self):
        """The root folder of the caller's personal space."""
        return self("GET", "/api/v1/spaces")[2]["items"][0]["root_id"]

    def put(self, folder, name, data):
        status, _, body = self("PUT", f"/api/v1/entries/{folder}/files/{urllib.parse.quote(name)}", data)
        expect(status in (200, 201), status, body)
        return body


class Server:
    """A `bodega serve` under test. edge: False for only the app, None for config.toml's listeners, which then have to
    include `port`. prefix: the command that runs it."""

    def __init__(self, place, *flags, env=None, data="bodega-data", log="log", edge=True, port=None, prefix=()):
        self.place, self.port = place, port or free_port()
        fronted = edge is True
        self.url = f"{front.SCHEME if fronted else 'http'}://127.0.0.1:{self.port}"
        self.log = os.path.join(place.path, log)
        self.started = time.monotonic()
        self.plain, app = f"http://127.0.0.1:{free_port()}", free_port()
        flags = ["--node-data-dir", data, *flags]
        if fronted:
            listen = front.serve_flags(self.url, self.plain, app)
        else:
            listen = [] if edge is None else ["--edge-listen=", "--app-listen", f"127.0.0.1:{self.port}"]
        with open(self.log, "ab") as out:
            command = [*prefix, BINARY, "serve", *listen, *flags]
            self.process = subprocess.Popen(command, cwd=place.path, env=environment(env), stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        place.processes.append(self.process)
        before = fronted and front.start(BINARY, place.path, self.url, self.plain, app, flags, environment(env))
        if before:
            place.processes.append(before)

    def output(self):
        with open(self.log, errors="replace") as file:
            return file.read()

    def is_ready(self):
        if self.process.poll() is not None:
            raise Failed(f"serve ended with {self.process.returncode}: {self.output()[-2000:]}")
        try:
            return Client(self.url)("GET", "/readyz", timeout=5)[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def ready(self):
        until(self.is_ready, "ready", pause=0.003)
        self.ready_ms = 1000 * (time.monotonic() - self.started)
        return self

    def setup_token(self):
        return until(lambda: re.search(r"/setup\S*token=([\w.~-]+)", self.output()), "a set-up URL", 5)[1]

    def set_up(self, user="ana"):
        """Creates the first administrator and returns it signed in."""
        client = Client(self.url)
        body = {"token": self.setup_token(), "username": user, "password": PASSWORD}
        status, _, answer = client("POST", "/api/v1/setup", body)
        expect(status == 201, status, answer)
        return client

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


class Place:
    """A temporary folder of a test, and the processes that run in it."""

    def __init__(self):
        self.path = tempfile.mkdtemp(prefix="bodega-e2e-")
        self.processes = []
        self.closing = []  # closed before the processes end, the last first

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for thing in reversed(self.closing):
            thing.close()
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.wait()
        shutil.rmtree(self.path, ignore_errors=True)

    def file(self, name, content=b""):
        path = os.path.join(self.path, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return path

    def serve(self, *flags, **options):
        return Server(self, *flags, **options)

    def run(self, *words, env=None, stdin=b"", timeout=PATIENCE):
        """Runs one command to its end: (exit code, standard output, standard error)."""
        done = subprocess.run([BINARY, *words], cwd=self.path, env=environment(env), input=stdin, capture_output=True, timeout=timeout)
        return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")

    def succeeds(self, *words, **options):
        code, out, err = self.run(*words, **options)
        expect(code == 0, words, code, out, err)
        return out


def main():
    """Runs the calling script's tests; those named on the command line if any are."""
    module = sys.modules["__main__"]
    tests = {name: f for name, f in vars(module).items() if name.startswith("test_") and callable(f)}
    wanted = sys.argv[1:]
    passed = failed = skipped = 0
    for name, test in tests.items():
        if wanted and name not in wanted:
            continue
        place, begin = Place(), time.monotonic()
        try:
            with place:
                test(place)
            passed += 1
            print(f"ok    {name} ({time.monotonic() - begin:.1f} s)", flush=True)
        except Skipped as why:
            skipped += 1
            print(f"skipped: {name}: {why}", flush=True)
        except Exception as error:
            failed += 1
            where = "" if isinstance(error, Failed) else "".join(traceback.format_exception(error)[-3:])
            line = next((f.lineno for f in reversed(traceback.extract_tb(error.__traceback__)) if f.filename == module.__file__), "?")
            print(f"FAIL  {name}, line {line}: {error}\n{where}", flush=True)
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    sys.exit(1 if failed else 0)
