#!/usr/bin/env node
// Tests deploy/containers: the README's commands in a folder with only the release's binary; the Dockerfile with a linter, and
// its image, assembled as it says and run in a chroot; compose.yaml as read by Compose for each .env of the README, and its
// settings as read by bodega; and NGINX with the files that these commands make, in plain HTTP in front of two nodes that are
// replaced one after the other, and with TLS.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import YAML from "yaml";

import { check, finish, skip } from "./support/checks.mjs";
import { bodega, cloudTool, refusal, root, run } from "./support/programs.mjs";

const folder = join(root, "deploy/containers");
const dockerfile = readFileSync(join(folder, "Dockerfile"), "utf8");
const readme = readFileSync(join(folder, "README.md"), "utf8");
const work = mkdtempSync(join(tmpdir(), "bodega-containers-"));

// [["FROM", "debian:12 AS build"], ...], with continued lines joined.
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
    check("the linter would find a mistake", !lint(join(work, "Dockerfile")).ok);
    check("the image has no base", last("FROM") === "scratch");
}

// The result of the build stage's commands in the README's folder.
function assemble(context, image) {
    const binary = join(work, "binary");
    mkdirSync(image);
    mkdirSync(binary);
    for (const [word, command] of instructions) {
        if (!(word === "RUN" && command.includes("/image")) && !(word === "COPY" && command.endsWith(" /binary/"))) continue;
        const there = command.replaceAll("/image", image).replaceAll("/binary", binary).replaceAll("${TARGETARCH}", "amd64");
        const done = run("bash", ["-euc", word === "COPY" ? `cp ${there}` : there], { cwd: context });
        if (!done.ok) throw new Error(done.output);
    }
}

const kScript = `
ip link set lo up
chroot --userspec="$OWNER" "$IMAGE" "$@" & pid=$!
curl --fail --silent --output /dev/null --retry 100 --retry-delay 0 --retry-max-time 60 --retry-connrefused http://127.0.0.1:8080/readyz; echo "ready $?"
kill -TERM "$pid"; wait "$pid"; echo "ended $?"`;

function checkImage(context) {
    const image = join(work, "image");
    assemble(context, image);
    const settings = Object.fromEntries([...last("ENV").matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]));
    const command = [...JSON.parse(last("ENTRYPOINT")), ...JSON.parse(last("CMD"))];
    const env = { PATH: process.env.PATH, OWNER: last("USER"), IMAGE: image, ...settings };
    const done = run("unshare", ["--net", "bash", "-c", kScript, "bash", ...command], { env });
    check("the image runs with nothing beside the binary, as its user, and ends when asked to", done.output.includes("ready 0\n") && done.output.includes("ended 0\n"), done.output);
    check("the image's data is in its volume", existsSync(join(image, last("VOLUME"), "bodega.db")) && statSync(join(image, last("VOLUME"))).uid === 771, done.output);
    check("the image has a CA bundle for TLS to a database", readFileSync(join(image, "etc/ssl/certs/ca-certificates.crt"), "utf8").includes("BEGIN CERTIFICATE"));
}

