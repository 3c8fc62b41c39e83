#!/usr/bin/env node
// Checks .github/workflows with @action-validator/cli, their scripts with shellcheck, and the names that they use in this
// tree. Also tests the scripts of deploy/ that they call: a version's changelog section, and rolling a binary out to a fleet,
// with a stand-in for the AWS CLI.
import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import YAML from "yaml";

import { check, checkNone, finish } from "./support/checks.mjs";
import { root, run } from "./support/programs.mjs";

const folder = join(root, ".github/workflows");
const work = mkdtempSync(join(tmpdir(), "bodega-workflows-"));
const names = readdirSync(folder);
const makefile = readFileSync(join(root, "Makefile"), "utf8");
// The validator's schema is older than this permission, which attestations need.
function validate(path) {
    const known = join(work, "known.yml");
    writeFileSync(known, readFileSync(path, "utf8").replace(/^ +attestations: (read|write)\n/gm, ""));
    return run(join(root, "tests/deploy/node_modules/.bin/action-validator"), [known], { cwd: root });
}

// Values that GitHub inserts stay one word.
const plain = (script) => script.replace(/\$\{\{[^}]*\}\}/g, "word");

function shellProblems(script, where) {
    const path = join(work, "script.sh");
    writeFileSync(path, `#!/bin/bash -e\n${plain(script)}`);
    const done = run("shellcheck", ["--severity=style", path]);
    return done.ok ? [] : [`${where}: ${done.output}`];
}

function jobProblems(job, where) {
    if (job.uses) return existsSync(join(root, job.uses)) ? [] : [`${where}: no ${job.uses}`];
    const problems = job["timeout-minutes"] ? [] : [`${where} has no limit`];
    for (const step of job.steps) {
        if (step.uses && !/^[\w-]+\/[\w-]+@v\d+$/.test(step.uses)) problems.push(`${where}: ${step.uses} has no version`);
        if (!step.run) continue;
        problems.push(...shellProblems(step.run, `${where}: ${step.name ?? step.run}`));
        for (const [, target] of step.run.matchAll(/\bmake ([a-z]+)/g)) if (target !== "test" && !makefile.includes(`\n${target}:`)) problems.push(`${where}: make ${target}`);
        for (const [script] of step.run.matchAll(/\bdeploy\/[\w/.-]+\.sh\b/g)) if (!existsSync(join(root, script))) problems.push(`${where}: no ${script}`);
    }
    return problems;
}

function checkWorkflows() {
    check("there are workflows to test, to release and to deploy", names.join() === "deploy.yml,release.yml,test.yml", names);
    for (const name of names) {
        const path = join(folder, name), done = validate(path), workflow = YAML.parse(readFileSync(path, "utf8"));
        check(`${name} is valid`, done.ok, done.output);
        checkNone(`its jobs are in order`, Object.entries(workflow.jobs).flatMap(([job, what]) => jobProblems(what, `${name}: ${job}`)));
        check("a job has only the rights that it names", workflow.permissions.contents === "read", workflow.permissions);
    }
    const wrong = join(work, "wrong.yml");
    writeFileSync(wrong, readFileSync(join(folder, "test.yml"), "utf8").replace("runs-on:", "runs:"));
    check("the validator would not take another", !validate(wrong).ok);
}

function checkRelease() {
    const { jobs } = YAML.parse(readFileSync(join(folder, "release.yml"), "utf8"));
    const matrix = jobs.build.strategy.matrix.include;
    check("a release is for two architectures", matrix.map((row) => row.architecture).join() === "amd64,arm64", matrix);
    const before = (name) => [jobs[name].needs ?? []].flat().flatMap((one) => [one, ...before(one)]);
    const writers = Object.keys(jobs).filter((name) => JSON.stringify(jobs[name].permissions ?? {}).includes("write"));
    check("publishing waits for the tests and for the binaries", writers.join() === "publish,image" &&
        writers.every((name) => before(name).includes("test") && before(name).includes("build")), writers.map(before));
    check("the release itself comes last", before("publish").includes("image"), before("publish"));
    const script = jobs.build.steps.find((step) => step.run?.includes("GITHUB_REF_NAME")).run;
    const told = (tag) => run("sh", ["-ec", script], { cwd: root, env: { PATH: process.env.PATH, GITHUB_REF_NAME: tag } });
    const version = /^VERSION := (.*)$/m.exec(makefile)[1], right = told(`v${version}`);
    check("a tag other than the Makefile's version stops the release", right.ok && !told("v9.9.9").ok, right.output);
    check("a version without a changelog section stops the release", script.includes("deploy/build/changes.sh"), script);
    const attests = jobs.publish.steps.filter((step) => step.uses?.startsWith("actions/attest-"));
    check("a private repository gets no attestations", attests.length === 3 &&
        attests.every((step) => step.if === "${{ !github.event.repository.private }}"), attests);
    const name = jobs.image.steps.find((step) => step.run);
    run("bash", ["-ec", name.run], { env: { GITHUB_REPOSITORY: "Example/Bodega", GITHUB_REF_NAME: "v1.2.3", GITHUB_OUTPUT: join(work, "output") } });
    const output = readFileSync(join(work, "output"), "utf8");
    check("an image's name has no capitals", output === "name=ghcr.io/example/bodega:1.2.3\n", output);
}

