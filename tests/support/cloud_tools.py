"""The tools that validate the files of deploy/, from deploy/build/recipes/cloud-tools.sh: unpacked, never installed."""
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# They are built for Debian's own Python, whatever else is on the PATH.
PYTHON = "/usr/bin/python3"


def run(*command, **more):
    return subprocess.run([str(c) for c in command], capture_output=True, text=True, **more)


class CloudTools:
    def __init__(self):
        done = run(ROOT / "deploy/build/dependency.sh", "cloud-tools")
        if done.returncode:
            raise RuntimeError(done.stderr)
        self.root = Path(done.stdout.strip(), "root")
        self.packages = self.root / "usr/lib/python3/dist-packages"

    def environment(self):
        return dict(os.environ, PYTHONPATH=f"{self.packages}:{self.root}/usr/lib/python3.11", LD_LIBRARY_PATH=str(self.root / "usr/lib/x86_64-linux-gnu"))

    def cloud_init(self, *words):
        return run(PYTHON, "-m", "cloudinit.cmd.main", *words, env=self.environment())

    def compose(self, *words, **more):
        return run(PYTHON, self.root / "usr/bin/docker-compose", *words, env=self.environment(), **more)

    def json_schema(self, schema, document):
        return run(PYTHON, "-m", "jsonschema", "--instance", document, schema, env=self.environment())

    def logrotate(self, *words):
        return run(self.root / "usr/sbin/logrotate", *words, env=self.environment())

    def promtool(self, *words):
        return run(self.root / "usr/bin/promtool", *words)
