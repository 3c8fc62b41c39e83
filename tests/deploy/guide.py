#!/usr/bin/env python3
"""The guides' commands work: those of deploy/README.md run one after the other, unchanged, on a freshly booted Debian with a
certificate authority; those for AWS are checked by the AWS CLI and against the templates' parameters; bodega reads the
settings; and blocks that need something else say so and are at least valid shell."""
import concurrent.futures
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/support"))
from checks import check, finish, skip
from cloud_tools import PYTHON, CloudTools, run

BINARY = Path(os.environ.get("BODEGA", ROOT / "build/bodega")).resolve()
GUIDES = sorted([ROOT / "deploy/README.md", *(ROOT / "deploy").glob("*/README.md")])
BLOCK = re.compile(r"^```(.*)\n((?:.*\n)*?)^```$", re.MULTILINE)
HEADING = re.compile(r"^## (.*)$", re.MULTILINE)
INDENTED = re.compile(r"(?:\A|\n)\n((?:    \S.*\n)+)")
# Requirements that the booted machine does not meet; blocks with them are not run there.
NEEDS = ("AWS", "Docker", "Kubernetes", "the network")
# The section of deploy/aws/README.md whose blocks share one shell, and its policy document.
IN_ONE_SHELL = "By hand"
POLICY = re.compile(r"cat >node-policy.json <<END\n(.*?)^END$", re.MULTILINE | re.DOTALL)
# The tests that run the plain blocks.
ELSEWHERE = {"containers": "tests/deploy/containers.mjs"}
RELEASE = "bodega-1.2.3-linux-amd64"
# The AWS CLI's stand-in records its arguments, and answers with a word, a secret, or the result of a query on a database.
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
elif "GroupId" in query or "SubnetId" in query:
    print("sg-0123456789abcdef0" if "GroupId" in query else "subnet-0123456789abcdef0")
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
    check("the plain blocks run here or in a separate test", plain == {"deploy", *ELSEWHERE} and
          all((ROOT / test).exists() for test in ELSEWHERE.values()), plain)
    loose = [(guide.parent.name, text) for guide in GUIDES for text in INDENTED.findall(BLOCK.sub("", guide.read_text()))]
    check("no command is outside of the blocks", not loose, loose)
    wrong = []
    for guide in GUIDES:
        for kind, text in blocks_of(guide):
            done = run("bash", "-n", "-c", text)
            wrong += [(guide.name, text, done.stderr)] if kind.startswith("sh") and done.returncode else []
    check("the blocks are valid shell", not wrong, wrong)
    links = [(guide, link) for guide in GUIDES for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", guide.read_text())]
    gone = [(str(guide), link) for guide, link in links if not (guide.parent / link).exists()]
    check(f"their {len(links)} links lead somewhere", len(links) > 5 and not gone, gone)
    readme = (ROOT / "deploy/README.md").read_text()
    anchors = {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in re.findall(r"^## (.*)$", readme, re.MULTILINE)}
    asked = set(re.findall(r"\]\(#([^)]*)\)", readme))
    check("links within the page lead to headings", asked <= anchors, asked - anchors)


def collect(text, folder, tools):
    """The arguments of each call of aws in a script, which runs with the stand-in."""
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
    check("a node on standby keeps the size of the fleet, and returns", [words[1] for words in standby] == ["enter-standby", "exit-standby"] and
          "--no-should-decrement-desired-capacity" in standby[0], standby)


def check_rotation(calls):
    by_verb = {words[1]: words for words in calls}
    put = by_verb["put-secret-value"]
    check("a new password leaves the secret's other fields", json.loads(put[-1]) == {"username": "bodega", "password": "Successful"}, put)
    last = [words for words in calls if "--master-user-password" in words]
    check("the nodes get a new password before the database", len(last) == 1 and "a password" in last[0] and
          calls.index(put) < calls.index(by_verb["list-commands"]) < calls.index(last[0]), calls)


def check_restore(calls):
    """A restored database has the settings of the one whose name it takes."""
    by_verb = {words[1]: words for words in calls}
    restore = by_verb["restore-db-instance-to-point-in-time"]
    same = json.loads(restore[restore.index("--cli-input-json") + 1])
    check("a restored database has all settings of the old one", None not in same.values() and same["VpcSecurityGroupIds"] == ["sg-1"] and
          same["DBSubnetGroupName"] == "subnets" and same["DBParameterGroupName"] == "settings" and same["MultiAZ"] is True and same["PubliclyAccessible"] is False, same)
    verbs = [words[1] for words in calls]
    down, up = [i for i, verb in enumerate(verbs) if verb == "update-auto-scaling-group"]
    check("no node runs during the restore", [verb for verb in verbs[down:up] if verb.startswith(("restore", "modify"))] == [
        "restore-db-instance-to-point-in-time", "modify-db-instance", "modify-db-instance"], verbs)


def aws_blocks(guide):
    """The scripts: one for each block, except for blocks that continue in one shell."""
    found = []
    for heading, blocks in [("", BLOCK.findall(HEADING.split(guide.read_text())[0])), *sections_of(guide)]:
        texts = [text for kind, text in blocks if kind == "sh needs AWS"]
        found += ["\n".join(texts)] if heading == IN_ONE_SHELL and texts else texts
    return found


def after(words, option):
    return words[words.index(option) + 1]


def check_by_hand(calls):
    """The commands by hand create what the stack creates: security groups, the rights of a node, health checks, the hook."""
    template = (ROOT / "deploy/aws/bodega.yaml").read_text()
    doors = {after(words, "--port") for words in calls if words[1] == "authorize-security-group-ingress"}
    check("by hand the same ports are open", doors == set(re.findall(r"FromPort: (\d+)", template)) - {"8443"}, doors)
    role = template.split("  NodeRole:\n")[1].split("  NodeProfile:\n")[0]
    mine = {after(words, "--policy-arn").rpartition("/")[2] for words in calls if words[1] == "attach-role-policy"}
    check("a node's role has the same policies of AWS's", mine == set(re.findall(r"aws:policy/(\w+)", role)), mine)
    actions = set(re.findall(r'"Action": "([^"]*)"', POLICY.search((ROOT / "deploy/aws/README.md").read_text())[1]))
    # Which has no stack to tell.
    check("a node by hand has the same rights", actions == set(re.findall(r"Action: ([\w:]+)$", role, re.MULTILINE)) - {"cloudformation:SignalResource"}, actions)
    target = next(words for words in calls if words[1] == "create-target-group")
    asked = {"--health-check-path": "HealthCheckPath", "--health-check-interval-seconds": "HealthCheckIntervalSeconds", "--unhealthy-threshold-count": "UnhealthyThresholdCount"}
    check("the balancer by hand has the same health check", all(f"{key}: {after(target, option)}\n" in template for option, key in asked.items()), target)
    group = next(words for words in calls if words[1] == "create-auto-scaling-group")
    hook = dict(item.split("=") for item in after(group, "--lifecycle-hook-specification-list").split(","))
    check("the group by hand has the same hook", all(f"{key}: {value}" in template for key, value in hook.items()) and hook["DefaultResult"] == "ABANDON", hook)


def check_aws(tools):
    calls = {}
    for guide in GUIDES:
        for text in aws_blocks(guide):
            with tempfile.TemporaryDirectory() as folder:
                done, words = collect(text, folder, tools)
            check(f"a block of {guide.parent.name} runs: {text.split()[0]} …", done.returncode == 0 and words, (text, done))
            calls.setdefault(guide.parent.name, []).extend(words)
    for folder, template in {"deploy": "deploy/aws/bodega.yaml", "aws": "deploy/aws/bodega.yaml", "ecs": "deploy/ecs/bodega.yaml"}.items():
        unknown, given = override_problems(calls[folder], template)
        check(f"the parameters that {folder} gives are the template's", given and not unknown, unknown)
    check_by_hand([words for words in calls["aws"] if words[0] != "s3"])
    check_restore(calls["deploy"])
    check_rotation(calls["deploy"])
    check_standby(calls["deploy"])
    outputs = set(re.findall(r"OutputKey=='(\w+)'", json.dumps(calls)))
    known = set(re.findall(r"^  (\w+):$", (ROOT / "deploy/aws/bodega.yaml").read_text().split("\nOutputs:")[1], re.MULTILINE))
    check("the requested outputs exist in the template", outputs and outputs <= known, outputs - known)
    uploads = [words[-1] for words in sum(calls.values(), []) if words[:2] == ["s3", "cp"]]
    key = "bodega/" + hashlib.sha256(b"a binary").hexdigest() + "/bodega"
    check(f"none of {len(uploads)} uploads overwrites another binary", len(uploads) > 3 and all(u.endswith("/" + key) for u in uploads), uploads)
    # The commands that machines run for themselves.
    node = [["ssm", "get-parameter", "--name", "/a", "--with-decryption", "--query", "Parameter.Value", "--output", "text"],
            ["secretsmanager", "get-secret-value", "--secret-id", "a", "--query", "SecretString", "--output", "text"],
            ["cloudformation", "signal-resource", "--stack-name", "a", "--logical-resource-id", "Nodes", "--unique-id", "i-1", "--status", "SUCCESS"],
            ["autoscaling", "complete-lifecycle-action", "--auto-scaling-group-name", "a", "--lifecycle-hook-name", "ready", "--instance-id", "i-1",
             "--lifecycle-action-result", "CONTINUE"]]
    answers = ask(tools, [*sum(calls.values(), []), *node, ["autoscaling", "set-desired-capacity", "--desired", "4"]])
    wrong = [(words, answer) for words, answer in answers[:-1] if answer["status"] == 252 or not answer["calls"]]
    check(f"the AWS CLI understands all {len(answers) - 1} commands", not wrong, wrong)
    check("the AWS CLI would refuse a wrong command", answers[-1][1]["status"] == 252, answers[-1])


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
            check("bodega accepts the settings of a node", done.returncode == 0, done.stderr)


# An authority that connects to port 80 of the guide's name, and the settings of certbot and bodega for it.
# A reader of the guide has Let's Encrypt instead.
SURROUNDINGS = r"""
export HOME=/root PEBBLE_WFE_NONCEREJECT=0 PEBBLE_VA_NOSLEEP=1
echo '127.0.0.1 files.example.org' >>/etc/hosts
mkdir /pebble
python3 -c 'import sys; sys.path.append("/boot.test"); from pebble import Pebble; p = Pebble("/pebble", 80); print(p.directory); p.root()' >/pebble/directory
printf 'server = %s\nno-verify-ssl = true\n' "$(cat /pebble/directory)" >>/etc/letsencrypt/cli.ini
mkdir -p /etc/systemd/system/bodega.service.d
printf '[Service]\nEnvironment=BODEGA_EDGE_ACME_DIRECTORY=%s BODEGA_EDGE_ACME_AUTHORITIES=/pebble/pebble.pem\n' "$(cat /pebble/directory)" \
    >/etc/systemd/system/bodega.service.d/authority.conf
mkdir -p /var/backups
mv /boot.test/release/* /root/
ready() {
    for _ in $(seq 200); do
        curl --silent --fail --unix-socket /var/lib/bodega/app.sock --output /dev/null http://bodega/readyz && return 0
        for url in http://127.0.0.1:8080 https://files.example.org http://files.example.org; do
            [ "$(curl --silent --insecure --max-time 5 --output /dev/null --write-out '%{http_code}' "$url/readyz")" != 200 ] || return 0
        done
        sleep 0.1
    done
    return 1
}
for block in $(seq 0 99); do
    [ -e "/boot.test/$block.sh" ] || break
    cd /root
    (umask "$(cat /boot.test/umask)" && exec bash -euxo pipefail "/boot.test/$block.sh") </dev/null >"/boot.test/$block.output" 2>&1 && ready && echo well >"/boot.test/$block.well" || true
    [ ! -e "/boot.test/$block.after.sh" ] || bash -euxo pipefail "/boot.test/$block.after.sh" </dev/null >"/boot.test/$block.after.output" 2>&1 &&
        echo well >"/boot.test/$block.after.well" || true
done
journalctl --no-pager --output=cat --unit=bodega.service >/boot.test/journal
"""
VERIFIED = """
for _ in $(seq 200); do
    ! curl --fail --silent --show-error --cacert /pebble/pebble-root.pem https://files.example.org/readyz || exit 0
    sleep 0.2
done
exit 1
"""
# The certificate's renewal is served.
RENEWED = """
serial() { openssl s_client -connect 127.0.0.1:443 -servername files.example.org </dev/null 2>/dev/null | openssl x509 -noout -serial; }
first=$(serial)
certbot renew --force-renewal --no-random-sleep-on-renew
for _ in $(seq 100); do [ "$(serial)" = "$first" ] || break; sleep 0.1; done
[ "$(serial)" != "$first" ]
"""
# And its key belongs to bodega's group, like the previous one.
READABLE = """
runuser -u bodega -- cat /etc/letsencrypt/live/files.example.org/privkey.pem >/dev/null
if runuser -u nobody -- cat /etc/letsencrypt/live/files.example.org/privkey.pem; then exit 1; fi
"""
# Its administrator signs in, and a file goes up and comes back by NGINX.
USED = """
python3 - <<'END'
import json, ssl, urllib.request
context = ssl.create_default_context(cafile="/pebble/pebble-root.pem")
opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(), urllib.request.HTTPSHandler(context=context))
site, origin = "https://files.example.org", {"Origin": "https://files.example.org"}
def call(method, path, data=None, **fields):
    return opener.open(urllib.request.Request(site + path, data, {**origin, **fields}, method=method), timeout=30)
password = open("/root/ana.password").read().strip()
call("POST", "/api/v1/session", json.dumps({"username": "ana", "password": password}).encode(), **{"Content-Type": "application/json"})
root = json.load(call("GET", "/api/v1/spaces"))["items"][0]["root_id"]
entry = json.load(call("PUT", f"/api/v1/entries/{root}/files/a.bin", b"x" * 100000))["id"]
answer = call("GET", f"/api/v1/entries/{entry}/content")
assert answer.read() == b"x" * 100000 and answer.headers["Server"] == "nginx", answer.headers
END
"""
# By the last block of each section.
AFTER = {"HTTPS by bodega itself": [VERIFIED], "HTTPS by bodega with certbot": [VERIFIED, RENEWED, READABLE], "HTTPS by NGINX": [VERIFIED, RENEWED, USED]}


def sections_of(guide):
    """[(heading, [(what a block is, its text)])]"""
    parts = HEADING.split(guide.read_text())
    return [(heading, BLOCK.findall(text)) for heading, text in zip(parts[1::2], parts[2::2])]


def lay_out(folder, sections):
    """Prepares the booted machine's files; returns [(heading, text, checks afterwards)] of its blocks."""
    # A hardened root's umask, except for the longest run.
    (folder / "umask").write_text("077" if len(sections) <= 2 else "022")
    release = folder / "release"
    release.mkdir()
    shutil.copy(BINARY, release / RELEASE)
    (release / "SHA256SUMS").write_text(f"{hashlib.sha256(BINARY.read_bytes()).hexdigest()}  {RELEASE}\n{'0' * 64}  bodega-1.2.3-linux-arm64\n")
    shutil.copy(ROOT / "tests/support/pebble.py", folder)
    (folder / "script").write_text(SURROUNDINGS)
    runs = []
    for heading, blocks in sections:
        texts = [text for kind, text in blocks if kind == "sh"]
        for number, text in enumerate(texts):
            last = number == len(texts) - 1
            runs.append((heading, text, AFTER.get(heading, []) if last else []))
    for number, (_, text, after) in enumerate(runs):
        (folder / f"{number}.sh").write_text(text)
        if after:
            (folder / f"{number}.after.sh").write_text("".join(f"({part})\n" for part in after))
    return runs


def boot(sections):
    """Runs the plain blocks of these sections, in order, as root on a new machine: (blocks, result files, the reason if there
    are none)."""
    folder = Path(tempfile.mkdtemp(prefix="bodega-guide-"))
    try:
        runs = lay_out(folder, sections)
        done = subprocess.run([ROOT / "tests/support/boot.sh", folder, "400"], capture_output=True, text=True, timeout=420)
        return runs, {path.name: path.read_text(errors="replace") for path in folder.iterdir() if path.is_file()}, done.stderr[-300:]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def check_booted(way, runs, found):
    for number, (heading, text, looked_at) in enumerate(runs):
        said = found.get(f"{number}.output", "it was not reached: " + found["output"][-600:])
        check(f"{way}: {heading}: {text.strip().splitlines()[-1]}", f"{number}.well" in found, said[-1200:] + found.get("journal", "")[-600:])
        if looked_at:
            check(f"  and {heading} is there", f"{number}.after.well" in found, found.get(f"{number}.after.output", "")[-1200:])


def check_machines():
    """One run follows deploy/README.md from its beginning to its end; others go from one machine to each way of HTTPS."""
    sections = sections_of(ROOT / "deploy/README.md")
    check("each checked section exists", set(AFTER) <= {heading for heading, _ in sections}, sections)
    first = sections[0]
    ways = {"to the end": sections, **{heading: [first, (heading, blocks)] for heading, blocks in sections if heading in AFTER}}
    with concurrent.futures.ThreadPoolExecutor() as pool:
        booted = dict(zip(ways, pool.map(boot, ways.values())))
    for way, (runs, found, why) in booted.items():
        if "output" not in found:
            skip(f"the commands of deploy/README.md, {way}", "no Debian can be booted here: " + why)
        else:
            check_booted(way, runs, found)
    check("a machine went from nothing through an upgrade, a restore and each way to HTTPS", len(booted["to the end"][0]) >= 20, len(booted["to the end"][0]))


def main():
    tools = CloudTools()
    check_kinds()
    check_settings()
    check_aws(tools)
    if os.geteuid() == 0:
        check_machines()
    else:
        skip("the commands of deploy/README.md", "to boot a machine needs root")
    finish()


if __name__ == "__main__":
    main()
