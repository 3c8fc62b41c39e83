"""A virtual machine for scripts that set up whole machines: a root assembled from this machine's /usr, with its own /etc,
/var, processes, mounts and network. machine_init.py is its cloud (metadata with IMDSv2, downloads). It ends with its
Machine and leaves nothing behind.

    with Machine(tools) as machine:
        machine.cloud(instance="i-1", user_data="#cloud-config …", files={"/ca.pem": b"…"})
        status, output = machine.run("cloud-init", "init")

Needs root.
"""
import base64
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from cloud_tools import PYTHON

STAND_INS = Path(__file__).resolve().parent.parent / "deploy/stand_ins"
# Files of /etc that programs of /usr read.
ETC = ("alternatives", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "login.defs", "nsswitch.conf", "ssl", "default/useradd", "pam.d", "security")
CLOUD_CONFIG = """\
datasource_list: [Ec2]
datasource: {Ec2: {timeout: 20, max_wait: 60}}
network: {config: disabled}
cloud_init_modules: [write-files]
cloud_config_modules: [runcmd]
cloud_final_modules: [scripts-user, final-message]
"""


class Machine:
    def __init__(self, tools):
        self.folder = Path(tempfile.mkdtemp(prefix="bodega-machine-"))
        self.root = self.folder / "root"
        self.lay_out(tools)
        command = ["unshare", "--mount", "--net", "--pid", "--ipc", "--uts", "--fork", "--kill-child", "--propagation", "private",
                   PYTHON, Path(__file__).with_name("machine_init.py"), self.root, tools.packages]
        self.init = subprocess.Popen([str(c) for c in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.init.kill()
        self.init.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def lay_out(self, tools):
        for name in ("etc/cloud", "etc/systemd/system", "etc/default", "var/lib", "var/log", "usr", "root", "tmp", "run", "proc", "dev",
                     "sys", "srv/efs", "opt/tools", "opt/aws/bin", "local/bin"):
            (self.root / name).mkdir(parents=True)
        for name in ("bin", "sbin", "lib", "lib64"):
            if Path("/" + name).is_symlink():
                (self.root / name).symlink_to("usr/" + name)
        for name in ETC:
            source, target = Path("/etc", name), self.root / "etc" / name
            if source.is_dir():
                shutil.copytree(source, target, symlinks=True)
            elif source.exists():
                shutil.copy(source, target)
        shutil.copytree(tools.root / "etc/cloud", self.root / "etc/cloud", dirs_exist_ok=True, symlinks=True)
        self.write("etc/cloud/cloud.cfg.d/99_machine.cfg", CLOUD_CONFIG)
        self.write("etc/passwd", "root:x:0:0:root:/root:/bin/bash\n")
        self.write("etc/group", "root:x:0:\n")
        self.write("etc/shadow", "root:*:19000:0:99999:7:::\n")
        self.write("etc/gshadow", "root:*::\n")
        self.write("etc/hosts", "127.0.0.1 localhost\n")
        self.write("etc/fstab", "/dev/xvda1 / xfs defaults 1 1\n")
        shutil.copytree(STAND_INS, self.root / "local/sbin")
        self.write("local/bin/cloud-init", '#!/bin/sh\nPYTHONPATH=/opt/tools exec python3 -m cloudinit.cmd.main "$@"\n', 0o755)

    def path(self, name):
        return self.root / name.lstrip("/")

    def read(self, name):
        return self.path(name).read_text()

    def lines(self, name):
        return self.read(name).splitlines() if self.path(name).exists() else []

    def write(self, name, text, mode=0o644):
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)

    def ask(self, question):
        self.init.stdin.write(json.dumps(question) + "\n")
        self.init.stdin.flush()
        answer = self.init.stdout.readline()
        if not answer:
            raise RuntimeError(f"the machine has ended with {self.init.wait()}")
        return json.loads(answer)

    def cloud(self, instance, user_data, files):
        """Sets the answers of the metadata service and of http://127.0.0.1:8000."""
        self.ask({"instance": instance, "user_data": user_data,
                  "files": {name: base64.b64encode(data).decode() for name, data in files.items()}})

    def run(self, *command, seconds=120):
        """(exit status, output)"""
        answer = self.ask({"run": [str(c) for c in command], "seconds": seconds})
        return answer["status"], answer["output"]

    def boot(self, is_image=False):
        """Runs cloud-init's stages as systemd does at each boot, until one fails. is_image: the machine may be a copy with
        another instance id."""
        shutil.rmtree(self.path("run/cloud-init"), ignore_errors=True)
        output = ""
        # Here the local stage only discards another instance's metadata.
        for stage in (*([["init", "--local"]] if is_image else []), ["init"], ["modules", "--mode=config"], ["modules", "--mode=final"]):
            status, said = self.run("cloud-init", *stage)
            output += said
            if status:
                return status, output
        return 0, output


def is_possible():
    return os.geteuid() == 0
