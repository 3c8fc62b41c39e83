#!/usr/bin/env node
// deploy/containers: the Dockerfile by a linter, and its image, assembled as it says, run in a chroot; Compose's own
// reading of compose.yaml, after the commands of the README there, with bodega's reading of its settings.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
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

// The README's block that needs no engine.
function prepare(cwd) {
    mkdirSync(join(cwd, "bin"), { recursive: true });
    copyFileSync(join(folder, "compose.yaml"), join(cwd, "compose.yaml"));
    const [, block] = /^```sh\n([^]*?)^```$/m.exec(readme);
    const env = { PATH: `${dirname(bodega)}:${process.env.PATH}` };
    const done = run("bash", ["-euo", "pipefail", "-c", block], { cwd, env });
    check("the README's commands make the secrets and NGINX's file", done.ok, done.output);
    return readFileSync(join(cwd, "nginx.conf"), "utf8");
}

function checkCompose() {
    const cwd = join(work, "compose"), compose = cloudTool("docker-compose");
    const nginx = prepare(cwd);
    check("NGINX turns to both nodes and has the shared volume", nginx.includes("server app:5000 ") && nginx.includes("listen 0.0.0.0:8080 ") && nginx.includes("alias /shared/blobs/;"), nginx);
    check("its log is the container's, its cache in a folder of limited size", /^ *access_log \/dev\/stdout /m.test(nginx) && !/^ *access_log \/(?!dev)/m.test(nginx) &&
        /^proxy_cache_path \/tmp\//m.test(nginx), nginx);
    const done = compose(["-f", "compose.yaml", "config"], { cwd });
    if (!check("Compose takes the file", done.ok, done.output)) return;
    const { services } = YAML.parse(done.output);
    check("two nodes wait for the database, and share one volume with NGINX", ["node1", "node2"].every((name) => services[name].depends_on.database.condition === "service_healthy" &&
        services[name].volumes.includes("shared:/shared:rw")) && services.edge.volumes.includes("shared:/shared:ro"), done.output);
    check("what NGINX writes to the machine's memory has a limit", services.edge.tmpfs.every((one) => one.includes("size=")), services.edge.tmpfs);
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
checkCompose();
finish();