function checkGuide() {
    const builds = [...readme.matchAll(/docker build .*/g)].map(([command]) => command);
    check("the README's builds need no clone", builds.length === 2 && builds.every((command) => command === "docker build -t bodega ."), builds);
    // drain_limit is 30 s.
    const containers = [...readme.matchAll(/docker run -d (?:.*\\\n)*.*/g)].map(([command]) => command);
    check("a single container has the time to drain, and restarts", containers.length === 2 && containers.every((command) =>
        Number(/--stop-timeout (\d+)/.exec(command)?.[1]) > 30 && command.includes(" --restart unless-stopped ")), containers);
    const settings = Object.fromEntries([...containers[1].matchAll(/-e (\w+)=(?:'([^']*)'|(\S+))/g)].map(([, name, quoted, plain]) => [name, quoted ?? plain]));
    const said = refusal(settings);
    check("bodega accepts the settings of one that gets its own certificate", said === "" && settings.BODEGA_EDGE_ACME_NAMES !== undefined, said || settings);
    const published = [...containers[1].matchAll(/-p \d+:(\d+)/g)].map(([, port]) => port);
    check("bodega listens on the container's ports", published.length === 2 && published.every((port) => settings.BODEGA_EDGE_LISTEN.includes(`:${port}`)), published);
}

// Runs the README's blocks that need no container engine, unchanged, with the test's own /srv and /usr/local/bin.
const kBlocks = `
mount --bind "$WORK/srv" /srv && mount --bind "$WORK/bin" /usr/local/bin
cd "$WORK/release"
for block in "$WORK"/block-*; do
    . "$block"
    [ ! -e .env ] || cp .env "$block.env"
    cd /srv/bodega
done`;

// The folder that the blocks create, and the .env of each block that writes one.
function prepare() {
    for (const name of ["srv", "bin", "release"]) mkdirSync(join(work, name));
    copyFileSync(bodega, join(work, "release/bodega-1.2.3-linux-amd64"));
    const blocks = [...readme.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, block]) => block);
    blocks.forEach((block, i) => writeFileSync(join(work, `block-${i}`), block));
    const done = run("unshare", ["--mount", "bash", "--norc", "-euo", "pipefail", "-c", kBlocks], { env: { PATH: `/usr/local/bin:${process.env.PATH}`, WORK: work } });
    check(`the README's ${blocks.length} blocks run with the release's binary alone`, done.ok && blocks.length >= 4, done.output);
    const written = blocks.map((block, i) => [block, i]).filter(([block]) => block.includes(">.env")).map(([, i]) => readFileSync(join(work, `block-${i}.env`), "utf8"));
    const cwd = join(work, "srv/bodega"), ignored = readFileSync(join(cwd, "Dockerfile.dockerignore"), "utf8").split("\n").filter((line) => line && !line.startsWith("#"));
    check("an image's build gets the binary, and no secret", ignored.join() === "*,!bodega-*linux-*", ignored);
    check("no commit takes along what they make in a clone", [".secrets", ".env"].every((name) => run("git", ["check-ignore", `deploy/containers/${name}`], { cwd: root }).ok));
    return { cwd, states: written };
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
// Runs in a separate network. Prints the answers that a client got meanwhile, and how many of them NGINX has logged.
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
    writeFileSync(join(cwd, "main.conf"), kMain);
    writeFileSync(join(cwd, "nginx.conf"), nginx.replaceAll(" /tmp/", ` ${cwd}/`));
    const [ONE, TWO] = [node1, node2].map((node) => node.networks.inside.ipv4_address);
    const env = { PATH: process.env.PATH, BODEGA: bodega, ONE, TWO, DELAY: node1.environment.BODEGA_NODE_DRAIN_DELAY };
    const done = run("unshare", ["--net", "bash", "-c", kUpgrade], { cwd, env });
    check("while nodes are replaced one after the other, one always answers, and each request is in the log", done.output.includes("answers 200 logged 0\n"), done.output);
}

// NGINX accepts the file, once certbot has a certificate, and forwards to the nodes.
function checkTlsFront(cwd, { "edge-tls": edge, certbot }) {
    const live = join(work, "live");
    mkdirSync(live);
    run("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=files.example.org", "-keyout", join(live, "privkey.pem"), "-out", join(live, "fullchain.pem")]);
    const text = readFileSync(join(cwd, ".secrets/nginx-tls.conf"), "utf8");
    check("NGINX has certbot's pair of the name, and both ports", text.includes("ssl_certificate /etc/letsencrypt/live/files.example.org/fullchain.pem;") &&
        text.includes("listen 0.0.0.0:8443 ssl http2;") && text.includes("listen 0.0.0.0:8080;") && text.includes("return 308 https://$host$request_uri;"), text);
    check("certbot's answers are where NGINX serves them from", text.includes("root /shared/acme;") && readme.includes("--webroot -w /shared/acme ") && certbot.volumes.includes("shared:/shared:rw"), certbot);
    check("both have the certificates, and NGINX reads them again regularly", edge.volumes.includes("certificates:/etc/letsencrypt:ro") && certbot.volumes.includes("certificates:/etc/letsencrypt:rw") &&
        edge.command.join(" ").includes("nginx -s reload") && edge.user.endsWith(":771") && readme.includes("chgrp -R 771 /etc/letsencrypt/live /etc/letsencrypt/archive\n"), edge);
    check("NGINX listens on ports 80 and 443", edge.ports.map((port) => (port.published ? `${port.published}:${port.target}` : String(port))).join() === "80:8080,443:8443", edge.ports);
    writeFileSync(join(cwd, "main.conf"), kMain);
    writeFileSync(join(cwd, "nginx.conf"), text.replaceAll(" /tmp/", ` ${cwd}/`).replaceAll("/etc/letsencrypt/live/files.example.org", live));
    const done = run("bash", ["--norc", "-o", "pipefail", "-c", "nginx -t -p . -e stderr -c main.conf 2>&1 | cat"], { cwd });
    check("NGINX accepts the file with TLS", done.ok && !done.output.includes("[warn]"), done.output);
}

