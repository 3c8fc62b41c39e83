#!/usr/bin/env node
// Checks deploy/ecs/bodega.yaml against CloudFormation's published resource specification, like deploy/aws.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { check, finish } from "./support/checks.mjs";
import { refusal, root, run } from "./support/programs.mjs";
import { checkCombinations, checkNames, combinationsOf, followsListener, outlasts } from "./support/stack.mjs";
import { expand, readTemplate } from "./support/template.mjs";

const path = join(root, "deploy/ecs/bodega.yaml");
const template = readTemplate(path);
const kGiven = {
    Vpc: "vpc-1",
    Subnets: ["subnet-1", "subnet-2"],
    Image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/bodega:0.1.0",
    FileSystem: "fs-0123456789abcdef0",
    ShareSecurityGroup: "sg-1",
    DatabaseHost: "db.internal",
    DatabaseSecurityGroup: "sg-2",
    DatabaseSecretArn: "arn:aws:secretsmanager:us-east-1:123456789012:secret:db",
};

function checkTask() {
    const { resources } = expand(template, kGiven);
    const task = resources.Task.Properties, [container] = task.ContainerDefinitions;
    const settings = Object.fromEntries(container.Environment.map(({ Name, Value }) => [Name, Value]));
    check("the task's volumes are mounted, one of them EFS over TLS", container.MountPoints.map((mount) => mount.SourceVolume).join() === task.Volumes.map((volume) => volume.Name).join() &&
        task.Volumes[0].EFSVolumeConfiguration.TransitEncryption === "ENABLED", task.Volumes);
    check("files are where bodega looks for them", settings.SHARED_DIR === container.MountPoints[0].ContainerPath);
    const own = expand(template, { ...kGiven, Directory: "/bodega" }).resources.AccessPoint.Properties;
    check("another directory than the machines' is created for the tasks' user", own.RootDirectory.Path === "/bodega" &&
        own.RootDirectory.CreationInfo.OwnerUid === own.PosixUser.Uid && !("RootDirectory" in resources.AccessPoint.Properties), own);
    check("the password is no part of the task's definition", container.Secrets[0].Name === "DB_PASSWORD" && !("DB_PASSWORD" in settings));
    check("files stay as long as a database can be restored", settings.BODEGA_FILES_BLOB_GRACE === "7d");
    check("the balancer, not bodega, closes idle connections", outlasts(settings.BODEGA_EDGE_IDLE_TIMEOUT, resources.Balancer), settings);
    const said = refusal({ ...settings, DB_PASSWORD: "secret" });
    check("bodega accepts the settings", said === "", said);
    const port = container.PortMappings[0].ContainerPort;
    check("one port from the balancer to bodega", settings.BODEGA_EDGE_LISTEN.endsWith(`:${port}`) && resources.Targets.Properties.Port === port &&
        resources.Service.Properties.LoadBalancers[0].ContainerPort === port);
    // Fargate waits at most 120 s; the wait covers drain_delay and drain_limit, which is 30 s.
    check("a stopping task has the time to drain", container.StopTimeout <= 120 && container.StopTimeout >= Number.parseInt(settings.BODEGA_NODE_DRAIN_DELAY) + 30);
    const doors = resources.Service.DependsOn.map((name) => resources[name]).filter(({ Type }) => Type === "AWS::EC2::SecurityGroupIngress");
    check("tasks get access to EFS and the database before they start", doors.map(({ Properties: p }) => `${p.GroupId}:${p.FromPort}`).join() === "sg-1:2049,sg-2:3306" &&
        doors.every(({ Properties }) => String(Properties.SourceSecurityGroupId) === "<TaskSecurityGroup>"), doors);
    const secure = expand(template, { ...kGiven, CertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1" }).resources;
    check("tasks start after the listener that forwards to them", [resources, secure].every((all) => followsListener(all.Service, all)));
    check("a bad release is rolled back", resources.Service.Properties.DeploymentConfiguration.DeploymentCircuitBreaker.Rollback === true);
}

// The image that README.md derives, with the CA bundle that the task names.
function checkImage() {
    const guide = readFileSync(join(root, "deploy/ecs/README.md"), "utf8");
    const text = /docker build .*<<'END'\n([^]*?)^END$/m.exec(guide)[1], path = join(mkdtempSync(join(tmpdir(), "bodega-ecs-")), "Dockerfile");
    writeFileSync(path, text);
    const done = run(join(root, "tests/deploy/node_modules/.bin/dockerfile-utils"), ["lint", path]);
    check("a linter finds nothing in the image's Dockerfile", done.ok && /^FROM bodega$/m.test(text), done.output);
    check("the database's authorities are where the task looks for them", text.trim().endsWith(` ${template.Parameters.DatabaseCa.Default}`) && text.includes("--chmod=0444"), text);
}

checkCombinations(template, combinationsOf([
    [kGiven],
    [{}, { CertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1" }],
    [{}, { Directory: "/bodega" }],
    [{}, { TaskRole: "arn:aws:iam::123456789012:role/LabRole" }],
]));
checkNames(template, path);
checkTask();
checkImage();
finish();
