// Uploads that once went wrong: into a renamed folder, with a name that was taken meanwhile, with a lost answer to their
// creation, with a file that can't be read, or with interference from a second tab.
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from '../support/app.mjs';
import { equal, eventually, truth, visit } from '../support/browser.mjs';
import { make_files } from '../support/files.mjs';
import { start_server } from '../support/server.mjs';
import { words } from '../support/words.mjs';

const slow = 5 << 20; // bytes a second

export default async function run(counts) {
    const server = await start_server();
    const files = make_files();
    files.put('astray/docs/first.txt', 'first');
    files.put('again/docs/second.txt', 'second');
    files.put('mixed/bundle/readable.txt', 'readable');
    files.put('mixed/bundle/illegible.txt', 'illegible');
    files.put('mixed/bundle/inner/last.txt', 'last');
    files.big = files.put('big.bin', randomBytes(10 << 20));
    let first = true;
    try {
        for (const language of ['en', 'es']) {
            const { page, context, faults, close } = await visit(server.url, { language });
            await page.addInitScript(without_locks);
            await page.addInitScript(one_illegible);
            const app = new App(page, await words(language));
            const story = { page, context, app, t: app.t, files, api: (...call) => page.evaluate(ask, call) };
            await page.goto(first ? `/setup#token=${server.token}` : '/sign-in');
            await app.sign_in('ana');
            await page.locator('.items, .empty').first().waitFor();
            story.root = (await story.api('GET', 'spaces')).items[0].root_id;
            const check = async (name, work) => {
                const failures = counts.failed;
                await counts.check(`astray (${language}): ${name}`, () => work(story));
                if (counts.failed > failures) await begin_anew(story);
            };
            await check('a second folder of that name is a new one, even after the first was just renamed', renamed_folder);
            await check('a name that is taken during the upload: keep both, and nothing is sent again', keep_both);
            await check('a name that is taken during the upload: after a reload the app asks without the file', replace_after_reload);
            await check('a folder in the file’s place, and a file in the folder’s', other_kind);
            await check('a creation whose answer was lost does not conflict with itself', lost_answers);
            await check('an unreadable file is reported, and the rest is uploaded', unreadable);
            await check('a file that changed on the disk is reported, not retried for hours', changed_file);
            if (first) await check('without Web Locks, as over plain HTTP, a second tab does not touch the first tab’s upload', second_tab);
            await check('no script failed and the policy refused nothing', () => equal(faults, []));
            await close();
            first = false;
        }
    } finally {
        await server.stop();
        files.remove();
    }
}

// Browsers have this API only in secure contexts; the test's host counts as one.
const without_locks = () => Object.defineProperty(Navigator.prototype, 'locks', { get: () => undefined, configurable: true });

// The user who runs the tests may read everything.
function one_illegible() {
    const { webkitGetAsEntry } = DataTransferItem.prototype;
    const read = (reader) => {
        const { readEntries } = reader;
        reader.readEntries = (good, bad) => readEntries.call(reader, (entries) => {
            for (const entry of entries) if (entry.name === 'illegible.txt') entry.file = (_, no) => setTimeout(() => no(new DOMException('no', 'NotReadableError')));
            good(entries);
        }, bad);
        return reader;
    };
    DataTransferItem.prototype.webkitGetAsEntry = function () {
        const entry = webkitGetAsEntry.call(this);
        const { createReader } = entry ?? {};
        if (createReader) entry.createReader = () => read(createReader.call(entry));
        return entry;
    };
}

async function ask([method, path, body, raw]) {
    const headers = raw ? {} : { 'Content-Type': 'application/json' };
    const answer = await fetch('/api/v1/' + path, { method, headers: method === 'GET' ? {} : headers, body: raw ?? (body && JSON.stringify(body)) });
    return answer.status === 204 ? null : answer.json();
}

const sha256 = (path) => createHash('sha256').update(readFileSync(path)).digest('hex');
const listing = async ({ api }, id) => (await api('GET', `entries/${id}/children?limit=1000`)).items;
const named = async (story, name, id = story.root) => (await listing(story, id)).find((entry) => entry.name === name);

async function clean(story) {
    for (const { id } of await listing(story, story.root)) await story.api('DELETE', `entries/${id}?permanent=true`);
    equal((await story.api('GET', 'uploads')).items, [], 'uploads that are left on the server');
}