function checkCompose(cwd, states) {
    const compose = cloudTool("docker-compose");
    const nginx = readFileSync(join(cwd, ".secrets/nginx.conf"), "utf8");
    const secret = readFileSync(join(cwd, ".secrets/proxy_secret"), "utf8").trim();
    check("NGINX sends the nodes' secret", secret.length > 20 && nginx.includes(`bodega "${secret}";`), nginx);
    check("NGINX listens and has the shared volume", nginx.includes("listen 0.0.0.0:8080;") && nginx.includes("alias /shared/blobs/;"), nginx);
    check("NGINX logs to the container, and its cache is in a folder of limited size", /^ *access_log \/dev\/stdout /m.test(nginx) && !/^ *access_log \/(?!dev)/m.test(nginx) &&
        /^proxy_cache_path \/tmp\//m.test(nginx), nginx);
    // Compose's answer for an .env: its services, or null.
    const servicesOf = (state) => {
        writeFileSync(join(cwd, ".env"), state);
        const done = compose(["-f", "compose.yaml", "config"], { cwd });
        check(`Compose accepts the file with ${state.split("\n")[0]}`, done.ok, done.output);
        if (!done.ok) return null;
        // Some versions also print services that are not enabled.
        const profiles = /^COMPOSE_PROFILES=(.*)$/m.exec(state)[1].split(",");
        const all = Object.entries(YAML.parse(done.output).services);
        return Object.fromEntries(all.filter(([, service]) => !service.profiles || service.profiles.some((profile) => profiles.includes(profile))));
    };
    const [plain, secure, outside] = states.map(servicesOf);
    if (!plain || !secure || !outside) return;
    const enabled = (services) => Object.keys(services).sort().join();
    check("the profiles select the services", enabled(plain) === "database,edge,node1,node2,shared" && enabled(secure) === "certbot,database,edge-tls,node1,node2,shared" &&
        enabled(outside) === "certbot,edge-tls,node1,node2,shared", [plain, secure, outside].map(enabled));
    check("two nodes share one volume with NGINX", ["node1", "node2"].every((name) => plain[name].volumes.includes("shared:/shared:rw")) && plain.edge.volumes.includes("shared:/shared:ro"), plain);
    check("two nodes can share a folder of the machine", ["node1", "node2"].every((name) => outside[name].volumes.includes("/mnt/shared:/shared:rw")) && outside["edge-tls"].volumes.includes("/mnt/shared:/shared:ro") &&
        outside.certbot.volumes.includes("/mnt/shared:/shared:rw") && outside.shared.volumes.includes("/mnt/shared:/shared:rw"), outside);
    check("what NGINX writes to the machine's memory has a limit", plain.edge.tmpfs.every((one) => one.includes("size=")), plain.edge.tmpfs);
    rmSync(join(cwd, ".env"));  // .env is for Compose, but a bodega that runs there would read it
    checkUpgrade(cwd, nginx, plain);
    checkTlsFront(cwd, secure);
    check("the README's upgrade waits for the first node", /up -d --no-deps node1\n.*grep \^edge\)" \\\n.*http:\/\/node1:5000\/readyz &&\n.*up -d --no-deps node2\n/.test(readme));
    for (const [services, of] of [[plain, "beside its own database"], [outside, "with a database elsewhere"]]) {
        for (const name of ["node1", "node2"]) {
            const { environment } = services[name], said = refusal(environment);
            check(`bodega accepts the settings of ${name} ${of}`, said === "", said);
            check(`${name} is one of its name`, environment.BODEGA_NODE_NAME === name && services[name].image === "bodega");
        }
    }
    check("the database is the one that .env names, over TLS with its authority", outside.node1.environment.DB_HOST.endsWith(".rds.amazonaws.com") &&
        outside.node1.environment.DB_SSL_CA === "/run/secrets/database_ca" && plain.node1.environment.DB_HOST === "database" && plain.node1.environment.DB_SSL_CA === "", outside.node1.environment);
    writeFileSync(join(cwd, "compose.yaml"), readFileSync(join(cwd, "compose.yaml"), "utf8").replace("restart:", "restarts:"));
    check("the check would not accept another", !compose(["-f", "compose.yaml", "config"], { cwd }).ok);
}

checkDockerfile();
checkGuide();
if (process.getuid() === 0) {
    const { cwd, states } = prepare();
    checkImage(cwd);
    checkCompose(cwd, states);
} else {
    skip("what the README's commands make", "a chroot and a network of its own need root");
}
finish();
