#!/usr/bin/env node
// bodega's web app in a real browser: every page in both themes, the main paths in both languages, a phone.
//
//   tests/browser/run.mjs [GROUP]                          against the binary (BODEGA, else build/bodega)
//   BODEGA_BROWSER_SERVER=mock tests/browser/run.mjs       against the web app's mock
//   BODEGA_BROWSER_SHOTS=FOLDER …                          a picture of each failure
//   BODEGA_MODEL_SECONDS=300 [BODEGA_MODEL_SEED=7] tests/browser/run.mjs model   random acts on uploads, for minutes
// fronts: direct tls nginx
//
// Installs its npm packages when they are missing. Ends with 'N passed, N failed'; exit status 1 if any failed.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
for (const folder of [here, join(here, '../../assets')]) {
    if (!existsSync(join(folder, 'node_modules'))) execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, stdio: 'inherit' });
}

const { Counts } = await import('./support/counts.mjs');
const counts = new Counts(process.argv[2]);
const { front } = await import('./support/server.mjs');
const main_path = ['story', 'secure', 'resume'];
const groups = front === 'direct' ? [...main_path, 'accounts', 'access', 'fleet', 'pages', 'phone', 'lists', 'focus', 'tabs', 'stalled', 'astray', 'model', 'messages', 'texts', 'trash', 'jobs', 'widths', 'layout', 'readers', 'trouble', 'big'] : main_path;
for (const group of groups) {
    if (!counts.wants(group)) continue;
    const { default: run } = await import(`./cases/${group}.mjs`);
    await run(counts).catch((error) => counts.check(`${group}: ran to its end`, () => Promise.reject(error)));
}
process.exit(counts.end());
