#!/usr/bin/env python3
"""The user data turns a bare machine into a node: checked by cloud-init's schema and by shellcheck, then really booted by
cloud-init from a metadata service with IMDSv2, in its own root, where it mounts, downloads and starts bodega."""
import hashlib
import json
import os
import re
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/support"))
from checks import check, finish, skip
from cloud_tools import CloudTools, run
from machine import Machine, is_possible

USER_DATA = ROOT / "deploy/cloud-init/user-data.yaml"
NODE = ROOT / "deploy/cloud-init/node.sh"
BINARY = Path(os.environ.get("BODEGA", ROOT / "build/bodega")).read_bytes()
AGENT = "opt/aws/amazon-cloudwatch-agent/"
RELEASE = "/bodega-linux-amd64"
SHA256 = hashlib.sha256(BINARY).hexdigest()
# Characters that need quoting in a shell and in .env.
DATABASE_PASSWORD = "a\\b\"c$d'e#f `g`"
ADMIN_PASSWORD = "correct horse $battery"
SIGN_IN = """
import http.client, json
c = http.client.HTTPConnection("127.0.0.1", 8080)
c.request("POST", "/api/v1/session", json.dumps({"username": "admin", "password": %r}),
          {"Content-Type": "application/json", "Origin": "http://127.0.0.1:8080"})
print(c.getresponse().status)
""" % ADMIN_PASSWORD


def user_data(**settings):
    """The file as an operator would fill it in."""
    text = USER_DATA.read_text()
    for name, value in settings.items():
        text, count = re.subn(rf"^( +){name}=.*$", lambda match: f"{match[1]}{name}={value}", text, flags=re.MULTILINE)
        assert count == 1, name
    return text


def script_of(text):
    """/usr/local/sbin/bodega-node as cloud-init would write it."""
    body = text.split("path: /usr/local/sbin/bodega-node\n")[1].split("content: |\n")[1].split("\nruncmd:")[0]
    return "".join(line[6:] + "\n" for line in body.splitlines())


def check_file(tools):
    done = tools.cloud_init("schema", "--config-file", USER_DATA)
    check("cloud-init's schema accepts the user data", done.returncode == 0 and "Valid cloud-config" in done.stdout, done)
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as wrong:
        wrong.write(USER_DATA.read_text().replace("runcmd:", "runcmd: 3\nwrite_file:"))
        wrong.flush()
        check("the check would not accept another", tools.cloud_init("schema", "--config-file", wrong.name).returncode != 0)
    check("the user data fits into 16 KiB with room for settings", USER_DATA.stat().st_size < 14 * 1024, USER_DATA.stat().st_size)
    with tempfile.NamedTemporaryFile("w", suffix=".sh") as script:
        script.write(script_of(USER_DATA.read_text()))
        script.flush()
        done = run("shellcheck", "--severity=style", script.name, NODE)
        check("shellcheck finds nothing in the two scripts", done.returncode == 0, done.stdout)


def keep_secrets(machine, database_password):
    machine.write("srv/aws.json", json.dumps({
        "parameters": {"/bodega/admin-password": ADMIN_PASSWORD, "/bodega/cluster": "a secret of all nodes"},
        "secrets": {"bodega/database": json.dumps({"username": "bodega", "password": database_password})}}))


def prepare(machine, **settings):
    keep_secrets(machine, DATABASE_PASSWORD)
    for name in ("mount.nfs4", "mount.efs"):
        machine.write("local/sbin/" + name, "#!/bin/sh\n", 0o755)
    machine.write(AGENT + "bin/amazon-cloudwatch-agent-ctl", '#!/bin/sh\necho "$@" >>/srv/agent.log\n', 0o755)
    machine.path(AGENT + "etc").mkdir()
    wanted = {"RELEASE_URL": "http://127.0.0.1:8000" + RELEASE, "RELEASE_SHA256": SHA256, "READY_LIMIT": "60",
              "DATABASE_CA_URL": "http://127.0.0.1:8000/ca.pem", "STACK": "files", "SCALING_GROUP": "files", "LOG_GROUP": "a-group"}
    machine.cloud("i-0aaa", user_data(**{**wanted, **settings}), {RELEASE: BINARY, "/ca.pem": b"an authority\n"})


def check_logs(machine):
    agent = json.loads(machine.read(AGENT + "etc/bodega.json"))
    collected = agent["logs"]["logs_collected"]["files"]["collect_list"]
    check("the node's logs go to the stack's log group", {f["log_group_name"] for f in collected} == {"a-group"} and
          {f["file_path"] for f in collected} == {f"/mnt/shared/logs/i-0aaa/{name}.log" for name in ("error", "access")}, agent)
    _, output = machine.run("stat", *(f["file_path"] for f in collected))
    check("the log agent reads the files that bodega writes", "No such file" not in output, output)
    check("the logs are sent by CloudWatch's agent", machine.lines("srv/agent.log") == [f"-a fetch-config -m ec2 -s -c file:/{AGENT}etc/bodega.json"], machine.lines("srv/agent.log"))


