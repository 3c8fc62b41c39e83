// Uploads that can't continue say why: no room, no connection, or a file that the browser needs again.
import { App } from '../support/app.mjs';
import { equal, eventually, truth, visit } from '../support/browser.mjs';
import { make_files } from '../support/files.mjs';
import { start_line } from '../support/line.mjs';
import { start_server } from '../support/server.mjs';
import { words } from '../support/words.mjs';

const slow = 6 << 20; // bytes a second

export default async function run(counts) {
    const server = await start_server();
    const line = await start_line(server.url);
    const files = make_files();
    let first = true;
    try {
        for (const language of ['en', 'es']) {
            const { page, faults, close } = await visit(line.url, { language });
            const app = new App(page, await words(language));
            const story = { page, app, t: app.t, files, line, net: await network(page) };
            await page.goto(first ? `/setup#token=${server.token}` : '/sign-in');
            await app.sign_in('ana');
            await page.locator('.items, .empty').first().waitFor();
            if (first) await counts.check('uploads: a hanging connection is shown without an error', () => hanging(story));
            await counts.check(`uploads (${language}): no connection is a state, not a speed, and goes on when it is back`, () => offline(story));
            await counts.check(`uploads (${language}): after a reload, how much has arrived is told`, () => arrived(story));
            await counts.check(`uploads (${language}): no room is said at once, not tried again`, () => no_room(story));
            await counts.check(`uploads (${language}): no script failed and the policy refused nothing`, async () => equal(faults, []));
            await close();
            first = false;
        }
    } finally {
        await line.close();
        await server.stop();
        files.remove();
    }
}

async function network(page) {
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    return (uploadThroughput) => session.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput });
}

const percent = async (page) => Number(await page.locator('.tray .progress').first().getAttribute('aria-valuenow').catch(() => 0));

async function begin({ app, page, files, net }) {
    await net(slow);
    await app.choose('new.files', [files.large]);
    await eventually(async () => (await percent(page)) >= 40, 'a part of it is sent', 60_000);
}

async function drop_it({ page, t, net }) {
    await page.getByLabel(t('upload.cancel', { name: 'grande.bin' })).click();
    await page.locator('.tray').waitFor({ state: 'detached' });
    await net(-1);
}

const held = (page, t) => page.locator('.tray-head h2', { hasText: t('tray.held') });
const has_speed = async (page) => /B\/s/.test((await page.locator('.tray-head p').textContent().catch(() => '')) ?? '');

async function hanging(story) {
    const { page, t, line } = story;
    await begin(story);
    line.freeze();
    await held(page, t).waitFor();
    truth(!(await has_speed(page)), 'no speed is shown');
    line.cut();
    line.mend();
    await drop_it(story);
}

async function offline(story) {
    const { page, app, t, line, net } = story;
    await begin(story);
    line.cut();
    await held(page, t).waitFor();
    await page.locator('.upload', { hasText: t('upload.no_connection', { sent: '\u0000' }).split('\u0000')[0] }).waitFor();
    truth(!(await has_speed(page)), 'no speed is shown');
    line.mend();
    await net(-1);
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
    await held(page, t).waitFor({ state: 'detached' });
    await app.uploaded();
    await app.select('grande.bin');
    await page.keyboard.press('Delete');
    await app.sees_not('grande.bin');
}

async function arrived(story) {
    const { page, t, net } = story;
    await begin(story);
    await page.reload();
    const row = page.locator('.upload.fileless');
    await row.waitFor();
    const [, after] = t('upload.choose_rest', { part: '\u0000' }).split('\u0000');
    await row.getByText(after).waitFor();
    const part = Number(/(\d+)/.exec(await row.locator('p').textContent())[1]);
    const there = await page.evaluate(async () => (await (await fetch('/api/v1/uploads')).json()).items[0]);
    equal(part, Math.round((100 * there.offset) / there.size), 'percent that has arrived');
    truth(part > 0, 'a part has arrived');
    await net(-1);
    await page.getByLabel(t('upload.cancel', { name: 'grande.bin' })).click();
    await page.locator('.tray').waitFor({ state: 'detached' });
}

async function no_room({ page, app, t, files }) {
    if (process.env.BODEGA_BROWSER_SERVER) return; // the mock has room for everything
    const limit = (bytes) => page.evaluate(async (quota_bytes) => {
        const { user } = await (await fetch('/api/v1/session')).json();
        await fetch(`/api/v1/users/${user.id}`, { method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ quota_bytes }) });
    }, bytes);
    await limit(1 << 20);
    await app.choose('new.files', [files.large]);
    await page.locator('.upload.failed').getByText(t('error.quota')).waitFor({ timeout: 6000 });
    // Refused again, at once, after a reload of the page.
    await page.reload();
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByLabel(t('upload.choose', { name: 'grande.bin' })).click()]);
    await chooser.setFiles(files.large);
    await page.locator('.upload.failed').getByText(t('error.quota')).waitFor({ timeout: 6000 });
    await limit(null);
    await page.getByLabel(t('upload.retry', { name: 'grande.bin' })).click();
    await app.uploaded();
    await app.select('grande.bin');
    await page.keyboard.press('Delete');
    await app.sees_not('grande.bin');
}
