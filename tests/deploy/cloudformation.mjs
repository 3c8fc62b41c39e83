#!/usr/bin/env node
// Checks deploy/aws/bodega.yaml against CloudFormation's published resource specification: for each way to fill in its
// parameters, every resource, property, reference and condition; and compares its user data with cloud-init's.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { check, finish } from "./support/checks.mjs";
import { problemsOf, resourceType } from "./support/specification.mjs";
import { refusal, run } from "./support/programs.mjs";
import { checkCombinations, checkNames, combinationsOf, followsListener, outlasts } from "./support/stack.mjs";
import { expand, readTemplate } from "./support/template.mjs";

const root = join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "../..");
const path = join(root, "deploy/aws/bodega.yaml");
const template = readTemplate(path);
const kGiven = {
    Vpc: "vpc-1",
    Subnets: ["subnet-1", "subnet-2"],
    ReleaseUrl: "https://downloads.example.org/bodega-linux-amd64",
    ReleaseSha256: "0".repeat(64),
};
const kAcademy = { InstanceProfile: "LabInstanceProfile", InstanceType: "t2.micro", MinNodes: 1, MaxNodes: 2, DatabaseStorageType: "gp2", DatabaseStorageMax: 100 };
const kExisting = { Database: "existing", DatabaseHost: "db.internal", DatabaseSecretArn: "arn:aws:secretsmanager:us-east-1:123456789012:secret:db" };
const kNlb = { Front: "nlb", TlsCertificates: "/mnt/shared/tls/fullchain.pem /mnt/shared/tls/privkey.pem" };
const kZones = ["subnet-1", "subnet-2", "subnet-3", "subnet-4", "subnet-5", "subnet-6"];
const kChoices = [
    [kGiven],
    [{ Front: "alb" }, { Front: "alb", CertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1", SiteUrl: "https://files.example.org" }, kNlb, { Front: "nlb", AcmeNames: "files.example.org" }],
    [{ Database: "single" }, { Database: "multi-az" }, kExisting],
    [{}, kAcademy],
    [{}, { ReleaseBucket: "releases", ReleaseUrl: "s3://releases/bodega" }],
    [{}, { AlarmEmail: "ops@example.org" }],
];

const made = (parameters) => expand(template, { ...kGiven, ...parameters });

function checkForm() {
    const groups = template.Metadata["AWS::CloudFormation::Interface"].ParameterGroups.flatMap((group) => group.Parameters);
    const parameters = Object.keys(template.Parameters);
    check("the console's form shows each parameter once", JSON.stringify([...groups].sort()) === JSON.stringify([...parameters].sort()), groups);
}

const kMistakes = {
    "an unknown property": (t) => (t.Resources.Nodes.Properties.MinimumSize = 1),
    "a missing one": (t) => delete t.Resources.Nodes.Properties.MaxSize,
    "a list for a text": (t) => (t.Resources.FileSystem.Properties.PerformanceMode = ["generalPurpose"]),
    "a value that is not allowed": (t) => (t.Resources.FileSystem.Properties.BackupPolicy.Status = "ON"),
    "an unknown kind of resource": (t) => (t.Resources.Alarms.Type = "AWS::SNS::Topics"),
    "an attribute that is not there": (t) => (t.Resources.Nodes.Properties.LaunchTemplate.Version = { "Fn::GetAtt": ["NodeTemplate", "Latest"] }),
    "a resource that a condition leaves out": (t) => (t.Resources.AlbTargets.Condition = "IsNlb"),
    "an apostrophe that EC2 refuses": (t) => (t.Resources.ShareSecurityGroup.Properties.GroupDescription = "bodega's EFS"),
    "one in a rule's description": (t) => (t.Resources.BalancerSecurityGroup.Properties.SecurityGroupIngress[0].Description = "bodega's"),
    "a text that is too long": (t) => (t.Resources.ShareSecurityGroup.Properties.GroupDescription = "a".repeat(256)),
    "a tag that is AWS's own": (t) => (t.Resources.ShareSecurityGroup.Properties.Tags[0].Key = "aws:name"),
    "a log group's name with a blank": (t) => (t.Resources.Logs.Properties.LogGroupName = "the logs"),
    "a database's name with a hyphen": (t) => (t.Resources.DatabaseServer.Properties.DBName = "the-files"),
    "an action that is none": (t) => (t.Resources.NodeRole.Properties.Policies[0].PolicyDocument.Statement[0].Action = "GetSecretValue"),
    "a text that nobody looked up": (t) => (t.Resources.ShareSecurityGroup.Properties.GroupName = "share"),
    "one of another kind": (t) => (t.Resources.MountTargetA.Properties.SecurityGroups = [{ Ref: "FileSystem" }]),
};

// The check finds each kind of mistake.
function checkMistakes() {
    for (const [name, make] of Object.entries(kMistakes)) {
        const wrong = structuredClone(template);
        make(wrong);
        const expanded = expand(wrong, { ...kGiven });
        check(`the specification's check finds ${name}`, [...expanded.problems, ...problemsOf(expanded)].length > 0);
    }
}

function checkRules() {
    const said = (parameters) => made(parameters).refusals.join(" | ");
    check("a stack with missing parameters is refused", said({ Front: "nlb" }) === "Front=nlb needs AcmeNames or TlsCertificates." &&
        said({ ...kExisting, DatabaseHost: "" }) === "Database=existing needs DatabaseHost." && said({}) === "", said({ Front: "nlb" }));
}

// EFS has a mount target in each subnet that may get a node, before there is a node.
function checkMounts() {
    for (let zones = 2; zones <= kZones.length; zones += 1) {
        const Subnets = kZones.slice(0, zones), { resources, problems } = made({ Subnets });
        const targets = Object.entries(resources).filter(([, resource]) => resource.Type === "AWS::EFS::MountTarget");
        const before = resources.Nodes.Properties.Tags.find(({ Key }) => Key === "mount-targets")?.Value;
        check(`each of ${zones} subnets has a mount target, which the nodes wait for`, targets.map(([, target]) => target.Properties.SubnetId).join() === Subnets.join() &&
            before === targets.map(([name]) => `<${name}>`).join(" ") && problems.length === 0, [before, problems]);
    }
}

// Machines that scale on CPU have to be able to use it.
function checkCredits() {
    const creditsOf = (InstanceType) => made({ InstanceType }).resources.NodeTemplate.Properties.LaunchTemplateData.CreditSpecification?.CpuCredits;
    const credits = ["t2.micro", "t3.small", "t3a.large", "t4g.medium", "c7i.large", "m7g.xlarge"].map(creditsOf);
    check("machines with CPU credits use unlimited credits, and others have none", credits.join() === "unlimited,unlimited,unlimited,unlimited,,", credits);
}

// An export of a log that is not written is an empty log group.
function checkSlowLog() {
    const { DatabaseServer, DatabaseSettings } = made({}).resources, parameters = DatabaseSettings.Properties.Parameters;
    check("slow statements are written to the exported log", DatabaseServer.Properties.EnableCloudwatchLogsExports.includes("slowquery") &&
        parameters.slow_query_log === "1" && parameters.log_output === "FILE" && Number(parameters.long_query_time) <= 2, parameters);
}

// cfn-lint's own rules and its copy of the schemas, where it is installed.
function checkLint() {
    const lint = (...paths) => run("cfn-lint", paths);
    if (!lint("--version").ok) return console.log("note  cfn-lint is not installed");
    const done = lint(path, join(root, "deploy/ecs/bodega.yaml"));
    check("cfn-lint finds nothing in the templates", done.ok, done.output);
}

// The values of node.conf by name, and the rest of the user data.
function taken(text) {
    const values = {}, rest = [];
    for (const line of text.split("\n")) {
        const match = /^ {6}([A-Z0-9_]+)=(.*)$/.exec(line);
        if (match) values[match[1]] = match[2];
        rest.push(match ? `${match[1]}=` : line);
    }
    return { values, rest: rest.join("\n") };
}

function checkUserData() {
    const file = taken(readFileSync(join(root, "deploy/cloud-init/user-data.yaml"), "utf8"));
    const userData = (parameters) => taken(made(parameters).resources.NodeTemplate.Properties.LaunchTemplateData.UserData);
    const alb = userData({ SiteUrl: "https://files.example.org" }), nlb = userData({ ...kNlb, ...kExisting });
    check("except for the values of node.conf, the template's user data is deploy/cloud-init's", alb.rest === file.rest, firstDifference(alb.rest, file.rest));
    check("the values of node.conf are the stack's", alb.values.STACK === "files" && alb.values.SHARED_FILE_SYSTEM === "<FileSystem>" &&
        alb.values.DB_HOST === "<DatabaseServer.Endpoint.Address>" && alb.values.DATABASE_SECRET === "<DatabaseSecret>" &&
        alb.values.BODEGA_EDGE_TRUSTED_PROXIES === "172.31.0.0/16" && alb.values.BODEGA_APP_PUBLIC_URL === "https://files.example.org", alb.values);
    check("behind a Network Load Balancer bodega's own front ends TLS", nlb.values.BODEGA_EDGE_LISTEN === "'https://0.0.0.0:8443,http://0.0.0.0:8080 redirect=443'" &&
        nlb.values.READY_URL.startsWith("https://127.0.0.1:8443") && nlb.values.BODEGA_EDGE_TLS_CERTIFICATES.includes("/fullchain.pem ") &&
        nlb.values.BODEGA_EDGE_TRUSTED_PROXIES === "" && nlb.values.DB_HOST === "db.internal", nlb.values);
    const grace = Number(/^(\d+)d$/.exec(alb.values.BODEGA_FILES_BLOB_GRACE)?.[1]);
    check("files stay as long as the database can be restored", grace >= made({}).resources.DatabaseServer.Properties.BackupRetentionPeriod, grace);
    check("the balancer, not bodega, closes idle connections", outlasts(alb.values.BODEGA_EDGE_IDLE_TIMEOUT, made({}).resources.Balancer), alb.values);
    const acme = userData({ ...kNlb, AcmeNames: "files.example.org" });
    check("behind a Network Load Balancer bodega can get its certificate by itself", acme.values.BODEGA_EDGE_ACME_NAMES === "'files.example.org'" && acme.values.BODEGA_EDGE_TLS_CERTIFICATES === "''", acme.values);
    check("the user data has room within 16 KiB", alb.rest.length < 12000, alb.rest.length);
}

// node.conf as a shell reads it, and its lines of settings as bodega does.
function checkNodeConf() {
    for (const [name, parameters] of Object.entries({ "an ALB": { SiteUrl: "https://files.example.org" }, "an NLB": kNlb, "one with ACME": { Front: "nlb", AcmeNames: "files.example.org" } })) {
        const userData = made(parameters).resources.NodeTemplate.Properties.LaunchTemplateData.UserData;
        const conf = userData.split("content: |\n")[1].split("\n# The rest is the same")[0].replace(/^ {6}/gm, "").replace(/<[\w.]+>/g, "word");
        const done = run("bash", ["-euc", `set -a; ${conf}\nenv`], { env: { PATH: process.env.PATH } });
        const settings = Object.fromEntries(done.output.split("\n").filter((line) => /^(BODEGA|DB)_/.test(line)).map((line) => line.split(/=(.*)/).slice(0, 2)));
        // The settings that bodega-node adds.
        if (parameters.AcmeNames) settings.BODEGA_EDGE_ACME_SECRET_FILE = "a file";
        const said = refusal(settings);
        check(`behind ${name}, a shell and bodega accept node.conf`, done.ok && Object.keys(settings).length > 10 && said === "", said || done.output);
    }
}

function firstDifference(a, b) {
    const one = a.split("\n"), other = b.split("\n");
    const line = one.findIndex((text, i) => text !== other[i]);
    return `line ${line + 1}: ${one[line]} | ${other[line]}`;
}

// The fleet's database, files and network.
function checkPromises() {
    const { resources } = made({ Database: "multi-az" }), of = (name) => resources[name].Properties;
    check("the metadata service requires tokens", of("NodeTemplate").LaunchTemplateData.MetadataOptions.HttpTokens === "required");
    check("the group uses the balancer's health check of /readyz", of("Nodes").HealthCheckType === "ELB" && of("AlbTargets").HealthCheckPath === "/readyz");
    check("the group terminates no node before another is in its place", of("Nodes").InstanceMaintenancePolicy.MinHealthyPercentage === 100);
    check("the nodes, EFS and RDS are in two zones", of("Nodes").VPCZoneIdentifier.length === 2 &&
        of("MountTargetA").SubnetId !== of("MountTargetB").SubnetId && of("DatabaseServer").MultiAZ === true);
    check("the database's backups outlive it, and its name is an output while it is the stack's", of("DatabaseServer").DeleteAutomatedBackups === false &&
        String(made({}).outputs.DatabaseServer) === "<DatabaseServer>" && !("DatabaseServer" in made(kExisting).outputs));
    check("files are encrypted, backed up and outlive the stack", of("FileSystem").Encrypted === true && of("FileSystem").BackupPolicy.Status === "ENABLED" &&
        resources.FileSystem.DeletionPolicy === "RetainExceptOnCreate" && resources.FileSystem.UpdateReplacePolicy === "Retain" && resources.DatabaseServer.DeletionPolicy === "Snapshot");
    const open = Object.entries(resources).filter(([, r]) => r.Type === "AWS::EC2::SecurityGroup" && r.Properties.SecurityGroupIngress.some((rule) => rule.CidrIp));
    const fronts = [{}, { CertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1" }, kNlb].map((front) => made(front).resources);
    check("the nodes come after the listener that forwards to them", fronts.every((all) => followsListener(all.Nodes, all)));
    const nobody = fronts.map((all) => all.NobodyAlarm.Properties);
    check("there is an alarm when no node is ready or reports", nobody.every((alarm) => alarm.MetricName === "HealthyHostCount" && alarm.TreatMissingData === "breaching" &&
        alarm.ComparisonOperator === "LessThanThreshold" && alarm.Threshold === 1), nobody);
    check("there is an alarm for errors that the balancer answers itself", fronts.map((all) => all.BalancerErrorsAlarm?.Properties.MetricName).join() ===
        "HTTPCode_ELB_5XX_Count,HTTPCode_ELB_5XX_Count,");
    check("only the balancer is open to clients", open.map(([name]) => name).join() === "BalancerSecurityGroup", open);
    // A node's database.pool_size; deploy/README.md has the limit of that class.
    check("the smallest database has connections for the most nodes", of("DatabaseServer").DBInstanceClass === "db.t4g.micro" && of("Nodes").MaxSize * 16 <= 60, of("Nodes").MaxSize);
    const academy = made(kAcademy).resources.DatabaseServer.Properties;
    check("a lab's database is within its limits", academy.StorageType === "gp2" && academy.MaxAllocatedStorage === 100, academy);
    check("no role is made where one is given", !made(kAcademy).resources.NodeRole && made({}).resources.NodeRole !== undefined);
    check("an instance waits for its hook, which is the one that user data answers", of("Nodes").LifecycleHookSpecificationList[0].LifecycleHookName === "ready" &&
        of("NodeTemplate").LaunchTemplateData.UserData.includes("LAUNCH_HOOK=ready") && of("Nodes").AutoScalingGroupName === "files");
    check("the specification knows them all", Object.values(resources).every((resource) => resourceType(resource.Type)));
}

checkCombinations(template, combinationsOf(kChoices));
checkNames(template, path);
checkForm();
checkMistakes();
checkRules();
checkUserData();
checkNodeConf();
checkPromises();
checkMounts();
checkCredits();
checkSlowLog();
checkLint();
finish();
