"""What stands between the clients and the app under test, as BODEGA_FRONT says: the embedded edge as it is (direct) or
under TLS (tls), or a real NGINX with the kit's own file, under TLS as well (nginx).

For tests in other languages, NGINX until SIGTERM: BODEGA_FRONT=nginx python3 front.py BINARY FOLDER URL PLAIN APP_PORT
"""
import os
import signal
import ssl
import subprocess
import sys
import tempfile

NAME = os.environ.get("BODEGA_FRONT", "direct")
SECURE = NAME != "direct"
SCHEME = "https" if SECURE else "http"

# NGINX's own part of its configuration; the rest is what `bodega kit nginx` prints. On a machine it is the package's.
NGINX_CONF = """\
daemon off;
pid nginx-{name}.pid;
error_log nginx.log info;
{user}
worker_processes 1;
events {{ worker_connections 256; }}
http {{
    access_log off;
    types {{ text/html html; text/plain txt; }}
    default_type application/octet-stream;
    client_body_temp_path nginx-body; proxy_temp_path nginx-proxy; fastcgi_temp_path nginx-1; uwsgi_temp_path nginx-2; scgi_temp_path nginx-3;
    include bodega-{name}.conf;
    {beside}
}}
"""


def openssl(folder, *words):
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True, timeout=60)


def make_certificate():
    """A folder with ca.pem, chain.pem and key.pem, for localhost."""
    folder = tempfile.mkdtemp(prefix="bodega-front-")
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl(folder, "req", "-x509", *key, "-days", "9", "-subj", "/CN=authority", "-keyout", "ca.key", "-out", "ca.pem",
            "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    openssl(folder, "req", "-new", *key, "-subj", "/CN=localhost", "-keyout", "key.pem", "-out", "site.csr")
    with open(f"{folder}/names", "w") as names:
        names.write("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    openssl(folder, "x509", "-req", "-in", "site.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "9",
            "-extfile", "names", "-out", "chain.pem")
    with open(f"{folder}/chain.pem", "a") as chain, open(f"{folder}/ca.pem") as authority:
        chain.write(authority.read())
    return folder


if SECURE:
    CERTIFICATE = make_certificate()
    CONTEXT = ssl.create_default_context(cafile=f"{CERTIFICATE}/ca.pem")
    # Of the curl that tests call.
    os.environ["CURL_CA_BUNDLE"] = f"{CERTIFICATE}/ca.pem"


class Nginx(subprocess.Popen):
    def kill(self):
        """SIGTERM: a master that is killed leaves its workers behind, and this ends both at once."""
        self.terminate()


def listen_flags(url, plain):
    return ["--edge-listen", url, "--edge-listen", f"{plain} redirect",
            "--edge-tls-certificates", f"{CERTIFICATE}/chain.pem {CERTIFICATE}/key.pem"]


def serve_flags(url, plain, app_port):
    """The flags of bodega serve for clients that come to `url`; `plain` redirects there."""
    if NAME == "direct":
        return ["--edge-listen", url]
    if NAME == "tls":
        return listen_flags(url, plain)
    return ["--edge-listen=", "--app-listen", app_socket(app_port)]


def app_socket(number):
    """As the kit has it, a unix socket; its name is short, whatever folder the test is in."""
    return f"{tempfile.gettempdir()}/bodega-app-{number}.sock"


def start(binary, folder, url, plain, app_port, flags, env):
    """The front's own process, or None where bodega is its own. Raises AssertionError if NGINX refuses the file."""
    if NAME != "nginx":
        return None
    listen = listen_flags(url, plain)
    return start_nginx(binary, folder, url.rpartition(":")[2], [*listen, "--app-listen", app_socket(app_port), *flags], env)


def start_nginx(binary, folder, name, flags, env, beside=""):
    """NGINX by what `bodega kit nginx` prints with these flags, but for a machine's log and cache: its files are in
    `folder` and have `name` in theirs. beside: what else is in its http block, as a machine's other sites are."""
    printed = subprocess.run([binary, "kit", "nginx", *flags], cwd=folder, env=env, check=True, capture_output=True, text=True).stdout
    for path, here in (("/var/log/nginx/bodega-access.log", f"{folder}/nginx-access-{name}.log"),
                       ("/var/cache/nginx-bodega", f"{folder}/nginx-cache-{name}")):
        printed = printed.replace(path, here)
    with open(f"{folder}/bodega-{name}.conf", "w") as file:
        file.write(printed)
    with open(f"{folder}/nginx-{name}.conf", "w") as file:
        file.write(NGINX_CONF.format(name=name, beside=beside, user="user root;" if os.geteuid() == 0 else ""))
    command = ["nginx", "-p", folder, "-e", "nginx.log", "-c", f"{folder}/nginx-{name}.conf"]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True)
    if tested.returncode != 0:
        raise AssertionError("nginx -t: " + tested.stderr)
    return Nginx(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def serve(binary, folder, url, plain, app_port):
    env = {name: value for name, value in os.environ.items() if not name.startswith("BODEGA")}
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    nginx = start(binary, folder, url, plain, app_port, ["--node-data-dir", "bodega-data"], env)
    try:
        nginx.wait()
    finally:
        nginx.terminate()
        nginx.wait()


if __name__ == "__main__":
    serve(*sys.argv[1:])
