// Checks documents with TypeScript's compiler against the types that their programs publish: unknown fields, wrong types and
// missing values.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const here = new URL(".", import.meta.url).pathname;
const tsc = join(here, "../../../assets/node_modules/.bin/tsc");
const kOptions = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "nodenext", "--moduleResolution", "nodenext", "--pretty", "false"];

// A document and its expected type, in TypeScript.
export const typed = (document, type) => ({ document, type });

// The compiler's errors for the typed documents, one line each; none if they are right. The declarations are those that the
// types need in addition to their imports.
export async function mistyped(values, declarations = "") {
    const folder = mkdtempSync(join(tmpdir(), "bodega-typing-"));
    try {
        symlinkSync(join(here, "../node_modules"), join(folder, "node_modules"));
        writeFileSync(join(folder, "package.json"), '{"type": "module"}');
        const lines = values.map(({ document, type }, i) => `export const value${i}: ${type} = ${JSON.stringify(document, null, 2)};`);
        writeFileSync(join(folder, "documents.ts"), [declarations, ...lines].join("\n"));
        await promisify(execFile)(tsc, [...kOptions, "documents.ts"], { cwd: folder });
        return [];
    } catch (error) {
        return (error.stdout || String(error)).split("\n").filter((line) => line);
    } finally {
        rmSync(folder, { recursive: true });
    }
}