def service(machine):
    """The process id of the running bodega; 0: none runs."""
    return int(machine.read("run/bodega.pid")) if machine.path("run/bodega.pid").exists() else 0


# A node with SQLite, so that the real binary starts; other checks cover the settings of a database.
ALONE = {"DB_HOST": "", "BODEGA_NODE_DRAIN_DELAY": "0s"}


def check_first_boot(machine):
    machine.write("srv/mount-fails", "once\n")
    status, output = machine.boot()
    check("cloud-init boots the node", status == 0 and "bodega-node: SUCCESS" in output, output[-1500:])
    options = "nfsvers=4.1,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,noresvport,_netdev"
    check("the shared directory is in fstab with EFS's options", machine.lines("etc/fstab")[1:] == [
        f"fs-0123456789abcdef0.efs.us-east-1.amazonaws.com:/ /mnt/shared nfs4 {options} 0 0"], machine.lines("etc/fstab"))
    check("a mount that fails at first is tried again", machine.lines("srv/mount.log") == ["/mnt/shared"], output)
    _, listed = machine.run("stat", "-c", "%a %U %n", "/etc/bodega/.env", "/etc/bodega/admin-password", "/etc/bodega/node.conf", "/mnt/shared")
    check("each file is readable only by its reader", listed.splitlines() == [
        "600 bodega /etc/bodega/.env", "600 bodega /etc/bodega/admin-password", "600 root /etc/bodega/node.conf", "755 bodega /mnt/shared"], listed)
    _, said = machine.run("python3", "-c", SIGN_IN)
    check("bodega runs, and the administrator's password is the one in Parameter Store", said == "200\n", said)
    check("files go to the shared directory", machine.path("srv/efs/blobs").is_dir(), list(machine.path("srv/efs").iterdir()))
    calls = machine.lines("srv/aws.log")
    check("the result is reported once to the group and once to the stack", [c.split(" --")[0] for c in calls] == [
        "ssm get-parameter", "cloudformation signal-resource", "autoscaling complete-lifecycle-action"] and
        "--unique-id i-0aaa --status SUCCESS" in calls[1] and "--lifecycle-action-result CONTINUE" in calls[2], calls)
    check("no secret is in the output", ADMIN_PASSWORD not in output + "".join(calls), output)
    check("the service starts at each boot", "enable bodega.service" in machine.lines("srv/systemctl.log"), machine.lines("srv/systemctl.log"))


def state(machine):
    files = ["etc/fstab", "etc/bodega/.env", "etc/systemd/system/bodega.service", "local/bin/bodega", "etc/passwd"]
    return [(name, machine.path(name).stat().st_mtime_ns, machine.path(name).stat().st_ino) for name in files] + [service(machine)]


def check_again(machine):
    before = state(machine)
    status, output = machine.boot()
    check("a second boot leaves the node as it is", status == 0 and state(machine) == before, output)
    status, output = machine.run("/usr/local/sbin/bodega-node")
    check("a second run of the script changes nothing and restarts nothing", status == 0 and state(machine) == before, (output, before, state(machine)))
    check("a second run mounts nothing twice", machine.lines("srv/mount.log") == ["/mnt/shared"], machine.lines("srv/mount.log"))


def mounted(machine):
    """The kernel's mount at the shared directory, without its options."""
    return [" ".join(line.split()[1:3]) for line in machine.lines("srv/mounts")]