// After a failure, so that later checks are independent.
async function begin_anew(story) {
    const { page, context, api } = story;
    for (const other of context.pages()) if (other !== page) await other.close();
    await page.unrouteAll();
    await page.goto('/livez');
    await page.evaluate(() => new Promise((done) => (indexedDB.deleteDatabase('bodega').onsuccess = done)));
    for (const { id } of (await api('GET', 'uploads')).items) await page.evaluate((at) => fetch(at, { method: 'DELETE', headers: { 'Tus-Resumable': '1.0.0' } }), `/api/v1/uploads/${id}`);
    for (const { id } of await listing(story, story.root)) await api('DELETE', `entries/${id}?permanent=true`);
    await throttle(page, -1);
    await page.goto('/');
    await page.locator('.items, .empty').first().waitFor();
}

const networks = new WeakMap(); // one session for each page, with separate limits

async function throttle(page, uploadThroughput) {
    const session = networks.get(page) ?? (await page.context().newCDPSession(page));
    networks.set(page, session);
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput });
}

async function renamed_folder(story) {
    const { app, files, api } = story;
    await app.choose('new.upload_folder', join(files.folder, 'astray/docs'));
    await app.uploaded();
    const before = await named(story, 'docs');
    await api('PATCH', `entries/${before.id}`, { name: 'docs of May' });
    await app.choose('new.upload_folder', join(files.folder, 'again/docs'));
    await app.uploaded();
    const after = await named(story, 'docs');
    truth(after, 'a new folder of that name');
    equal((await listing(story, before.id)).map(({ name }) => name), ['first.txt'], 'files of the renamed folder');
    equal((await listing(story, after.id)).map(({ name }) => name), ['second.txt'], 'files of the new one');
    // A trashed folder accepts no files either.
    await api('DELETE', `entries/${after.id}`);
    await app.choose('new.upload_folder', join(files.folder, 'again/docs'));
    await app.uploaded();
    equal((await listing(story, (await named(story, 'docs')).id)).map(({ name }) => name), ['second.txt'], 'files of the third');
    await clean(story);
}

// Another user takes the name during the upload; the dialog is open.
async function taken_meanwhile(story) {
    const { page, app, api, root, files, t } = story;
    await throttle(page, slow);
    await app.choose('new.files', [files.big]);
    await eventually(async () => (await api('GET', 'uploads')).items.length === 1, 'it has begun');
    await api('PUT', `entries/${root}/files/big.bin`, null, 'another');
    await throttle(page, -1);
    return page.getByRole('dialog', { name: t('conflict.title') });
}

async function keep_both(story) {
    const { page, app, files, t } = story;
    const dialog = await taken_meanwhile(story);
    // The dialog shows both files: the existing one and one's own.
    const facts = dialog.locator('.conflict-sides dd');
    await facts.nth(1).waitFor();
    const [theirs, ours] = await facts.allTextContents();
    truth(theirs.startsWith(`${t('conflict.file')} · 7`) && /\d:\d\d/.test(theirs), `the file that is there: ${theirs}`);
    truth(ours.startsWith(`${t('conflict.file')} · 10`) && /\d:\d\d/.test(ours), `one’s own: ${ours}`);
    const sent = [];
    page.on('request', (request) => request.url().includes('/uploads') && sent.push(`${request.method()} ${new URL(request.url()).pathname.split('/').pop()}`));
    await dialog.getByRole('button', { name: t('conflict.keep') }).click();
    await app.uploaded();
    await app.sees('big (2).bin');
    equal(sent, ['POST finish'], 'what was sent for the decision');
    equal((await named(story, 'big (2).bin')).sha256, sha256(files.big), 'its bytes');
    await clean(story);
}

async function replace_after_reload(story) {
    const { page, app, files, t } = story;
    await (await taken_meanwhile(story)).waitFor();
    await page.reload();
    const dialog = page.getByRole('dialog', { name: t('conflict.title') });
    await dialog.getByRole('button', { name: t('conflict.replace') }).click();
    await app.uploaded();
    const there = await named(story, 'big.bin');
    equal([there.version, there.sha256], [2, sha256(files.big)], 'the new version');
    await clean(story);
}

