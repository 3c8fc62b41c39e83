// Kubernetes' manifests held against its published API in two ways: the schemas' own validation, for values, and
// TypeScript over the types made from them, for fields that are not there.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import YAML from "yaml";

const here = new URL(".", import.meta.url).pathname;
const tsc = join(here, "../../../assets/node_modules/.bin/tsc");
const kOptions = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "nodenext", "--moduleResolution", "nodenext", "--pretty", "false"];

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

function typed(manifest, i) {
    const name = `I${manifest.kind}`;
    return `import type { ${name} as T${i} } from "${moduleOf(manifest)}";\nexport const m${i}: T${i} = ${JSON.stringify(manifest, null, 2)};\n`;
}

async function mistyped(manifests) {
    const folder = mkdtempSync(join(tmpdir(), "bodega-manifests-"));
    try {
        symlinkSync(join(here, "../node_modules"), join(folder, "node_modules"));
        writeFileSync(join(folder, "package.json"), '{"type": "module"}');
        writeFileSync(join(folder, "manifests.ts"), manifests.map(typed).join("\n"));
        await promisify(execFile)(tsc, [...kOptions, "manifests.ts"], { cwd: folder });
        return [];
    } catch (error) {
        return (error.stdout || String(error)).split("\n").filter((line) => line);
    } finally {
        rmSync(folder, { recursive: true });
    }
}

export async function problemsOf(manifests) {
    const found = await Promise.all([...manifests.map(invalid), mistyped(manifests)]);
    return found.flat();
}
