#!/usr/bin/env node
// Checks deploy/kubernetes/bodega.yaml against Kubernetes' published API, and its parts against one another.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { check, checkNone, finish } from "./support/checks.mjs";
import { problemsOf, readManifests } from "./support/manifests.mjs";
import { refusal, root } from "./support/programs.mjs";

const folder = join(root, "deploy/kubernetes");
const manifests = readManifests(join(folder, "bodega.yaml"));
const readme = readFileSync(join(folder, "README.md"), "utf8");
const of = (kind) => manifests.find((manifest) => manifest.kind === kind);

const kMistakes = {
    "a field that is not there": (m) => (m.find(({ kind }) => kind === "Deployment").spec.template.spec.container = []),
    "a value of another type": (m) => (m.find(({ kind }) => kind === "PodDisruptionBudget").spec.maxUnavailable = [1]),
    "one that is missing": (m) => delete m.find(({ kind }) => kind === "Deployment").spec.selector,
};

async function checkApi() {
    const kinds = ["ConfigMap", "PersistentVolumeClaim", "Deployment", "Service", "Ingress", "HorizontalPodAutoscaler", "PodDisruptionBudget"];
    check("the manifests have all that a fleet needs", manifests.map((manifest) => manifest.kind).join() === kinds.join(), manifests.map((manifest) => manifest.kind));
    const [right, ...wrong] = await Promise.all([manifests, ...Object.values(kMistakes).map((make) => {
        const copy = structuredClone(manifests);
        make(copy);
        return copy;
    })].map(problemsOf));
    checkNone("Kubernetes' API takes it", right);
    Object.keys(kMistakes).forEach((name, i) => check(`the check would refuse ${name}`, wrong[i].length > 0));
}

function checkNames() {
    const deployment = of("Deployment"), labels = JSON.stringify(deployment.spec.template.metadata.labels);
    const selectors = [deployment.spec.selector.matchLabels, of("Service").spec.selector, of("PodDisruptionBudget").spec.selector.matchLabels];
    check("the selectors find the pods", selectors.every((selector) => JSON.stringify(selector) === labels), selectors);
    const pod = deployment.spec.template.spec, [container] = pod.containers, ports = container.ports.map((port) => port.name);
    check("the ports' names match", ports.includes(of("Service").spec.ports[0].targetPort) &&
        of("Ingress").spec.rules[0].http.paths[0].backend.service.port.name === of("Service").spec.ports[0].name, ports);
    check("the volumes' names match", container.volumeMounts.map((mount) => mount.name).join() === pod.volumes.map((volume) => volume.name).join() &&
        pod.volumes[0].persistentVolumeClaim.claimName === of("PersistentVolumeClaim").metadata.name, pod.volumes);
    check("the claim is ReadWriteMany", of("PersistentVolumeClaim").spec.accessModes.join() === "ReadWriteMany");
    check("the settings and the autoscaler refer to existing objects", container.envFrom[0].configMapRef.name === of("ConfigMap").metadata.name &&
        of("HorizontalPodAutoscaler").spec.scaleTargetRef.name === deployment.metadata.name && deployment.spec.replicas === undefined);
}

function checkSettings() {
    const said = refusal(of("ConfigMap").data);
    check("bodega accepts the settings", said === "", said);
    check("bodega would not accept other settings", refusal({ ...of("ConfigMap").data, BODEGA_EDGE_LISTENS: "" }) !== "");
    const [header] = readFileSync(join(folder, "bodega.yaml"), "utf8").split("apiVersion:");
    for (const name of ["DB_HOST", "BODEGA_APP_PUBLIC_URL", "BODEGA_EDGE_TRUSTED_PROXIES"])
        check(`${name}, which is each cluster's own, is named at the top`, header.includes(name), header);
}

function checkDatabase() {
    const pods = of("HorizontalPodAutoscaler").spec.maxReplicas + of("Deployment").spec.strategy.rollingUpdate.maxSurge;
    const connections = pods * Number(of("ConfigMap").data.BODEGA_DATABASE_POOL_SIZE ?? 16);
    // MySQL's default max_connections.
    check("all pods together have no more connections than a database accepts", connections < 151, connections);
}

function checkSecrets() {
    const made = /^kubectl create secret generic bodega (.*\\\n)*.*$/m.exec(readme)[0], settings = of("ConfigMap").data;
    const named = [...made.matchAll(/--from-file=(\S+)/g)].map(([, name]) => `/secrets/${name}`);
    const read = Object.values(settings).filter((value) => value.startsWith("/secrets/"));
    check("the README's secret has each file that the settings name", named.sort().join() === read.sort().join(), [...named, ...read]);
    const [{ secretName }] = of("Ingress").spec.tls;
    check("the README's commands create the Ingress's certificate", readme.includes(`\nkubectl create secret tls ${secretName} --cert=`), secretName);
    check("the database's certificate is verified", read.includes(settings.DB_SSL_CA), settings);
}

function checkProbes() {
    const pod = of("Deployment").spec.template.spec, [container] = pod.containers, settings = of("ConfigMap").data;
    check("traffic follows /readyz, restarts /livez", container.readinessProbe.httpGet.path === "/readyz" && container.livenessProbe.httpGet.path === "/livez");
    check("bodega listens where the pod says", settings.BODEGA_EDGE_LISTEN.endsWith(`:${container.ports[0].containerPort}`) &&
        settings.BODEGA_EDGE_ADMIN_LISTEN.endsWith(`:${container.ports[1].containerPort}`) && settings.SHARED_DIR === container.volumeMounts[0].mountPath);
    // drain_limit is 30 s.
    const stop = container.lifecycle.preStop.sleep.seconds + Number.parseInt(settings.BODEGA_NODE_DRAIN_DELAY) + 30;
    check("a stopping pod has the time to drain", pod.terminationGracePeriodSeconds > stop, stop);
    check("the pod runs without a user of the machine and writes only to its volumes", pod.securityContext.runAsNonRoot && container.securityContext.readOnlyRootFilesystem &&
        !container.securityContext.allowPrivilegeEscalation);
}

await checkApi();
checkNames();
checkSettings();
checkDatabase();
checkSecrets();
checkProbes();
finish();
