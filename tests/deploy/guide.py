#!/usr/bin/env python3
"""The guides' commands hold: deploy/README.md's are run one after the other on a machine of their own, those that need AWS
are held against the AWS CLI's own checks and the templates' parameters, settings are read by bodega, and what needs
something else is at least shell."""
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
from cloud_tools import PYTHON, CloudTools, run
from machine import Machine, is_possible

BINARY = Path(os.environ.get("BODEGA", ROOT / "build/bodega")).resolve()
GUIDES = sorted([ROOT / "deploy/README.md", *(ROOT / "deploy").glob("*/README.md")])
BLOCK = re.compile(r"^```(.*)\n((?:.*\n)*?)^```$", re.MULTILINE)
NEEDS = ("AWS", "Docker", "Kubernetes")
# Whose test runs the plain blocks.
ELSEWHERE = {"containers": "tests/deploy/containers.mjs"}
RELEASE = "bodega-1.2.3-linux-amd64"
# The AWS CLI's stand-in keeps its words, and answers with a word, a secret, or what an object's query finds of a database.
AWS = """#!/usr/bin/python3
import json, os, sys
words = sys.argv[1:]
open("calls", "a").write(json.dumps(words) + "\\n")
query = words[words.index("--query") + 1] if "--query" in words else ""
if ".{" in query:
    sys.path.append(os.environ["PACKAGES"])
    import jmespath
    print(json.dumps(jmespath.search(query, json.loads(os.environ["DATABASE"]))))
elif query == "SecretString":
    print('{"username": "bodega", "password": "a password"}')
else:
    print("Successful")
"""
DATABASE = {"DBInstances": [{
    "DBSubnetGroup": {"DBSubnetGroupName": "subnets"}, "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1", "Status": "active"}],
    "DBParameterGroups": [{"DBParameterGroupName": "settings", "ParameterApplyStatus": "in-sync"}], "MultiAZ": True, "StorageType": "gp3",
    "MaxAllocatedStorage": 200, "EnabledCloudwatchLogsExports": ["error", "slowquery"], "CopyTagsToSnapshot": True,
    "PubliclyAccessible": False}]}


def blocks_of(guide):
    """[(what it is, its text)]"""
    return BLOCK.findall(guide.read_text())


def check_kinds():
    kinds = {"sh", "ini", *(f"sh needs {what}" for what in NEEDS)}
    found = [(guide.parent.name, kind) for guide in GUIDES for kind, _ in blocks_of(guide)]
    check(f"each of {len(found)} blocks says what it is", len(found) > 20 and all(kind in kinds for _, kind in found), found)
    plain = {folder for folder, kind in found if kind == "sh"}
    check("the plain ones are run here or by a test of their own", plain == {"deploy", *ELSEWHERE} and
          all((ROOT / test).exists() for test in ELSEWHERE.values()), plain)
    wrong = []
    for guide in GUIDES:
        for kind, text in blocks_of(guide):
            done = run("bash", "-n", "-c", text)
            wrong += [(guide.name, text, done.stderr)] if kind.startswith("sh") and done.returncode else []
    check("they are shell", not wrong, wrong)
    links = [(guide, link) for guide in GUIDES for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", guide.read_text())]
    gone = [(str(guide), link) for guide, link in links if not (guide.parent / link).exists()]
    check(f"their {len(links)} links lead somewhere", len(links) > 5 and not gone, gone)
    readme = (ROOT / "deploy/README.md").read_text()
    anchors = {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in re.findall(r"^## (.*)$", readme, re.MULTILINE)}
    asked = set(re.findall(r"\]\(#([^)]*)\)", readme))
    check("and within the page too", asked <= anchors, asked - anchors)


def collect(text, folder, tools):
    """The words of each call of aws in a script, which is run with the stand-in."""
    for name, body in {"aws": AWS, "bodega": f'#!/bin/sh\nexec {BINARY} "$@"\n', "docker": "#!/bin/sh\nexec cat >/dev/null\n"}.items():
        Path(folder, name).write_text(body)
        Path(folder, name).chmod(0o755)
    Path(folder, "bodega-linux-amd64").write_text("a binary")
    Path(folder, "bodega.yaml").write_text((ROOT / "deploy/aws/bodega.yaml").read_text())
    env = dict(os.environ, PATH=f"{folder}:{os.environ['PATH']}", BUCKET="a-bucket", FILES="fs-0123456789abcdef0",
               PACKAGES=str(tools.packages), DATABASE=json.dumps(DATABASE))
    done = run("bash", "-euo", "pipefail", "-c", text, cwd=folder, env=env)
    calls = Path(folder, "calls")
    words = [json.loads(line) for line in calls.read_text().splitlines()] if calls.exists() else []
    calls.unlink(missing_ok=True)
    return done, words


def ask(tools, calls):
    """The CLI's answers: (call, answer)."""
    env = dict(tools.environment(), AWS_ACCESS_KEY_ID="none", AWS_SECRET_ACCESS_KEY="none", AWS_DEFAULT_REGION="us-east-1",
               AWS_EC2_METADATA_DISABLED="true", AWS_PAGER="", HOME=tempfile.gettempdir())
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "bodega-linux-amd64").write_text("a binary")
        Path(folder, "bodega.yaml").write_text("Resources: {}\n")
        done = run(PYTHON, ROOT / "tests/support/aws_cli.py", input="".join(json.dumps(c) + "\n" for c in calls), env=env, cwd=folder)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    check("the AWS CLI was asked for each command", len(answers) == len(calls), done.stderr[-1500:])
    return list(zip(calls, answers))


