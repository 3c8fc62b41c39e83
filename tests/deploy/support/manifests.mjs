// Checks Kubernetes manifests against the published API in two ways: schema validation, for values, and TypeScript over the
// types generated from the schemas, for unknown fields.
import { readFileSync } from "node:fs";
import YAML from "yaml";

import { mistyped, typed } from "./typing.mjs";

export function readManifests(path) {
    const documents = YAML.parseAllDocuments(readFileSync(path, "utf8"));
    for (const document of documents) if (document.errors.length) throw document.errors[0];
    return documents.map((document) => document.toJSON());
}

const moduleOf = ({ apiVersion, kind }) => `kubernetes-models/${apiVersion}/${kind}`;

async function invalid(manifest) {
    const { [manifest.kind]: Model } = await import(moduleOf(manifest));
    try {
        new Model(manifest).validate();
        return [];
    } catch (error) {
        return [`${manifest.kind}: ${error.message}`];
    }
}

export async function problemsOf(manifests) {
    const values = manifests.map((manifest) => typed(manifest, `import("${moduleOf(manifest)}").I${manifest.kind}`));
    const found = await Promise.all([...manifests.map(invalid), mistyped(values)]);
    return found.flat();
}
