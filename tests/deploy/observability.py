#!/usr/bin/env python3
"""deploy/observability/ works: promtool accepts the scrape configuration and tests the alerts, a running bodega exports each
metric and label that they and the dashboard use, logrotate rotates its logs without a lost line, and the CloudWatch agent
reads the files that bodega writes."""
import copy
import getpass
import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tests/support"), str(ROOT / "tests/e2e")]
from bodega import Client, Place, free_port, until
from checks import check, finish, skip
from cloud_tools import CloudTools, run

FOLDER = ROOT / "deploy/observability"
NAME = re.compile(r"\b((?:bodega|process)_[a-z_]+|up)\b(?:\{([^}]*)\})?")
# Labels that Prometheus adds to each series, and the label of histogram buckets.
ADDED = {"job", "instance", "le"}
# Where AWS's package has the agent. Debian has no such package: without it, its file is held to the schema beside this.
AGENT = Path("/opt/aws/amazon-cloudwatch-agent")
AGENT_SCHEMA = ROOT / "tests/deploy/observability/cloudwatch_agent.schema.json"
AGENT_MISTAKES = {
    "a key that is not there": lambda a: a["logs"]["logs_collected"]["files"]["collect_list"][0].update(group="bodega"),
    "a file without its path": lambda a: a["logs"]["logs_collected"]["files"]["collect_list"][0].pop("file_path"),
    "a file twice": lambda a: a["logs"]["logs_collected"]["files"]["collect_list"].append(a["logs"]["logs_collected"]["files"]["collect_list"][0]),
    "a time zone's name": lambda a: a["logs"]["logs_collected"]["files"]["collect_list"][0].update(timezone="Europe/Berlin"),
    "an interval in words": lambda a: a["agent"].update(metrics_collection_interval="1m"),
    "processes without a way to find them": lambda a: a["metrics"]["metrics_collected"]["procstat"][0].pop("pattern"),
}


