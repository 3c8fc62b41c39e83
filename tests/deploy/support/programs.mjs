// The programs that these tests run: bodega itself, and the unpacked tools of deploy/build/recipes/cloud-tools.sh.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const root = join(new URL(".", import.meta.url).pathname, "../../..");
export const bodega = resolve(process.env.BODEGA ?? join(root, "build/bodega"));

// {ok, output}
export function run(program, words, options = {}) {
    const done = spawnSync(program, words, { encoding: "utf8", ...options });
    return { ok: done.status === 0, output: `${done.stdout}${done.stderr}${done.error ?? ""}` };
}

export function cloudTool(name) {
    const tools = join(execFileSync(join(root, "deploy/build/dependency.sh"), ["cloud-tools"], { encoding: "utf8" }).trim(), "root/usr");
    const env = { ...process.env, PYTHONPATH: `${tools}/lib/python3/dist-packages:${tools}/lib/python3.11`, LD_LIBRARY_PATH: `${tools}/lib/x86_64-linux-gnu` };
    return (words, options = {}) => run("/usr/bin/python3", [`${tools}/bin/${name}`, ...words], { env, ...options });
}

// Whether bodega accepts these variables as its settings: "" or its error. Filling in a kit file reads all of them, except the
// content of secret files, which exist only in a container.
export function refusal(variables) {
    const cwd = mkdtempSync(join(tmpdir(), "bodega-settings-"));
    const secret = join(cwd, "secret");
    writeFileSync(secret, "secret");
    const here = Object.entries(variables).map(([name, value]) => [name, name.endsWith("_FILE") ? secret : value]);
    const done = run(bodega, ["kit", "systemd/bodega.service"], { cwd, env: { PATH: process.env.PATH, ...Object.fromEntries(here) } });
    return done.ok ? "" : done.output;
}
