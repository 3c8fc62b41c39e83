"""A private mariadbd, or MySQL 9's mysqld, for a test: in the test's folder, on a free port of 127.0.0.1, ended with the place."""
import os
import shutil
import subprocess

from bodega import Failed, free_port, until

PASSWORD = "e2e-secret"


def is_there():
    return shutil.which("mariadbd") and shutil.which("mariadb-install-db")


class MariaDB:
    program = "mariadbd"

    def __init__(self, place, address="127.0.0.1", options=()):
        self.place, self.port, self.address, self.options = place, free_port(), address, list(options)
        self.folder = os.path.join(place.path, os.path.basename(self.program))
        self.socket = self.folder + ".sock"
        self.install()
        self.start()
        self.sql(f"CREATE USER bodega@'%' IDENTIFIED BY '{PASSWORD}'; GRANT ALL ON *.* TO bodega@'%'")

    def install(self):
        done = subprocess.run(self.initialise() + self.as_user(), capture_output=True, text=True)
        if done.returncode != 0:
            raise Failed(done.stdout + done.stderr)

    def initialise(self):
        return ["mariadb-install-db", "--no-defaults", f"--datadir={self.folder}", "--auth-root-authentication-method=normal", "--skip-test-db"]

    @staticmethod
    def as_user():
        return ["--user=root"] if os.geteuid() == 0 else []

    def start(self):
        command = [self.program, "--no-defaults", f"--datadir={self.folder}", f"--socket={self.socket}", f"--bind-address={self.address}",
                   f"--port={self.port}", "--innodb-buffer-pool-size=32M", "--innodb-flush-log-at-trx-commit=1", "--skip-name-resolve",
                   "--skip-log-bin", f"--pid-file={self.folder}/pid", f"--log-error={self.folder}/log", *self.options]
        self.process = subprocess.Popen(command + self.as_user(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.place.processes.append(self.process)
        until(self.answers, "mariadbd answers", 60, 0.1)

    def stop(self):
        self.process.terminate()
        self.process.wait(60)

    def answers(self):
        if self.process.poll() is not None:
            raise Failed(f"mariadbd ended: {open(self.folder + '/log', errors='replace').read()[-1500:]}")
        return self.query("SELECT 1").returncode == 0

    def query(self, statement):
        command = ["mariadb", "--no-defaults", f"--socket={self.socket}", "--user=root", "--batch", "--skip-column-names", "-e", statement]
        return subprocess.run(command, capture_output=True, text=True)

    def sql(self, statement):
        done = self.query(statement)
        if done.returncode != 0:
            raise Failed(done.stderr)
        return done.stdout

    def new_database(self, name):
        """The environment that names a new, empty database."""
        self.sql(f"CREATE DATABASE {name}")
        return {"DB_HOST": self.address, "DB_PORT": str(self.port), "DB_NAME": name, "DB_USER": "bodega", "DB_PASSWORD": PASSWORD}


class MySQL9(MariaDB):
    """The server of Debian's unstable suite; not available where that can't be reached."""

    @staticmethod
    def is_there():
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../deploy/build/dependency.sh")
        done = subprocess.run([script, "mysql-server"], capture_output=True, text=True)
        MySQL9.program = done.stdout.strip() + "/mysqld"
        return done.returncode == 0

    def __init__(self, place, address="127.0.0.1", options=()):
        super().__init__(place, address, ["--mysqlx=OFF", *options])

    def initialise(self):
        return [self.program, "--no-defaults", "--initialize-insecure", f"--datadir={self.folder}"]
