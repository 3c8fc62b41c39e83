"""A real ACME authority, Debian's pebble, with a DNS server that resolves every name to 127.0.0.1. Its bad nonces and delays
are left on."""
import json
import os
import socket
import ssl
import subprocess
import time
import urllib.request

LIMIT = 30  # seconds for it to answer


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Pebble:
    """Runs in the test's folder. `http_port`: where it requests challenges. stop() ends both processes."""

    def __init__(self, folder, http_port):
        self.folder, port, self.management, dns = folder, free_port(), free_port(), free_port()
        self.directory = f"https://127.0.0.1:{port}/dir"
        self.certificate = f"{folder}/pebble.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "9", "-subj", "/CN=pebble",
                        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", f"{folder}/pebble.key", "-out", self.certificate], check=True, capture_output=True)
        config = {"listenAddress": f"127.0.0.1:{port}", "managementListenAddress": f"127.0.0.1:{self.management}", "certificate": self.certificate,
                  "privateKey": f"{folder}/pebble.key", "httpPort": http_port, "tlsPort": free_port(), "ocspResponderURL": ""}
        with open(f"{folder}/pebble.json", "w") as file:
            json.dump({"pebble": config}, file)
        self.processes = []
        self.start("pebble-challtestsrv", "-defaultIPv4", "127.0.0.1", "-defaultIPv6", "", "-dns01", f"127.0.0.1:{dns}", "-management", f"127.0.0.1:{free_port()}",
                   "-http01", "", "-https01", "", "-tlsalpn01", "")
        self.start("pebble", "-config", f"{folder}/pebble.json", "-dnsserver", f"127.0.0.1:{dns}")
        self.wait()

    def start(self, *command):
        # Each order needs a new proof: by chance pebble would reuse an earlier one.
        env = dict(os.environ, PEBBLE_AUTHZREUSE="0")
        with open(f"{self.folder}/{command[0]}.log", "ab") as log:
            self.processes.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder, env=env))

    def fetch(self, url):
        context = ssl.create_default_context(cafile=self.certificate)
        with urllib.request.urlopen(url, context=context, timeout=LIMIT) as answer:
            return answer.read()

    def wait(self):
        end = time.monotonic() + LIMIT
        while True:
            try:
                return self.fetch(self.directory)
            except OSError:
                if time.monotonic() > end or any(p.poll() is not None for p in self.processes):
                    raise
                time.sleep(0.05)

    def root(self):
        """The path of its root's certificate, which clients of its certificates trust."""
        path = os.path.join(self.folder, "pebble-root.pem")
        with open(path, "wb") as file:
            file.write(self.fetch(f"https://127.0.0.1:{self.management}/roots/0"))
        return path

    def stop(self):
        for process in self.processes:
            process.kill()
            process.wait()