def check_other_share(machine):
    """The node changes to another file system, or to another way to it, or nothing changes."""
    first = ["fs-0123456789abcdef0.efs.us-east-1.amazonaws.com:/ nfs4"]
    other = ["fs-0ffffffffffffffff.efs.us-east-1.amazonaws.com:/ nfs4"]
    machine.write("srv/replicas", "fs-0ffffffffffffffff\n")
    machine.write("srv/umount-fails", "")
    before, fstab = service(machine), machine.read("etc/fstab")
    status, output = rerun(machine, "SHARED_FILE_SYSTEM=fs-0123456789abcdef0", "SHARED_FILE_SYSTEM=fs-0ffffffffffffffff")
    check("a mounted directory that is in use is not replaced: the script fails, and says so", status != 0 and "is in use" in output and
          mounted(machine) == first and machine.read("etc/fstab") == fstab and "FAILURE" in machine.lines("srv/aws.log")[-2], output)
    check("the service continues with the old mount", service(machine) not in (0, before), output)
    machine.path("srv/umount-fails").unlink()
    before = service(machine)
    status, output = machine.run("/usr/local/sbin/bodega-node")
    check("another file system is mounted in its place", status == 0 and mounted(machine) == other and
          machine.read("etc/fstab").count("/mnt/shared") == 1, (output, mounted(machine)))
    machine.write("srv/replicas", "")
    machine.run("touch", "/mnt/shared/seen")
    check("the service is stopped meanwhile, and writes to the new mount afterwards", service(machine) not in (0, before) and
          machine.path("srv/fs-0ffffffffffffffff/seen").exists() and not machine.path("srv/efs/seen").exists() and
          "stop bodega.service" in machine.lines("srv/systemctl.log"), machine.lines("srv/systemctl.log"))
    status, output = rerun(machine, "ENCRYPT_IN_TRANSIT=no", "ENCRYPT_IN_TRANSIT=yes")
    check("the same file system is mounted again over TLS", status == 0 and mounted(machine) == ["127.0.0.1:/ nfs4"] and
          machine.path("run/efs/fs-0ffffffffffffffff.mnt.shared.20345").exists(), (output, mounted(machine)))
    before = state(machine)
    status, output = machine.run("/usr/local/sbin/bodega-node")
    check("a second run does not touch the TLS mount", status == 0 and state(machine) == before, output)
    # As if an earlier run had ended between fstab and the mount.
    machine.write("srv/replicas", "efs\n")
    machine.write("etc/bodega/node.conf", machine.read("etc/bodega/node.conf").replace("fs-0ffffffffffffffff", "fs-0123456789abcdef0"), 0o600)
    machine.write("etc/fstab", machine.read("etc/fstab").replace("fs-0ffffffffffffffff", "fs-0123456789abcdef0"))
    status, output = machine.run("/usr/local/sbin/bodega-node")
    check("the real mount counts, not fstab", status == 0 and machine.path("run/efs/fs-0123456789abcdef0.mnt.shared.20345").exists(), output)
    machine.write("srv/replicas", "")
    status, output = rerun(machine, "ENCRYPT_IN_TRANSIT=yes", "ENCRYPT_IN_TRANSIT=no")
    check("the file system is mounted again without TLS", status == 0 and mounted(machine) == first, (output, mounted(machine)))
    machine.write("srv/mounts", machine.read("srv/mounts").replace(",hard", ",soft"))
    status, output = machine.run("/usr/local/sbin/bodega-node")
    check("changed options are mounted again, too", status == 0 and ",hard," in machine.read("srv/mounts"), (output, machine.read("srv/mounts")))


def check_change(machine):
    before = service(machine)
    conf = machine.read("etc/bodega/node.conf")
    machine.write("etc/bodega/node.conf", conf + "BODEGA_LOG_LEVEL=debug\n", 0o600)
    status, output = machine.run("/usr/local/sbin/bodega-node")
    check("a changed setting restarts the service with it", status == 0 and service(machine) != before and
          "BODEGA_LOG_LEVEL=debug" in machine.lines("etc/bodega/.env"), output)
    before = state(machine)
    machine.write("etc/bodega/node.conf", conf.replace(SHA256, "0" * 64), 0o600)
    status, output = machine.run("/usr/local/sbin/bodega-node")
    check("a release with a wrong checksum is refused", status != 0 and "nothing was installed" in output, output)
    check("the node continues with its old release", state(machine) == before and not machine.path("local/bin/bodega.new").exists(), output)
    check("the failure is reported to the stack and the group", "FAILURE" in machine.lines("srv/aws.log")[-2] and
          "ABANDON" in machine.lines("srv/aws.log")[-1], machine.lines("srv/aws.log"))


def check_image(machine):
    """An instance of an image that was made from this node."""
    machine.write("etc/bodega/node.conf", "", 0o600)
    machine.cloud("i-0bbb", user_data(RELEASE_URL="http://127.0.0.1:8000/none", RELEASE_SHA256=SHA256, **ALONE), {})
    status, output = machine.boot(is_image=True)
    check("an instance of its image is a new node, and needs no download", status == 0 and
          'BODEGA_NODE_NAME="i-0bbb"' in machine.lines("etc/bodega/.env"), output)


def rerun(machine, old, new):
    """The script once more, after a change of node.conf: (exit status, what it wrote)."""
    conf = machine.read("etc/bodega/node.conf")
    assert old in conf, old
    machine.write("etc/bodega/node.conf", conf.replace(old, new), 0o600)
    return machine.run("/usr/local/sbin/bodega-node")


