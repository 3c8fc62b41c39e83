"""The front between the clients and the app under test, selected by BODEGA_FRONT: the embedded edge in plain HTTP (direct) or
with TLS (tls), or a real NGINX with the kit's file and TLS (nginx).

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

# The part of NGINX's configuration that the distribution's package has; the rest is printed by `bodega kit nginx`.
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
    # For the curl that tests call.
    os.environ["CURL_CA_BUNDLE"] = f"{CERTIFICATE}/ca.pem"


class Nginx(subprocess.Popen):
    def kill(self):
        """Sends SIGTERM, because a master killed by SIGKILL leaves its workers behind."""
        self.terminate()


def listen_flags(url, plain):
    return ["--edge-listen", url, "--edge-listen", f"{plain} redirect",
            "--edge-tls-certificates", f"{CERTIFICATE}/chain.pem {CERTIFICATE}/key.pem"]


def serve_flags(url, plain, app_port):
    """The flags of bodega serve for clients that use `url`; `plain` redirects there."""
    if NAME == "direct":
        return ["--edge-listen", url]
    if NAME == "tls":
        return listen_flags(url, plain)
    return ["--edge-listen=", "--app-listen", app_socket(app_port)]


def app_socket(number):
    """A unix socket, as in the kit, with a short name in whatever folder the test is."""
    return f"{tempfile.gettempdir()}/bodega-app-{number}.sock"


def start(binary, folder, url, plain, app_port, flags, env):
    """The front's process, or None where bodega is the front. Raises AssertionError if NGINX refuses the file."""
    if NAME != "nginx":
        return None
    listen = listen_flags(url, plain)
    return start_nginx(binary, folder, url.rpartition(":")[2], [*listen, "--app-listen", app_socket(app_port), *flags], env)


def start_nginx(binary, folder, name, flags, env, beside=""):
    """Starts NGINX with the file that `bodega kit nginx` prints for these flags, except for the paths of log and cache, which are
    in `folder` and contain `name`. beside: more of its http block, like a machine's other sites."""
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
