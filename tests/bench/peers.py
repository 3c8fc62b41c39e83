"""The peers: Debian's nginx, rclone and MariaDB, and a Flask service behind gunicorn and nginx."""
import os
import subprocess

from process import Process, answers, free_port, make_certificate, wait_for

HERE = os.path.dirname(os.path.abspath(__file__))

NGINX_BASE = """
worker_processes auto;
pid {dir}/nginx.pid;
error_log {dir}/error.log;
worker_rlimit_nofile 16384;
events {{ worker_connections 12000; }}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 100000000;
    client_max_body_size 0;
    client_body_temp_path {dir}/body;
    proxy_temp_path {dir}/proxy;
    fastcgi_temp_path {dir}/fastcgi;
    uwsgi_temp_path {dir}/uwsgi;
    scgi_temp_path {dir}/scgi;
"""
NGINX = """
    upstream flask {{ server unix:{dir}/flask.sock; keepalive 64; }}
    server {{
        listen 127.0.0.1:{http2_port} http2;
        location /livez {{ default_type text/plain; return 200 "ok\\n"; }}
    }}
    server {{
        listen 127.0.0.1:{tls_port} ssl;
        ssl_certificate {certificate};
        ssl_certificate_key {key};
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_session_tickets on;
        location /livez {{ default_type text/plain; return 200 "ok\\n"; }}
        location /files/ {{ alias {dir}/files/; }}
    }}
    server {{
        listen 127.0.0.1:{port};
        location /files/ {{ alias {dir}/files/; }}
        location /dav/ {{ alias {dir}/dav/; dav_methods PUT DELETE; }}
        location /api/ {{ proxy_pass http://flask; proxy_http_version 1.1; proxy_set_header Connection ""; }}
    }}
"""


def nginx_configuration(folder, http):
    """For a nginx whose files are all in a folder, with what its http block serves."""
    return NGINX_BASE.format(dir=folder) + http + "}\n"


class Nginx:
    def __init__(self, folder):
        for sub in ("files", "dav", "body"):
            os.makedirs(f"{folder}/{sub}", exist_ok=True)
        subprocess.run(["chmod", "-R", "a+rwX", folder], check=True)
        self.folder, self.port, http2_port = folder, free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.http2_url = f"http://127.0.0.1:{http2_port}"
        self.tls_port = free_port()
        certificate, key = make_certificate(folder)
        http = NGINX.format(dir=folder, port=self.port, http2_port=http2_port, tls_port=self.tls_port, certificate=certificate, key=key)
        open(f"{folder}/nginx.conf", "w").write(nginx_configuration(folder, http))
        open(f"{folder}/files/up", "w").write("up")
        os.chmod(f"{folder}/files/up", 0o644)
        self.process = Process(["/usr/sbin/nginx", "-p", folder, "-c", f"{folder}/nginx.conf", "-g", "daemon off;"], log=f"{folder}/log")
        wait_for(lambda: answers(self.url + "/files/up"), "nginx")


class MariaDB:
    """A private server in a folder, on a unix socket and a port, with one database and one user."""

    def __init__(self, folder):
        data, self.socket, self.port = f"{folder}/data", f"{folder}/s", free_port()
        os.makedirs(data)
        os.chmod(folder, 0o755)
        user = ["--user=root"] if os.getuid() == 0 else []
        subprocess.run(["mariadb-install-db", "--no-defaults", *user, f"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db"],
                       check=True, capture_output=True)
        argv = ["/usr/sbin/mariadbd", "--no-defaults", *user, f"--datadir={data}", f"--socket={self.socket}", "--bind-address=127.0.0.1", f"--port={self.port}",
                "--innodb-buffer-pool-size=1G", "--max-connections=300", "--skip-name-resolve"]
        self.process = Process(argv, log=f"{folder}/log")
        wait_for(lambda: self.run("SELECT 1", check=False) == 0, "mariadbd", 60)
        self.run("CREATE DATABASE bodega CHARACTER SET utf8mb4; CREATE DATABASE flask CHARACTER SET utf8mb4;"
                 "CREATE USER 'bench'@'%' IDENTIFIED BY 'bench-password'; GRANT ALL ON *.* TO 'bench'@'%'")

    def run(self, sql, database="", check=True):
        argv = ["mariadb", "--no-defaults", "-uroot", "-S", self.socket, *([database] if database else [])]
        done = subprocess.run(argv, input=sql, text=True, capture_output=True)
        if check and done.returncode != 0:
            raise SystemExit(f"bench: MariaDB refused: {done.stderr}")
        return done.returncode

    def environment(self, database):
        return {"DB_HOST": "127.0.0.1", "DB_PORT": str(self.port), "DB_NAME": database, "DB_USER": "bench", "DB_PASSWORD": "bench-password"}


class Flask:
    """The service that bodega replaces, reduced to the measured call: session, rights, 100 rows, JSON."""

    def __init__(self, folder, nginx, mariadb):
        mariadb.run(open(f"{HERE}/flask_peer.sql").read(), "flask")
        env = {**os.environ, **mariadb.environment("flask")}
        argv = ["gunicorn", "--workers", str(2 * os.cpu_count() + 1), "--bind", f"unix:{nginx.folder}/flask.sock", "--umask", "0", "flask_peer:app"]
        self.process = Process(argv, cwd=HERE, env=env, log=f"{folder}/log")
        self.url = nginx.url + "/api/listing/1"
        self.headers = ["Cookie: session=bench-session"]
        wait_for(lambda: answers(self.url, {"Cookie": "session=bench-session"}), "gunicorn")


class Rclone:
    def __init__(self, folder):
        os.makedirs(folder, exist_ok=True)
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.process = Process(["rclone", "serve", "webdav", folder, "--addr", f"127.0.0.1:{port}"], log=f"{folder}.log")
        wait_for(lambda: answers(self.url + "/"), "rclone")
