// An upload survives a reload: the same file continues at the server's offset; pause, cancel and two tabs.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { App } from '../support/app.mjs';
import { equal, eventually, truth, visit } from '../support/browser.mjs';
import { make_files } from '../support/files.mjs';
import { start_server } from '../support/server.mjs';
import { words } from '../support/words.mjs';

const slow = 6 << 20; // bytes a second
const part = 10 << 20; // bytes to send before the reload

async function throttle(page, rate) {
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: rate });
}

export default async function run(counts) {
    const server = await start_server();
    const files = make_files();
    const { page, context, faults, close } = await visit(server.url);
    const app = new App(page, await words('en'));
    const story = { page, context, app, t: app.t, files };
    try {
        await page.goto(`/setup#token=${server.token}`);
        await app.sign_in('ana');
        await counts.check('uploads: pause keeps the sent bytes, and resume completes the file byte for byte', () => pause(story));
        await counts.check('uploads: after a reload the same file continues at its offset', () => reload(story));
        await counts.check('uploads: another tab shows their state, and can pause them', () => two_tabs(story));
        await counts.check('uploads: cancel leaves nothing', () => cancel(story));
        await counts.check('uploads: no script failed and the policy refused nothing', async () => equal(faults, []));
    } finally {
        await close();
        await server.stop();
        files.remove();
    }
}

const sent = (page) => page.locator('.tray .progress').first().evaluate((bar) => Number(bar.getAttribute('aria-valuenow'))).catch(() => 0);

async function begin({ app, page, files }) {
    await throttle(page, slow);
    await app.choose('new.files', [files.large]);
    const wanted = Math.floor((100 * part) / (24 << 20));
    await eventually(async () => (await sent(page)) >= wanted, 'a part of it is sent', 60_000);
}

async function same_bytes({ page, files }, name) {
    const digest = createHash('sha256').update(readFileSync(files.large)).digest('hex');
    const found = await page.evaluate(async (wanted) => (await (await fetch(`/api/v1/search?q=${wanted}`)).json()).items[0]?.sha256, name);
    equal(found, digest, 'sha256');
}

async function pause(story) {
    const { app, page, t } = story;
    await begin(story);
    await page.getByLabel(t('upload.pause', { name: 'grande.bin' })).click();
    await page.locator('.upload.paused').waitFor();
    await throttle(page, -1);
    const offsets = watch_offsets(page);
    await page.getByLabel(t('upload.resume', { name: 'grande.bin' })).click();
    await app.sees('grande.bin');
    await app.uploaded();
    truth(offsets.length > 0 && offsets[0] > 0, `it went on from an offset: ${offsets}`);
    await same_bytes(story, 'grande.bin');
}

function watch_offsets(page) {
    const offsets = [];
    page.on('request', (request) => {
        if (request.method() === 'PATCH' && request.url().includes('/uploads/')) offsets.push(Number(request.headers()['upload-offset']));
    });
    return offsets;
}

async function delete_large({ app, page }) {
    await app.select('grande.bin');
    await page.keyboard.press('Delete');
    await app.sees_not('grande.bin');
}

async function reload(story) {
    const { app, page, t, files } = story;
    await delete_large(story);
    await begin(story);
    await page.reload();
    await page.locator('.upload.fileless').waitFor();
    await page.getByText(t('upload.choose_rest', { part: '\u0000' }).split('\u0000')[1]).waitFor();
    await throttle(page, -1);
    const offsets = watch_offsets(page);
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByLabel(t('upload.choose', { name: 'grande.bin' })).click()]);
    await chooser.setFiles(files.large);
    await app.sees('grande.bin');
    await app.uploaded();
    truth(offsets.length > 0 && offsets[0] > 0, `it went on from an offset: ${offsets}`);
    await same_bytes(story, 'grande.bin');
}

async function two_tabs(story) {
    const { context, page, app } = story;
    await delete_large(story);
    await begin(story);
    const other = await context.newPage();
    await other.goto('/');
    await other.locator('.items, .empty').first().waitFor();
    const there = (state) => other.locator(`.upload.${state}`, { has: other.locator('.name[title="grande.bin"]') });
    await there('sending').waitFor();
    equal(await other.locator('.upload').count(), 1, 'uploads in the other tab');
    await eventually(async () => /^\d+\s?% · /.test(await other.title()) && /^\d+\s?% · /.test(await page.title()), 'both titles say how far it is');
    await other.getByLabel(story.t('upload.pause', { name: 'grande.bin' })).click();
    await page.locator('.upload.paused').waitFor();
    await other.reload();
    await there('paused').waitFor();
    await other.getByLabel(story.t('upload.resume', { name: 'grande.bin' })).click();
    await page.locator('.upload.sending').waitFor();
    await there('sending').waitFor();
    await other.close();
    await throttle(page, -1);
    await app.uploaded();
}

async function cancel(story) {
    const { page, t } = story;
    await delete_large(story);
    await begin(story);
    await page.getByLabel(t('upload.cancel', { name: 'grande.bin' })).click();
    await page.locator('.tray').waitFor({ state: 'detached' });
    await eventually(() => page.evaluate(async () => (await (await fetch('/api/v1/uploads')).json()).items.length === 0), 'the server forgot it');
    await page.reload();
    await page.locator('.items, .empty').first().waitFor();
    await page.waitForTimeout(500);
    equal(await page.locator('.tray').count(), 0, 'trays after a reload');
    await throttle(page, -1);
}
