"""A private MariaDB for a test: in a temporary folder, on a free port of 127.0.0.1, ended with the `with` statement."""
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time


class Mariadb:
    """Has one account, bodega with `password`, with all rights on databases named bodega*."""

    password = "a pass phrase"

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="bodega-mariadb-")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.socket = os.path.join(self.folder, "s")
        self.log = open(os.path.join(self.folder, "log"), "wb")
        try:
            self._install()
            self.start()
        except Exception:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        child = getattr(self, "child", None)
        if child:
            child.kill()
            child.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _install(self):
        subprocess.run(
            ["mariadb-install-db", "--no-defaults", "--datadir=" + self.folder + "/data", "--skip-test-db",
             "--auth-root-authentication-method=normal", *self._user()],
            check=True, stdout=self.log, stderr=self.log)

    def stop(self, number=signal.SIGTERM):
        self.child.send_signal(number)
        self.child.wait(60)

    def start(self):
        path = os.environ["PATH"] + ":/usr/sbin"
        self.child = subprocess.Popen(
            ["mariadbd", "--no-defaults", "--datadir=" + self.folder + "/data", "--socket=" + self.socket,
             "--bind-address=127.0.0.1", f"--port={self.port}", "--skip-name-resolve", "--innodb-buffer-pool-size=32M",
             "--innodb-flush-log-at-trx-commit=2", "--performance-schema=OFF", *self._user()],
            stdout=self.log, stderr=self.log, env=dict(os.environ, PATH=path))
        end = time.monotonic() + 60
        while not self._answers():
            if self.child.poll() is not None or time.monotonic() > end:
                raise RuntimeError("mariadbd does not start; its log:\n" + open(self.log.name, errors="replace").read()[-2000:])
            time.sleep(0.05)

    def _user(self):
        return ["--user=root"] if os.geteuid() == 0 else []

    def _answers(self):
        sql = f"CREATE USER IF NOT EXISTS bodega@'%' IDENTIFIED BY '{self.password}'; GRANT ALL ON `bodega%`.* TO bodega@'%'"
        return os.path.exists(self.socket) and self.run(sql, check=False).returncode == 0

    def run(self, sql, check=True):
        """Runs statements as root."""
        return subprocess.run(["mariadb", "--no-defaults", "--user=root", "--socket=" + self.socket, "--batch", "--execute", sql],
                              check=check, capture_output=True, text=True)

    def database(self, name):
        """Creates an empty database and returns its URL; the password is passed separately, in DB_PASSWORD."""
        self.run(f"DROP DATABASE IF EXISTS `{name}`; CREATE DATABASE `{name}` CHARACTER SET utf8mb4")
        return f"mysql://bodega@127.0.0.1:{self.port}/{name}"
