// Over TLS and HTTP/2, as on the internet: set-up, an upload, a download, the cookie. The mock has no TLS.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { App } from '../support/app.mjs';
import { equal, truth, visit } from '../support/browser.mjs';
import { mocked, start_server } from '../support/server.mjs';
import { words } from '../support/words.mjs';

const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');

export default async function run(counts) {
    if (mocked) return;
    const server = await start_server({ secure: true });
    const { page, context, faults, close } = await visit(server.url);
    const app = new App(page, await words('en'));
    const folder = mkdtempSync(join(tmpdir(), 'bodega-secure-'));
    try {
        await page.goto(`/setup?token=${server.token}`);
        await app.sign_in('ana');
        await page.getByRole('heading', { level: 1, name: app.t('space.personal') }).waitFor();
        await counts.check('secure: the page and its assets are loaded over HTTP/2', () => protocols(page));
        await counts.check('secure: the session cookie and the device cookie are for this host over TLS only', () => cookies(context));
        await counts.check('secure: a file is uploaded and downloaded byte for byte', () => there_and_back(page, app, folder));
        await counts.check('secure: a preview takes an id, not a path', () => forged(page));
        await counts.check('secure: no script failed and the policy refused nothing', async () => equal(faults, []));
    } finally {
        await close();
        await server.stop();
        rmSync(folder, { recursive: true, force: true });
    }
}

// A file with the content of an entry: "?preview=ID/content?…" would show it as one.
async function forged(page) {
    const id = await page.evaluate(async () => {
        const { items } = await (await fetch('/api/v1/spaces')).json();
        const entry = { id: items[0].root_id, parent_id: items[0].root_id, space_id: items[0].id, kind: 'file', name: 'FORGED', size: 1, mime: 'text/plain', version: 1, created_at: 0, modified_at: 0 };
        const put = await fetch(`/api/v1/entries/${items[0].root_id}/files/entry.json`, { method: 'PUT', body: JSON.stringify(entry) });
        return (await put.json()).id;
    });
    const asked = [];
    const note = (request) => asked.push(new URL(request.url()).pathname);
    page.on('request', note);
    for (const tail of ['/content?disposition=inline&x=', '/content#', '/../../spaces', ' ']) {
        await page.goto(`/?preview=${encodeURIComponent(id + tail)}`);
        await page.getByRole('heading', { level: 1 }).first().waitFor();
        await page.waitForLoadState('networkidle');
        equal(await page.getByText('FORGED').count(), 0, `forged entries by ${tail}`);
    }
    page.off('request', note);
    equal(asked.filter((path) => path.includes(id)), [], 'calls about what is no id');
    await page.goto(`/?preview=${id}`);
    await page.getByText('FORGED').first().waitFor(); // in the file, as its text
}

async function protocols(page) {
    const used = await page.evaluate(() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map((entry) => entry.nextHopProtocol));
    truth(used.length > 2, `${used.length} were fetched`);
    equal([...new Set(used)], ['h2'], 'the protocols');
}

async function cookies(context) {
    const found = (await context.cookies()).map(({ name, domain, path, secure, httpOnly, sameSite }) => ({ name, domain, path, secure, httpOnly, sameSite }));
    found.sort((a, b) => (a.name < b.name ? -1 : 1));
    const { port } = new URL(context.pages()[0].url());
    // The first cookie is for nodes of the previous version, the second for this port, because browsers share cookies between ports.
    const wanted = ['__Host-bodega', `__Host-bodega_${port}`, `__Host-bodega_${port}_device`].map((name) => ({ name, domain: '127.0.0.1', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' }));
    equal(found, wanted, 'the cookies');
}

async function there_and_back(page, app, folder) {
    const path = join(folder, 'scan.bin');
    const bytes = Buffer.alloc(5 << 20, 'some bytes that repeat, ');
    writeFileSync(path, bytes);
    await app.choose('new.files', [path]);
    await app.uploaded();
    await app.sees('scan.bin');
    await app.select('scan.bin');
    const [download] = await Promise.all([page.waitForEvent('download'), app.chosen('action.download')]);
    const got = join(folder, 'got.bin');
    await download.saveAs(got);
    equal(digest(readFileSync(got)), digest(bytes), 'the digest');
}
