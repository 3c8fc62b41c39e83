// Documents held against types that their programs publish, by TypeScript's compiler: fields that are not there, values of
// another type and what is missing.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const here = new URL(".", import.meta.url).pathname;
const tsc = join(here, "../../../assets/node_modules/.bin/tsc");
const kOptions = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "nodenext", "--moduleResolution", "nodenext", "--pretty", "false"];

// A document and the type that it should have, as TypeScript writes it.
export const typed = (document, type) => ({ document, type });

// What the compiler says against the typed documents: a line each, none if they are right. The declarations are those
// that the types need beside what they import.
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