async function other_kind(story) {
    const { page, app, api, root, files, t } = story;
    await api('POST', `entries/${root}/folders`, { name: 'Notas.txt' });
    await app.choose('new.files', [files.notes]);
    const dialog = page.getByRole('dialog', { name: t('conflict.title') });
    await dialog.getByText(t('conflict.by_folder', { name: 'Notas.txt', folder: t('space.personal') })).waitFor();
    equal(await dialog.getByRole('button', { name: t('conflict.replace') }).count(), 0, 'a folder can’t be replaced by a file');
    await dialog.getByRole('button', { name: t('conflict.keep') }).click();
    await app.uploaded();
    truth(await named(story, 'Notas (2).txt'), 'both are kept');
    await api('PUT', `entries/${root}/files/docs`, null, 'a file');
    await app.choose('new.upload_folder', join(files.folder, 'astray/docs'));
    await dialog.getByText(t('conflict.by_file', { name: 'docs', folder: t('space.personal') })).waitFor();
    await dialog.getByRole('button', { name: t('conflict.keep') }).click();
    await app.uploaded();
    equal((await listing(story, (await named(story, 'docs (2)')).id)).map(({ name }) => name), ['first.txt'], 'files of the dropped folder');
    await clean(story);
}

// The server gets the call; its first answer is lost.
async function lose_answer(page, pattern, method) {
    let lost = false;
    await page.route(pattern, async (route) => {
        if (lost || route.request().method() !== method) return route.fallback();
        lost = true;
        await route.fetch();
        await route.abort('connectionreset');
    });
    return async () => {
        await page.unroute(pattern);
        truth(lost, 'an answer was lost');
    };
}

async function lost_answers(story) {
    const { page, app, files, t } = story;
    const over = await lose_answer(page, '**/folders', 'POST');
    await app.new_menu('new.folder');
    await page.getByLabel(t('column.name')).fill('Planos');
    await page.keyboard.press('Enter');
    await page.getByText(t('error.unreachable')).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    await app.sees('Planos');
    await over();
    for (const file of [files.notes, files.big]) {
        const end = await lose_answer(page, '**/api/v1/uploads', 'POST');
        await app.choose('new.files', [file]);
        await app.uploaded();
        await end();
    }
    equal((await listing(story, story.root)).map(({ name, version }) => `${name} ${version}`).sort(), ['Notas.txt 1', 'Planos 1', 'big.bin 1'], 'what is there');
    await clean(story);
}

async function unreadable(story) {
    const { page, app, files, t } = story;
    await app.drop([join(files.folder, 'mixed/bundle')], page.locator('.items, .empty').first());
    await app.toast(t('upload.unreadable', { n: 1, names: '“bundle/illegible.txt”' }));
    await app.uploaded();
    const bundle = await named(story, 'bundle');
    equal((await listing(story, bundle.id)).map(({ name }) => name), ['inner', 'readable.txt'], 'what could be read');
    await clean(story);
}

// Paused, changed on the disk, and continued: the browser only reports that the request failed.
async function changed_file(story) {
    const { page, app, api, files, t } = story;
    const path = files.put('changing.bin', randomBytes(10 << 20));
    await throttle(page, slow);
    await app.choose('new.files', [path]);
    await eventually(async () => (await api('GET', 'uploads')).items.length === 1, 'it has begun');
    await page.getByLabel(t('upload.pause', { name: 'changing.bin' })).click();
    await page.locator('.upload.paused').waitFor();
    files.put('changing.bin', randomBytes(9 << 20));
    await throttle(page, -1);
    await page.getByLabel(t('upload.resume', { name: 'changing.bin' })).click();
    await page.locator('.upload.failed').getByText(t('error.unreadable')).waitFor();
    await page.getByLabel(t('upload.cancel', { name: 'changing.bin' })).click();
    await eventually(async () => (await api('GET', 'uploads')).items.length === 0, 'it is given up');
}

async function second_tab(story) {
    const { page, context, app, api, files } = story;
    await throttle(page, slow);
    await app.choose('new.files', [files.big]);
    await eventually(async () => (await api('GET', 'uploads')).items.length === 1, 'it has begun');
    const other = await context.newPage();
    await other.addInitScript(without_locks);
    await other.goto('/');
    await other.locator('.items, .empty').first().waitFor();
    await other.waitForTimeout(1500); // it checks again after a second
    equal(await other.locator('.upload.fileless').count(), 0, 'uploads that the other tab takes for lost');
    await throttle(page, -1);
    await app.uploaded();
    // Another tab takes over the uploads of a closed page.
    await throttle(page, slow);
    await app.choose('new.files', [files.large]);
    await eventually(async () => (await api('GET', 'uploads')).items.length === 1, 'it has begun');
    await page.reload();
    await page.locator('.upload.fileless').waitFor();
    await throttle(page, -1);
    await page.getByLabel(app.t('upload.cancel', { name: 'grande.bin' })).click();
    await eventually(async () => (await api('GET', 'uploads')).items.length === 0, 'it is given up');
    await other.close();
    await clean(story);
}
