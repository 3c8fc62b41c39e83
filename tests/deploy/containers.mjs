#!/usr/bin/env node
// deploy/containers: the Dockerfile by a linter, and its image, assembled as it says, run in a chroot; Compose's own
// reading of compose.yaml, after the commands of the README there, with bodega's reading of its settings; and NGINX with
// the file that these commands make, before two nodes that are replaced one after the other.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import YAML from "yaml";

import { check, finish, skip } from "./support/checks.mjs";
import { bodega, cloudTool, refusal, root, run } from "./support/programs.mjs";

const folder = join(root, "deploy/containers");
const dockerfile = readFileSync(join(folder, "Dockerfile"), "utf8");
const readme = readFileSync(join(folder, "README.md"), "utf8");
const work = mkdtempSync(join(tmpdir(), "bodega-containers-"));

// [["FROM", "debian:12 AS build"], ...], lines that go on joined.
const instructions = dockerfile
    .replace(/^#.*\n/gm, "")
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .filter((line) => line)
    .map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)]);
const last = (name) => instructions.filter(([word]) => word === name).at(-1)[1];

function checkDockerfile() {
    const lint = (path) => run(join(root, "tests/deploy/node_modules/.bin/dockerfile-utils"), ["lint", path]);
    const done = lint(join(folder, "Dockerfile"));
    check("a linter finds nothing in the Dockerfile", done.ok, done.output);
    writeFileSync(join(work, "Dockerfile"), dockerfile.replace("ENTRYPOINT", "ENTRIES"));
    check("and would find something", !lint(join(work, "Dockerfile")).ok);
    check("the image has no base", last("FROM") === "scratch");
}

// What the build stage makes of the binary, by its own commands.
function assemble(image) {
    mkdirSync(image);
    for (const [word, command] of instructions) {
        if (word !== "RUN" || !command.includes("/image")) continue;
        const here = command.replaceAll("/image", image).replace('make dist ARCH="$TARGETARCH"', "true").replace('dist/bodega-*-linux-"$TARGETARCH"', bodega);
        const done = run("bash", ["-euc", here]);
        if (!done.ok) throw new Error(done.output);
    }
}

const kScript = `
ip link set lo up
chroot --userspec="$OWNER" "$IMAGE" "$@" & pid=$!
curl --fail --silent --output /dev/null --retry 100 --retry-delay 0 --retry-max-time 60 --retry-connrefused http://127.0.0.1:8080/readyz; echo "ready $?"
kill -TERM "$pid"; wait "$pid"; echo "ended $?"`;

function checkImage() {
    if (process.getuid() !== 0) return skip("running the image", "a chroot needs root");
    const image = join(work, "image");
    assemble(image);
    const settings = Object.fromEntries([...last("ENV").matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]));
    const command = [...JSON.parse(last("ENTRYPOINT")), ...JSON.parse(last("CMD"))];
    const env = { PATH: process.env.PATH, OWNER: last("USER"), IMAGE: image, ...settings };
    const done = run("unshare", ["--net", "bash", "-c", kScript, "bash", ...command], { env });
    check("the image runs with nothing beside the binary, as its user, and ends when asked to", done.output.includes("ready 0\n") && done.output.includes("ended 0\n"), done.output);
    check("its data is where it says", existsSync(join(image, last("VOLUME"), "bodega.db")) && statSync(join(image, last("VOLUME"))).uid === 771, done.output);
    check("it has the authorities for TLS to a database", readFileSync(join(image, "etc/ssl/certs/ca-certificates.crt"), "utf8").includes("BEGIN CERTIFICATE"));
}

function checkGuide() {
    const builds = [...readme.matchAll(/docker build -f (\S+) -t bodega (\S+)/g)].map(([, file, context]) => [file, context]);
    check("the README's commands are for its own folder", readme.includes("\ncd deploy/containers\n") && builds.length === 2 &&
        builds.every(([file, context]) => existsSync(join(folder, file)) && existsSync(join(folder, context, "main.cpp"))), builds);
    // drain_limit is 30 s.
    const single = /docker run .*/.exec(readme)[0], limit = Number(/--stop-timeout (\d+)/.exec(single)?.[1]);
    check("a single container has the time to drain, and comes back", limit > 30 && single.includes(" --restart unless-stopped "), single);
}

// The README's block that needs no engine, in a clone's deploy/.
function prepare(deploy) {
    cpSync(join(root, "deploy"), deploy, { recursive: true });
    const cwd = join(deploy, "containers"), before = readdirSync(cwd);
    const [, block] = /^```sh\n([^]*?)^```$/m.exec(readme);
    const env = { PATH: `${dirname(bodega)}:${process.env.PATH}` };
    const done = run("bash", ["-euo", "pipefail", "-c", block], { cwd, env });
    check("the README's commands make the secrets and NGINX's file", done.ok, done.output);
    const made = readdirSync(cwd).filter((name) => !before.includes(name)).map((name) => `deploy/containers/${name}`);
    const spared = readFileSync(join(folder, "Dockerfile.dockerignore"), "utf8").split("\n");
    check("neither a commit nor an image takes them along", made.length === 1 && made.every((name) => spared.includes(name) &&
        run("git", ["check-ignore", name], { cwd: root }).ok), made);
    const embedded = run("node", [join(root, "deploy/build/embed_kit.mjs"), deploy, join(work, "kit.cpp")]);
    check("and the clone can still be built", embedded.ok, embedded.output);
    return cwd;
}