def override_problems(calls, template):
    known = set(re.findall(r"^  (\w+):\n    Type: ", (ROOT / template).read_text().split("\nConditions:")[0], re.MULTILINE))
    given = {word.split("=")[0] for words in calls if "--parameter-overrides" in words
             for word in words[words.index("--parameter-overrides") + 1:] if re.match(r"[A-Z]\w*=", word)}
    return sorted(given - known), given


def check_standby(calls):
    standby = [words for words in calls if words[1].endswith("-standby")]
    check("a node on standby leaves the fleet as large as it was, and comes back", [words[1] for words in standby] == ["enter-standby", "exit-standby"] and
          "--no-should-decrement-desired-capacity" in standby[0], standby)


def check_rotation(calls):
    by_verb = {words[1]: words for words in calls}
    put = by_verb["put-secret-value"]
    check("a new password leaves the secret's other fields", json.loads(put[-1]) == {"username": "bodega", "password": "Successful"}, put)
    last = [words for words in calls if "--master-user-password" in words]
    check("the nodes have it before the database", len(last) == 1 and "a password" in last[0] and
          calls.index(put) < calls.index(by_verb["list-commands"]) < calls.index(last[0]), calls)


def check_restore(calls):
    """A database that is brought back has the settings of the one whose name it takes."""
    by_verb = {words[1]: words for words in calls}
    restore = by_verb["restore-db-instance-to-point-in-time"]
    same = json.loads(restore[restore.index("--cli-input-json") + 1])
    check("a database is brought back with all that it had", None not in same.values() and same["VpcSecurityGroupIds"] == ["sg-1"] and
          same["DBSubnetGroupName"] == "subnets" and same["DBParameterGroupName"] == "settings" and same["MultiAZ"] is True and same["PubliclyAccessible"] is False, same)
    verbs = [words[1] for words in calls]
    down, up = [i for i, verb in enumerate(verbs) if verb == "update-auto-scaling-group"]
    check("no node runs while it is", [verb for verb in verbs[down:up] if verb.startswith(("restore", "modify"))] == [
        "restore-db-instance-to-point-in-time", "modify-db-instance", "modify-db-instance"], verbs)