def check_refusals(machine):
    machine.boot()
    check("on a new machine a wrong checksum installs and starts nothing", not machine.path("local/bin/bodega").exists() and
          not service(machine) and not machine.path("etc/systemd/system/bodega.service").exists(), machine.lines("srv/aws.log"))
    check("the launch of a failed node is abandoned", "--lifecycle-action-result ABANDON" in machine.lines("srv/aws.log")[-1], machine.lines("srv/aws.log"))
    status, output = rerun(machine, "1" * 64, SHA256)
    check("a secret that the role may not read ends it before .env", status != 0 and "AccessDenied" in output and
          not machine.path("etc/bodega/.env").exists() and not service(machine), output)


def check_database(machine):
    """A node whose settings name a database, which is not there."""
    machine.write("opt/aws/bin/cfn-signal", '#!/bin/sh\necho "$@" >>/srv/cfn-signal.log\n', 0o755)
    status, output = rerun(machine, "bodega/forbidden", "bodega/database")
    check("a node that is not ready in time says so to cfn-signal", status != 0 and machine.lines("srv/cfn-signal.log") == [
        "--exit-code 1 --stack files --resource Nodes --region us-east-1"], machine.lines("srv/cfn-signal.log"))
    check("efs-utils mounts over TLS", machine.lines("etc/fstab")[1:] == [
        "fs-0123456789abcdef0:/ /mnt/shared efs tls,noresvport,_netdev 0 0"], machine.lines("etc/fstab"))
    env = machine.read("etc/bodega/.env")
    check("the database's password is the one in Secrets Manager, in a separate file",
          machine.read("etc/bodega/database-password") == DATABASE_PASSWORD + "\n" and
          'DB_PASSWORD_FILE="/etc/bodega/database-password"' in env.splitlines() and "DB_PASSWORD=" not in env, env)
    check("the database's CA bundle is where DB_SSL_CA says", 'DB_SSL_CA="/etc/bodega/database-ca.pem"' in env.splitlines() and
          machine.read("etc/bodega/database-ca.pem") == "an authority\n", env)
    check("the fleet's secret is in a separate file", machine.read("etc/bodega/cluster-secret") == "a secret of all nodes\n" and
          'BODEGA_EDGE_ACME_SECRET_FILE="/etc/bodega/cluster-secret"' in env.splitlines(), env)
    _, listed = machine.run("stat", "-c", "%a %U %n", "/etc/bodega/database-password", "/etc/bodega/cluster-secret")
    check("no secret is in another secret's file", listed == "600 bodega /etc/bodega/database-password\n600 bodega /etc/bodega/cluster-secret\n", listed)
    _, output = machine.run("sh", "-c", "cd /etc/bodega && /usr/local/bin/bodega migrate --database-connect-timeout 1s --database-start-wait 1s")
    check("bodega accepts all settings", "127.0.0.1" in output and "config" not in output.lower(), output)


def check_rotation(machine):
    """The database's secret has another value."""
    env = machine.read("etc/bodega/.env")
    keep_secrets(machine, "another")
    machine.run("/usr/local/sbin/bodega-node")
    check("a new password of the database is in its file", machine.read("etc/bodega/database-password") == "another\n" and
          machine.read("etc/bodega/.env") == env, env)
    check("a new password does not restart the service", machine.lines("srv/systemctl.log")[-1] == "start bodega.service" and
          not machine.path("run/bodega-node.changed").exists(), machine.lines("srv/systemctl.log"))


def check_old_systemd(machine):
    def directives():
        unit = machine.read("etc/systemd/system/bodega.service")
        return re.findall(r"^(SystemCall\w+)=", unit, re.MULTILINE)

    before = directives()
    machine.write("srv/systemd-version", "219")
    machine.run("/usr/local/sbin/bodega-node")
    check("a systemd that does not know the filter's sets gets no filter", "SystemCallFilter" in before and
          directives() == ["SystemCallArchitectures"], (before, directives()))


def main():
    tools = CloudTools()
    check_file(tools)
    if not is_possible():
        skip("booting machines", "namespaces with several users need root")
        finish()
    with Machine(tools) as machine:
        prepare(machine, **ALONE)
        check_first_boot(machine)
        check_logs(machine)
        check_again(machine)
        check_other_share(machine)
        check_change(machine)
        check_image(machine)
    with Machine(tools) as machine:
        prepare(machine, RELEASE_SHA256="1" * 64, READY_LIMIT="0", ENCRYPT_IN_TRANSIT="yes", DB_HOST="127.0.0.1", DATABASE_SECRET="bodega/forbidden",
                CLUSTER_SECRET="ssm:/bodega/cluster")
        check_refusals(machine)
        check_database(machine)
        check_rotation(machine)
        check_old_systemd(machine)
    finish()


if __name__ == "__main__":
    main()