const kMain = `
daemon off;
pid nginx.pid;
user root;
events {}
http {
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    include nginx.conf;
}
`;
// In a network of their own. Prints the answers that a client had meanwhile, and how many of them NGINX has logged.
const kUpgrade = `
ip link set lo up; ip address add "$ONE" dev lo; ip address add "$TWO" dev lo
node() { env -i BODEGA_NODE_DATA_DIR="$1" BODEGA_NODE_DRAIN_DELAY="$DELAY" BODEGA_EDGE_LISTEN= BODEGA_APP_LISTEN="$1:5000" "$BODEGA" serve >>log 2>&1 & }
ready() { curl --fail --silent --output /dev/null --retry 100 --retry-delay 0 --retry-max-time 60 --retry-connrefused "http://$1/readyz" || echo "$1 is not ready"; }
node "$ONE"; one=$!
node "$TWO"; two=$!
ready "$ONE:5000"; ready "$TWO:5000"
nginx -p "$PWD" -e stderr -c main.conf >access 2>>log & nginx=$!
ready 127.0.0.1:8080
while [ ! -e upgraded ]; do curl --silent --output /dev/null --write-out '%{http_code}\n' http://127.0.0.1:8080/livez; sleep 0.02; done >answers & client=$!
kill "$one"; wait "$one"; sleep 0.5; node "$ONE"; one=$!; ready "$ONE:5000"
kill "$two"; wait "$two"; sleep 0.5; node "$TWO"; two=$!; ready "$TWO:5000"
touch upgraded; wait "$client"
kill -9 "$one" "$two"; kill "$nginx"; wait
echo "answers $(sort -u answers) logged $(($(grep -c '"GET /livez" 200' access) - $(wc -l <answers)))"`;

function checkUpgrade(cwd, nginx, { node1, node2 }) {
    if (process.getuid() !== 0) return skip("replacing the nodes behind NGINX", "a network of its own needs root");
    writeFileSync(join(cwd, "main.conf"), kMain);
    writeFileSync(join(cwd, "nginx.conf"), nginx.replaceAll(" /tmp/", ` ${cwd}/`));
    const [ONE, TWO] = [node1, node2].map((node) => node.networks.inside.ipv4_address);
    const env = { PATH: process.env.PATH, BODEGA: bodega, ONE, TWO, DELAY: node1.environment.BODEGA_NODE_DRAIN_DELAY };
    const done = run("unshare", ["--net", "bash", "-c", kUpgrade], { cwd, env });
    check("while one node after the other is replaced, one answers, and each request is in the log", done.output.includes("answers 200 logged 0\n"), done.output);
}

function checkCompose() {
    const compose = cloudTool("docker-compose"), cwd = prepare(join(work, "deploy"));
    const nginx = readFileSync(join(cwd, ".secrets/nginx.conf"), "utf8");
    const secret = readFileSync(join(cwd, ".secrets/proxy_secret"), "utf8").trim();
    check("NGINX says the nodes' secret to them", secret.length > 20 && nginx.includes(`bodega "${secret}";`), nginx);
    check("NGINX listens and has the shared volume", nginx.includes("listen 0.0.0.0:8080;") && nginx.includes("alias /shared/blobs/;"), nginx);
    check("its log is the container's, its cache in a folder of limited size", /^ *access_log \/dev\/stdout /m.test(nginx) && !/^ *access_log \/(?!dev)/m.test(nginx) &&
        /^proxy_cache_path \/tmp\//m.test(nginx), nginx);
    const done = compose(["-f", "compose.yaml", "config"], { cwd });
    if (!check("Compose takes the file", done.ok, done.output)) return;
    const { services } = YAML.parse(done.output);
    check("two nodes wait for the database, and share one volume with NGINX", ["node1", "node2"].every((name) => services[name].depends_on.database.condition === "service_healthy" &&
        services[name].volumes.includes("shared:/shared:rw")) && services.edge.volumes.includes("shared:/shared:ro"), done.output);
    check("what NGINX writes to the machine's memory has a limit", services.edge.tmpfs.every((one) => one.includes("size=")), services.edge.tmpfs);
    checkUpgrade(cwd, nginx, services);
    check("and the README's upgrade waits for the first one", /up -d --no-deps node1\n.* edge curl .* http:\/\/node1:5000\/readyz &&\n.*up -d --no-deps node2\n/.test(readme));
    for (const name of ["node1", "node2"]) {
        const { environment } = services[name], said = refusal(environment);
        check(`bodega takes the settings of ${name}`, said === "", said);
        check(`${name} is one of its name`, environment.BODEGA_NODE_NAME === name && services[name].image === "bodega");
    }
    writeFileSync(join(cwd, "compose.yaml"), readFileSync(join(cwd, "compose.yaml"), "utf8").replace("restart:", "restarts:"));
    check("and would not take another", !compose(["-f", "compose.yaml", "config"], { cwd }).ok);
}

checkDockerfile();
checkImage();
checkGuide();
checkCompose();
finish();