def check_aws(tools):
    calls = {}
    for guide in GUIDES:
        for kind, text in blocks_of(guide):
            if kind != "sh needs AWS":
                continue
            with tempfile.TemporaryDirectory() as folder:
                done, words = collect(text, folder, tools)
            check(f"a block of {guide.parent.name} runs: {text.split()[0]} …", done.returncode == 0 and words, (text, done))
            calls.setdefault(guide.parent.name, []).extend(words)
    for folder, template in {"deploy": "deploy/aws/bodega.yaml", "aws": "deploy/aws/bodega.yaml", "ecs": "deploy/ecs/bodega.yaml"}.items():
        unknown, given = override_problems(calls[folder], template)
        check(f"the parameters that {folder} gives are the template's", given and not unknown, unknown)
    check_restore(calls["deploy"])
    check_rotation(calls["deploy"])
    check_standby(calls["deploy"])
    outputs = set(re.findall(r"OutputKey=='(\w+)'", json.dumps(calls)))
    known = set(re.findall(r"^  (\w+):$", (ROOT / "deploy/aws/bodega.yaml").read_text().split("\nOutputs:")[1], re.MULTILINE))
    check("the outputs that are asked for are its as well", outputs and outputs <= known, outputs - known)
    uploads = [words[-1] for words in sum(calls.values(), []) if words[:2] == ["s3", "cp"]]
    key = "bodega/" + hashlib.sha256(b"a binary").hexdigest() + "/bodega"
    check(f"none of {len(uploads)} uploads overwrites another binary", len(uploads) > 3 and all(u.endswith("/" + key) for u in uploads), uploads)
    # What machines ask for themselves.
    node = [["ssm", "get-parameter", "--name", "/a", "--with-decryption", "--query", "Parameter.Value", "--output", "text"],
            ["secretsmanager", "get-secret-value", "--secret-id", "a", "--query", "SecretString", "--output", "text"],
            ["cloudformation", "signal-resource", "--stack-name", "a", "--logical-resource-id", "Nodes", "--unique-id", "i-1", "--status", "SUCCESS"],
            ["autoscaling", "complete-lifecycle-action", "--auto-scaling-group-name", "a", "--lifecycle-hook-name", "ready", "--instance-id", "i-1",
             "--lifecycle-action-result", "CONTINUE"]]
    answers = ask(tools, [*sum(calls.values(), []), *node, ["autoscaling", "set-desired-capacity", "--desired", "4"]])
    wrong = [(words, answer) for words, answer in answers[:-1] if answer["status"] == 252 or not answer["calls"]]
    check(f"the AWS CLI understands all {len(answers) - 1} commands", not wrong, wrong)
    check("and would not understand another", answers[-1][1]["status"] == 252, answers[-1])


def check_settings():
    for guide in GUIDES:
        for kind, text in blocks_of(guide):
            if kind != "ini":
                continue
            with tempfile.TemporaryDirectory() as folder:
                Path(folder, "secret").write_text("secret")
                Path(folder, ".env").write_text(re.sub(r"_FILE=.*", f"_FILE={folder}/secret", text))
                clean = {k: v for k, v in os.environ.items() if not k.startswith(("BODEGA_", "DB_")) and k != "SHARED_DIR"}
                done = run(BINARY, "kit", "systemd/bodega.service", cwd=folder, env=clean)
            check("bodega takes the settings of a node", done.returncode == 0, done.stderr)


def check_machine(tools):
    """deploy/README.md's plain blocks, in their order, as root on a new machine."""
    with Machine(tools) as machine:
        data = BINARY.read_bytes()
        machine.path("root/" + RELEASE).write_bytes(data)
        machine.write("root/SHA256SUMS", f"{hashlib.sha256(data).hexdigest()}  {RELEASE}\n{'0' * 64}  bodega-1.2.3-linux-arm64\n")
        machine.path("var/backups").mkdir()
        ran = 0
        for kind, text in blocks_of(ROOT / "deploy/README.md"):
            if kind != "sh":
                continue
            status, output = machine.run("bash", "-euxo", "pipefail", "-c", "cd /root\n" + text)
            check(f"run on a machine: {text.strip().splitlines()[-1]}", status == 0, output)
            ran += 1
            status, output = machine.run("curl", "--fail", "--silent", "--retry", "100", "--retry-delay", "0", "--retry-connrefused",
                                         "--retry-max-time", "60", "http://127.0.0.1:8080/readyz")
            check("  and bodega is ready", status == 0, output)
        check("the machine went from nothing through an upgrade and a restore", ran >= 8, ran)
        # NGINX's user is in the group, for the files' bytes alone.
        secrets = machine.run("find", "/etc/bodega/.env", *(f"/var/lib/bodega/bodega.db{end}" for end in ("", "-wal")), "-perm", "/077")
        check("settings and catalog are bodega's alone", secrets == (0, ""), secrets)
        password = machine.read("root/ana.password").strip()
        status, output = machine.run("curl", "--fail", "--silent", "--header", "Content-Type: application/json", "--header", "Origin: http://127.0.0.1:8080",
                                     "--data", json.dumps({"username": "ana", "password": password}), "http://127.0.0.1:8080/api/v1/session")
        check("its administrator can still sign in", status == 0, output)


def main():
    tools = CloudTools()
    check_kinds()
    check_settings()
    check_aws(tools)
    if is_possible():
        check_machine(tools)
    else:
        skip("the commands of deploy/README.md", "namespaces with several users need root")
    finish()


if __name__ == "__main__":
    main()