// AWS still has to answer the last check of the nodes.
function checkDeployment() {
    const { steps } = YAML.parse(readFileSync(join(folder, "deploy.yml"), "utf8")).jobs.deploy;
    const roll = steps.find((step) => step.run?.includes("roll.sh")), credentials = steps.find((step) => step.uses?.includes("aws-credentials"));
    check("a deployment ends before its credentials expire", Number(roll.env?.LIMIT) < (credentials.with["role-duration-seconds"] ?? 3600), roll);
}

function checkChanges() {
    const changes = (version) => run(join(root, "deploy/build/changes.sh"), [version]);
    const version = /^VERSION := (.*)$/m.exec(makefile)[1], done = changes(version);
    check("the changelog has a section for this version", done.ok && done.output.includes("- ") && !done.output.includes("## "), done.output);
    check("a version without a changelog section is an error", !changes("9.9.9").ok && changes("9.9.9").output.includes('no part "## 9.9.9"'));
}

// Answers as AWS would, and records the commands; $STATUSES: the refresh's status at each check.
const kStandIn = `#!/bin/bash
echo "$*" >>"$WORK/calls"
case "$1 $2" in
    "cloudformation describe-stacks") echo the-group ;;
    "autoscaling start-instance-refresh") echo refresh-1 ;;
    "autoscaling describe-instance-refreshes") head -n 1 "$WORK/statuses"; sed -i '1{$!d}' "$WORK/statuses" ;;
    "cloudformation deploy") [ ! -e "$WORK/deploy-fails" ] ;;
esac
`;

function roll(statuses, { limit = 60, fails = false } = {}) {
    const here = mkdtempSync(join(work, "roll-"));
    writeFileSync(join(here, "aws"), kStandIn, { mode: 0o755 });
    writeFileSync(join(here, "statuses"), statuses.join("\n") + "\n");
    writeFileSync(join(here, "binary"), "a binary");
    if (fails) writeFileSync(join(here, "deploy-fails"), "");
    const env = { PATH: `${here}:${process.env.PATH}`, WORK: here, POLL: "0.01", LIMIT: String(limit) };
    const done = run(join(root, "deploy/aws/roll.sh"), ["files", "bucket", join(here, "binary")], { env });
    return { ...done, calls: readFileSync(join(here, "calls"), "utf8").trim().split("\n") };
}

function checkRoll() {
    const good = roll(["Pending", "InProgress", "Successful"]);
    const [copy, deploy, , start] = good.calls, key = /s3:\/\/bucket\/bodega\/([0-9a-f]{64})\/bodega/;
    check("a binary is uploaded, set in the stack, and rolled out to the nodes", good.ok && key.test(copy) && deploy.includes(`ReleaseSha256=${key.exec(copy)[1]}`) &&
        deploy.includes("--stack-name files") && start.includes("--auto-scaling-group-name the-group"), [good.output, ...good.calls]);
    check("the uploaded binary's name is its checksum", run("sha256sum", [], { input: "a binary" }).output.startsWith(key.exec(copy)[1]), copy);
    check("the rollout waits until all nodes are new", good.calls.filter((call) => call.includes("describe-instance-refreshes")).length === 3, good.calls);
    const failed = roll(["InProgress", "Failed"]);
    check("a refresh that fails is a failure", !failed.ok && failed.output.includes("is Failed"), failed.output);
    const late = roll(["InProgress"], { limit: 0 });
    check("a refresh that takes too long is a failure", !late.ok && late.output.includes("after 0 s"), late.output);
    const refused = roll(["Successful"], { fails: true });
    check("if the stack's update fails, no node is touched", !refused.ok && !refused.calls.some((call) => call.includes("start-instance-refresh")), refused.calls);
}

checkWorkflows();
checkDeployment();
checkRelease();
checkChanges();
checkRoll();
finish();
