#!/usr/bin/env python3
"""The guides' commands hold: deploy/README.md's are run one after the other, as they stand, on a Debian that is booted for
them, with an authority for its certificates; those that need AWS are held against the AWS CLI's own checks and the
templates' parameters, settings are read by bodega, and what needs something else says so and is at least shell."""
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
# What a block may need that the booted machine has not, and so is not run there.
NEEDS = ("AWS", "Docker", "Kubernetes", "the network")
# Of deploy/aws.
IN_ONE_SHELL = "By hand"
POLICY = re.compile(r"cat >node-policy.json <<END\n(.*?)^END$", re.MULTILINE | re.DOTALL)
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
    check("the plain ones are run here or by a test of their own", plain == {"deploy", *ELSEWHERE} and
          all((ROOT / test).exists() for test in ELSEWHERE.values()), plain)
    loose = [(guide.parent.name, text) for guide in GUIDES for text in INDENTED.findall(BLOCK.sub("", guide.read_text()))]
    check("and nothing that looks like a command is outside of them", not loose, loose)
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


def aws_blocks(guide):
    """What is run as a script of its own: a block each, but for those that go on in one shell."""
    found = []
    for heading, blocks in [("", BLOCK.findall(HEADING.split(guide.read_text())[0])), *sections_of(guide)]:
        texts = [text for kind, text in blocks if kind == "sh needs AWS"]
        found += ["\n".join(texts)] if heading == IN_ONE_SHELL and texts else texts
    return found


def after(words, option):
    return words[words.index(option) + 1]


def check_by_hand(calls):
    """What is made by hand is what the stack makes: who may speak to whom, what a node may do, the balancer's questions, the hook."""
    template = (ROOT / "deploy/aws/bodega.yaml").read_text()
    doors = {after(words, "--port") for words in calls if words[1] == "authorize-security-group-ingress"}
    check("by hand the same ports are open", doors == set(re.findall(r"FromPort: (\d+)", template)) - {"8443"}, doors)
    role = template.split("  NodeRole:\n")[1].split("  NodeProfile:\n")[0]
    mine = {after(words, "--policy-arn").rpartition("/")[2] for words in calls if words[1] == "attach-role-policy"}
    check("a node's role has the same policies of AWS's", mine == set(re.findall(r"aws:policy/(\w+)", role)), mine)
    actions = set(re.findall(r'"Action": "([^"]*)"', POLICY.search((ROOT / "deploy/aws/README.md").read_text())[1]))
    # Which has no stack to tell.
    check("and may do the same", actions == set(re.findall(r"Action: ([\w:]+)$", role, re.MULTILINE)) - {"cloudformation:SignalResource"}, actions)
    target = next(words for words in calls if words[1] == "create-target-group")
    asked = {"--health-check-path": "HealthCheckPath", "--health-check-interval-seconds": "HealthCheckIntervalSeconds", "--unhealthy-threshold-count": "UnhealthyThresholdCount"}
    check("the balancer asks the same", all(f"{key}: {after(target, option)}\n" in template for option, key in asked.items()), target)
    group = next(words for words in calls if words[1] == "create-auto-scaling-group")
    hook = dict(item.split("=") for item in after(group, "--lifecycle-hook-specification-list").split(","))
    check("and the group has the same hook", all(f"{key}: {value}" in template for key, value in hook.items()) and hook["DefaultResult"] == "ABANDON", hook)


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


# An authority that asks at port 80 of the name that the guide has, and what certbot and bodega have to know of it.
# Whoever follows the guide has Let's Encrypt there.
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
# And its key is bodega's group's, as the one before.
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
    """What the booted machine finds; [(heading, text, what is looked at afterwards)] of its blocks."""
    # A hardened root's, but for the longest way.
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
    """Runs the plain blocks of these sections, in their order, as root on a new machine: (them, the files that tell how it went,
    why there are none)."""
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
    """One reader goes through deploy/README.md from its beginning to its end; others from one machine to the HTTPS they want."""
    sections = sections_of(ROOT / "deploy/README.md")
    check("each section that is looked at is there", set(AFTER) <= {heading for heading, _ in sections}, sections)
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
