"""The first process of a Machine, in its own namespaces: mounts its root, serves its cloud, and runs commands in it.

usage: machine_init.py ROOT TOOLS

Reads a line of JSON each and answers with one: {"run": [...], "seconds": N} is run in ROOT; {"instance", "user_data",
"files"} is what the metadata service at 169.254.169.254 and the web server at 127.0.0.1:8000 say from now on.
"""
import base64
import http.server
import json
import subprocess
import sys
import threading
from pathlib import Path

TOKEN = "a-token-of-imdsv2"
ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C.UTF-8"}
cloud = {"instance": "", "user_data": "", "files": {}}


def call(*command):
    subprocess.run([str(c) for c in command], check=True)


def mount_root(root, tools):
    call("mount", "--bind", root, root)
    call("mount", "--bind", "-o", "ro", "/usr", root / "usr")
    call("mount", "--bind", root / "local", root / "usr/local")
    call("mount", "--bind", "-o", "ro", tools, root / "opt/tools")
    call("mount", "--rbind", "/dev", root / "dev")
    call("mount", "-t", "proc", "proc", root / "proc")
    call("mount", "-t", "tmpfs", "tmpfs", root / "sys")
    # By these values cloud-init recognises an Amazon machine.
    for name, text in {"product_uuid": "ec2e1916-9099-7caf-fd21-012345abcdef", "product_serial": "ec2e1916-9099-7caf-fd21-012345abcdef"}.items():
        (root / "sys/class/dmi/id").mkdir(parents=True, exist_ok=True)
        (root / "sys/class/dmi/id" / name).write_text(text + "\n")
    (root / "sys/class/net").mkdir()


class Metadata(http.server.BaseHTTPRequestHandler):
    """IMDSv2: a PUT returns a token, and a GET without it fails."""

    def answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self):
        ttl = self.headers.get("X-aws-ec2-metadata-token-ttl-seconds")
        self.answer(*((200, TOKEN.encode()) if self.path == "/latest/api/token" and ttl else (400,)))

    def do_GET(self):
        if self.headers.get("X-aws-ec2-metadata-token") != TOKEN:
            return self.answer(401)
        # /latest/ for scripts, a dated version for cloud-init.
        path = "/".join(self.path.split("/")[2:]).rstrip("/")
        found = self.texts().get(path)
        return self.answer(404) if found is None else self.answer(200, found.encode())

    def texts(self):
        instance = cloud["instance"]
        leaves = {"instance-id": instance, "placement/region": "us-east-1", "placement/availability-zone": "us-east-1a",
                  "local-hostname": f"{instance}.ec2.internal", "ami-id": "ami-1"}
        identity = json.dumps({"instanceId": instance, "region": "us-east-1", "availabilityZone": "us-east-1a"})
        return {"user-data": cloud["user_data"], "dynamic/instance-identity": "document",
                "dynamic/instance-identity/document": identity,
                "meta-data": "instance-id\nplacement/\nlocal-hostname\nami-id", "meta-data/placement": "region\navailability-zone",
                **{f"meta-data/{name}": text for name, text in leaves.items()}}

    def log_message(self, *_):
        pass


class Downloads(Metadata):
    def do_GET(self):
        data = cloud["files"].get(self.path)
        self.answer(404) if data is None else self.answer(200, base64.b64decode(data))


def serve():
    call("ip", "link", "set", "lo", "up")
    call("ip", "address", "add", "169.254.169.254/32", "dev", "lo")
    for address, handler in ((("169.254.169.254", 80), Metadata), (("127.0.0.1", 8000), Downloads)):
        server = http.server.ThreadingHTTPServer(address, handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()


def run(root, request):
    try:
        done = subprocess.run(["chroot", root, *request["run"]], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, env=ENVIRONMENT, timeout=request["seconds"])
    except subprocess.TimeoutExpired as late:
        return {"status": -1, "output": (late.stdout or b"").decode(errors="replace") + "\ntook too long"}
    return {"status": done.returncode, "output": done.stdout.decode(errors="replace")}


def main():
    root = Path(sys.argv[1])
    mount_root(root, Path(sys.argv[2]))
    serve()
    for line in sys.stdin:
        request = json.loads(line)
        answer = run(root, request) if "run" in request else cloud.update(request) or {}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
