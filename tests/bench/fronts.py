"""Reverse proxies and file servers that do the same work side by side: bodega with routes, nginx, Caddy.

Each serves /livez as a constant, /files/ from one folder, and /proxied/ from one nginx, the upstream, whose own CPU is
not counted. nginx is also in front of bodega's app, for /readyz.
"""
import os

from peers import nginx_configuration
from process import Process, answers, free_port, wait_for

UPSTREAM = """
    server {{ listen 127.0.0.1:{port}; location / {{ default_type text/plain; return 200 "small\\n"; }} }}
"""
NGINX = """
    upstream small {{ server 127.0.0.1:{upstream}; keepalive 64; keepalive_requests 100000000; }}
    upstream app {{ server 127.0.0.1:{app}; keepalive 64; keepalive_requests 100000000; }}
    server {{
        listen 127.0.0.1:{port};
        location /livez {{ default_type text/plain; return 200 "ok\\n"; }}
        location /files/ {{ alias {files}/; }}
        location = /readyz {{ proxy_pass http://app; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host; proxy_set_header X-Forwarded-For $remote_addr; }}
        location /proxied/ {{ proxy_pass http://small; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host; proxy_set_header X-Forwarded-For $remote_addr; }}
    }}
"""
CADDY = """
{{
    admin off
    auto_https off
    storage file_system {dir}
}}
http://127.0.0.1:{port} {{
    bind 127.0.0.1
    respond /livez "ok"
    handle_path /files/* {{
        root * {files}
        file_server
    }}
    reverse_proxy /proxied/* 127.0.0.1:{upstream}
}}
"""
BODEGA = """
[app]
listen = "127.0.0.1:{app}"
[edge]
listen = ["http://127.0.0.1:{port}"]
[[edge.upstreams]]
name = "small"
servers = ["127.0.0.1:{upstream}"]
[[edge.routes]]
path = "/proxied"
to = "upstream:small"
[[edge.routes]]
path = "/files"
to = "folder:{files}"
rewrite = "/"
"""


def start_nginx(folder, http):
    open(f"{folder}/nginx.conf", "w").write(nginx_configuration(folder, http))
    return Process(["/usr/sbin/nginx", "-p", folder, "-c", f"{folder}/nginx.conf", "-g", "daemon off;"], log=f"{folder}/log")


class Front:
    def __init__(self, process, port, path="/files/up"):
        self.process, self.url = process, f"http://127.0.0.1:{port}"
        wait_for(lambda: answers(self.url + path), "a front")


class Fronts:
    """All three in front of one upstream. Files: a folder that everybody may read."""

    def __init__(self, binary, folder):
        self.binary, self.files, upstream = os.path.abspath(binary), f"{folder}/files", free_port()
        for sub in ("files", "upstream", "nginx", "caddy", "bodega"):
            os.makedirs(f"{folder}/{sub}")
        os.system(f"chmod -R a+rwX {folder}")
        self.write("up", b"up")
        words = {"upstream": upstream, "files": self.files, "app": free_port()}
        self.upstream = Front(start_nginx(f"{folder}/upstream", UPSTREAM.format(port=upstream)), upstream, "/")
        port = free_port()
        self.nginx = Front(start_nginx(f"{folder}/nginx", NGINX.format(port=port, **words)), port)
        port = free_port()
        open(f"{folder}/caddy/Caddyfile", "w").write(CADDY.format(dir=f"{folder}/caddy", port=port, **words))
        env = {**os.environ, "HOME": f"{folder}/caddy"}
        self.caddy = Front(Process(["caddy", "run", "--config", f"{folder}/caddy/Caddyfile", "--adapter", "caddyfile"], env=env, log=f"{folder}/caddy/log"), port)
        port = free_port()
        open(f"{folder}/bodega/config.toml", "w").write(BODEGA.format(port=port, **words))
        self.bodega = Front(Process([self.binary, "serve"], cwd=f"{folder}/bodega", log=f"{folder}/bodega/log"), port)
        self.process = self

        self.floors = {"/livez": self.floor(), "/proxied/x": self.floor(upstream)}

    def floor(self, *upstream):
        """A loop that does no work of its own for its answers: the kernel's minimum cost."""
        port = free_port()
        program = os.path.join(os.path.dirname(self.binary), "floor")
        return Front(Process([program, str(port), *map(str, upstream)]), port, "/livez")

    def write(self, name, data):
        open(f"{self.files}/{name}", "wb").write(data)
        os.chmod(f"{self.files}/{name}", 0o644)

    def end(self):
        for front in (*self.floors.values(), self.bodega, self.caddy, self.nginx, self.upstream):
            front.process.end()