class Metrics:
    """What a running bodega exports: names with their labels."""

    def __init__(self, text):
        self.labels = {"up": set()}
        for line in text.splitlines():
            if line and not line.startswith("#"):
                name, labels = re.match(r"([a-z_]+)(?:\{(.*?)\})? ", line).groups()
                self.labels.setdefault(name, set()).update(re.findall(r'(\w+)="', labels or ""))

    def unknown(self, expression):
        """Names and labels of an expression that are not exported."""
        found = []
        asked = {word for group in re.findall(r"\b(?:by|on)\s*\(([^)]*)\)", expression) for word in re.findall(r"\w+", group)}
        names = NAME.findall(expression)
        for name, matchers in names:
            if name not in self.labels:
                found.append(name)
                continue
            found += [f"{name}: {label}" for label in re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", matchers) if label not in self.labels[name] | ADDED]
        if not names:
            found.append("no metric in " + expression)
        everywhere = set.union(ADDED, *(self.labels.get(name, set()) for name, _ in names)) if names else ADDED
        return found + [f"by {label}" for label in asked - everywhere]


def expressions_of(dashboard):
    found = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    return found + [a["target"]["expr"] for a in dashboard["annotations"]["list"]]


def every_way(text):
    """The scrape configuration with its commented-out jobs, each under a name of its own."""
    lines = [re.sub(r"^  # (?=[ -])", "  ", line) for line in text.splitlines()]
    names = (f"job_name: bodega{i}" for i in itertools.count())
    return re.sub("job_name: bodega", lambda _: next(names), "\n".join(lines)) + "\n"


def check_prometheus(tools, place, metrics):
    folder = Path(place.path, "prometheus")
    folder.mkdir()
    (folder / "prometheus.yml").write_text(place.succeeds("kit", "observability/prometheus.yml"))
    for source in (FOLDER / "alerts.yml", ROOT / "tests/deploy/observability/alerts_test.yml"):
        shutil.copy(source, folder)
    done = tools.promtool("check", "config", folder / "prometheus.yml")
    check("promtool accepts the scrape configuration", done.returncode == 0 and "SUCCESS" in done.stdout, done)
    (folder / "others.yml").write_text(every_way((folder / "prometheus.yml").read_text()))
    done = tools.promtool("check", "config", "--syntax-only", folder / "others.yml")
    check("promtool accepts the commented-out jobs", done.returncode == 0 and "ec2_sd_configs" in (folder / "others.yml").read_text(), done)
    done = tools.promtool("test", "rules", folder / "alerts_test.yml")
    check("the alerts fire when they should, and not before", done.returncode == 0 and "SUCCESS" in done.stdout, done)
    rules = re.findall(r"expr: (?:>-\n((?: {10}.*\n)+)|(.*)\n)", (FOLDER / "alerts.yml").read_text())
    unknown = [word for folded, plain in rules for word in metrics.unknown(folded or plain)]
    check(f"bodega exports what the {len(rules)} alerts name", len(rules) > 8 and not unknown, unknown)


def check_dashboard(tools, place, metrics):
    dashboard = json.loads((FOLDER / "grafana-dashboard.json").read_text())
    expressions = expressions_of(dashboard)
    unknown = [word for expression in expressions for word in metrics.unknown(expression)]
    check(f"bodega exports what the dashboard's {len(expressions)} expressions name", len(expressions) > 20 and not unknown, unknown)
    filled = [e.replace("$__rate_interval", "5m").replace("$instance", ".*") for e in expressions]
    rules = Path(place.path, "dashboard.yml")
    rules.write_text(json.dumps({"groups": [{"name": "dashboard", "rules": [{"record": f"r{i}", "expr": e} for i, e in enumerate(filled)]}]}))
    done = tools.promtool("check", "rules", rules)
    check("Prometheus can read all of them", done.returncode == 0, done)
    panels = dashboard["panels"]
    check("each panel has an id, a title and a unit of its own", len({p["id"] for p in panels}) == len({(p["type"], p["title"]) for p in panels}) == len(panels)
          and all(p["fieldConfig"]["defaults"]["unit"] for p in panels), panels)
    cells = [(x, y) for p in panels for x in range(p["gridPos"]["x"], p["gridPos"]["x"] + p["gridPos"]["w"])
             for y in range(p["gridPos"]["y"], p["gridPos"]["y"] + p["gridPos"]["h"])]
    check("no panel covers another", len(cells) == len(set(cells)) and max(x for x, _ in cells) < 24, len(cells) - len(set(cells)))
    variables = {v["name"] for v in dashboard["templating"]["list"]}
    used = set(re.findall(r"\$\{?(\w+)", json.dumps(dashboard))) - {"__rate_interval", "__all"}
    check("the dashboard's variables exist and are used", used == variables, (used, variables))
    shown = {name for e in expressions for name, _ in NAME.findall(e)}
    families = {re.sub(r"_(bucket|sum|count)$", "", name) for name in metrics.labels}
    left = {f for f in families if f.startswith("bodega_")} - {re.sub(r"_bucket$", "", name) for name in shown}
    check("the dashboard leaves out few of bodega's metrics", len(left) <= 4, left)


def exported(admin):
    """None before the first heartbeat, some seconds after the start."""
    text = Client(admin)("GET", "/metrics")[2].decode()
    return text if "bodega_node_state" in text and "bodega_shared_free_bytes" in text else None


def translated(configuration, folder):
    """Runs the agent's two phases of validation on a configuration, as its control script does: (status, output)."""
    inputs, output = Path(folder, "agent.d"), Path(folder, "agent.toml")
    inputs.mkdir(parents=True)
    # Only the region would be requested from the machine.
    regional = dict(configuration, agent=dict(configuration["agent"], region="us-east-1"))
    (inputs / "bodega.json.tmp").write_text(json.dumps(regional))
    phases = (
        (AGENT / "bin/config-translator", "--os", "linux", "--input-dir", inputs, "--output", output, "--mode", "ec2", "--multi-config", "default"),
        (AGENT / "bin/amazon-cloudwatch-agent", "-schematest", "-config", output),
    )
    said = ""
    for phase in phases:
        done = subprocess.run([str(word) for word in phase], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
        said += done.stdout
        if done.returncode:
            return done.returncode, said
    return 0, said


def check_agent(tools, place, logs):
    agent = json.loads(place.succeeds("kit", "observability/cloudwatch-agent.json", "--node-name", "node-1"))
    collected = {f["file_path"] for f in agent["logs"]["logs_collected"]["files"]["collect_list"]}
    check("the CloudWatch agent collects the logs that bodega writes", collected == {str(p) for p in logs.iterdir()}, (collected, list(logs.iterdir())))
    judged = lambda configuration: tools.json_schema(AGENT_SCHEMA, place.file("agent.json", json.dumps(configuration)))
    done = judged(agent)
    check("the agent's file matches its manual", done.returncode == 0, done)
    for name, make in AGENT_MISTAKES.items():
        wrong = copy.deepcopy(agent)
        make(wrong)
        done = judged(wrong)
        check(f"and would not be with {name}", done.returncode == 1 and "Traceback" not in done.stderr, done)
    check("the log group's name is filled in by bodega-node", '"log_group_name": "bodega"' in (FOLDER / "cloudwatch-agent.json").read_text() and
          '\\"log_group_name\\": \\"bodega\\"' in (ROOT / "deploy/cloud-init/node.sh").read_text())
    if not (AGENT / "bin/config-translator").exists():
        skip("the agent's own validation accepts its file", "the agent is not on this machine")
        return
    status, said = translated(agent, Path(place.path, "agent"))
    check("the agent's own validation accepts its file", status == 0, said)
    AGENT_MISTAKES["a key that is not there"](agent)
    status, said = translated(agent, Path(place.path, "wrong-agent"))
    check("the agent's validation would refuse an unknown key", status != 0, said)


def check_logs(tools, place, server):
    logs = Path(place.path, "bodega-data/logs/node-1")
    check_agent(tools, place, logs)
    text = place.succeeds("kit", "observability/logrotate.conf", "--node-name", "node-1")
    # No service manager here, and no user of bodega's.
    user = getpass.getuser()
    text = text.replace("su bodega bodega", f"su {user} {user}").replace("0640 bodega bodega", f"0640 {user} {user}")
    text = re.sub(r"/bin/systemctl kill --kill-who=main --signal=USR1 bodega.service", f"kill -USR1 {server.process.pid}", text)
    conf, state = place.file("logrotate.conf", text), os.path.join(place.path, "state")
    os.chmod(conf, 0o644)
    done = tools.logrotate("--debug", "--state", state, conf)
    check("logrotate accepts its file", done.returncode == 0 and not re.search("^error", done.stderr, re.MULTILINE), done)
    for _ in range(3):
        Client(server.url)("GET", "/api/v1/session")
    until(lambda: (logs / "access.log").read_text().count("/api/v1/session") >= 3, "three lines")
    lines = (logs / "access.log").read_text().count("\n")
    done = tools.logrotate("--force", "--state", state, conf)
    old = [p for p in logs.glob("access.log-*")]
    check("logrotate rotates the logs", done.returncode == 0 and len(old) == 1, (done, list(logs.iterdir())))
    Client(server.url)("GET", "/livez")
    until(lambda: (logs / "access.log").read_text().count("\n") >= 1, "a line in the new file")
    check("logrotate loses no line", old and old[0].read_text().count("\n") == lines, old)


def main():
    tools = CloudTools()
    with Place() as place:
        admin = f"http://127.0.0.1:{free_port()}"
        pair = [place.file("chain.pem", ""), place.file("key.pem", "")]
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost", "-out", pair[0], "-keyout", pair[1])
        server = place.serve("--edge-admin-listen", admin, "--edge-listen", f"https://127.0.0.1:{free_port()}", "--edge-tls-certificates", " ".join(pair), "--node-name", "node-1", "--log-output", "files", "--log-access", "files").ready()
        client = Client(server.url)
        client("GET", "/api/v1/session")
        client("GET", "/")
        metrics = Metrics(until(lambda: exported(admin), "the fleet is counted"))
        check_prometheus(tools, place, metrics)
        check_dashboard(tools, place, metrics)
        check_logs(tools, place, server)
        check("bodega stops cleanly", server.stop(signal.SIGTERM) == 0, server.output())
    finish()


if __name__ == "__main__":
    main()
