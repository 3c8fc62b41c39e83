// Acts on many files: one call to the server, progress that survives a reload, and one undo.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { App } from '../support/app.mjs';
import { accessible, equal, eventually, truth, visit } from '../support/browser.mjs';
import { start_server } from '../support/server.mjs';
import { words } from '../support/words.mjs';

const some = 1000;
const many = 6_000;
const shown = (n) => n.toLocaleString('en'); // as in both languages of the tests

export default async function run(counts) {
    const server = await start_server();
    try {
        const { page, close } = await visit(server.url);
        const app = new App(page, await words('en'));
        await page.goto(`/setup?token=${server.token}`);
        await app.sign_in('ana');
        for (const language of ['en', 'es']) for (const name of [`Mil ${language}`, `Muchos ${language}`, `Cajón ${language}`]) await app.new_folder(name);
        await close();
        for (const language of ['en', 'es']) {
            fill(server.folder, `Mil ${language}`, some);
            fill(server.folder, `Muchos ${language}`, many);
            await in_language({ counts, server, language });
        }
    } finally {
        await server.stop();
    }
}

// Inserts rows of folders into the catalog: thousands of calls would take longer than the test.
function fill(folder, name, count) {
    const program = `
import os, sqlite3, sys
catalog = sqlite3.connect(sys.argv[1], timeout=30)
parent, space, at = catalog.execute("SELECT id, space_id, created_at FROM entries WHERE name = ?", (sys.argv[2],)).fetchone()
rows = ((os.urandom(16), space, parent, f"f{n:05}", f"f/\\x06{n:05}", at, at) for n in range(int(sys.argv[3])))
catalog.executemany("INSERT INTO entries (id, space_id, parent_id, kind, name, name_key, created_at, modified_at) VALUES (?, ?, ?, 0, ?, ?, ?, ?)", rows)
catalog.execute("UPDATE entries SET child_count = ?, state = state + 1 WHERE id = ?", (int(sys.argv[3]), parent))
catalog.commit()`;
    execFileSync('python3', ['-c', program, join(folder, 'bodega-data/bodega.db'), name, String(count)]);
}

// Keeps a trash job from ending until it is undone, as if a slow node had it: after its first step another node has its
// lease. Returns a function that releases it.
function slow_node(folder) {
    const run = (sql) => execFileSync('python3', ['-c', 'import sqlite3, sys\nsqlite3.connect(sys.argv[1], timeout=30, isolation_level=None).executescript(sys.argv[2])', join(folder, 'bodega-data/bodega.db'), sql]);
    run(`
CREATE TRIGGER test_takes AFTER UPDATE OF done ON jobs WHEN NEW.act = 'trash' AND NEW.state = 'running' AND NEW.cancel = 0
BEGIN UPDATE jobs SET owner = zeroblob(16), lease_until = lease_until + 600000 WHERE id = NEW.id; END;
CREATE TRIGGER test_releases AFTER UPDATE OF cancel ON jobs WHEN NEW.cancel = 1
BEGIN UPDATE jobs SET lease_until = 0 WHERE id = NEW.id; END;`);
    return () => run('DROP TRIGGER test_takes; DROP TRIGGER test_releases;');
}

async function in_language({ counts, server, language }) {
    const { page, faults, close } = await visit(server.url, { language });
    const app = new App(page, await words(language));
    const calls = [];
    page.on('request', (request) => request.method() !== 'GET' && calls.push(`${request.method()} ${new URL(request.url()).pathname}`));
    const story = { server, page, app, t: app.t, language, calls };
    try {
        await page.goto('/sign-in');
        await app.sign_in('ana');
        await app.sees(`Mil ${language}`);
        await counts.check(`jobs (${language}): a thousand go to the trash by one call, and come back by one undo`, () => thousand(story));
        await counts.check(`jobs (${language}): the tray shows how far it is, and a reload in the middle does not lose it`, () => reloaded(story));
        await counts.check(`jobs (${language}): taken back while it runs`, () => taken_back(story));
        await counts.check(`jobs (${language}): stopped in the tray, it keeps what it did`, () => stopped(story));
        await counts.check(`jobs (${language}): what could not be done is listed with its reason, after a reload as well, and tried again`, () => not_done(story));
        await counts.check(`jobs (${language}): names that are taken are asked about once the rest is there`, () => moved(story));
        await counts.check(`jobs (${language}): no script failed and the policy refused nothing`, async () => equal(faults, []));
    } finally {
        await close();
    }
}

const empty = (page) => page.locator('.empty');
const job_row = (page) => page.locator('.tray .job');
const children = (page, name) => page.evaluate(async (wanted) => {
    const ask = async (path) => (await fetch(`/api/v1/${path}`)).json();
    const root = (await ask('spaces')).items[0].root_id;
    const id = (await ask(`entries/${root}/children?limit=1000`)).items.find((entry) => entry.name === wanted).id;
    return (await ask(`entries/${id}`)).children_count;
}, name);

async function remove_all(page) {
    await page.locator('.items').focus();
    await page.keyboard.press('Control+a');
    await page.locator('.chosen-text').waitFor();
    await page.keyboard.press('Delete');
}

async function thousand({ page, app, t, language, calls }) {
    await app.open(`Mil ${language}`);
    await app.sees('f00000');
    calls.length = 0;
    await remove_all(page);
    await empty(page).waitFor();
    equal(calls, ['POST /api/v1/entries/batch'], 'one call');
    equal(await children(page, `Mil ${language}`), 0, 'children');
    await app.toast(t('done.trashed', { n: shown(some) }));
    equal(await page.locator('.toast').count(), 1, 'toasts of one act');
    await app.undo();
    await app.sees('f00000');
    equal(await children(page, `Mil ${language}`), some, 'children after the undo');
    await page.reload();
    await app.sees('f00000');
}

async function reloaded({ page, app, t, language }) {
    await page.goto('/');
    await app.open(`Muchos ${language}`);
    await app.sees('f00000');
    await remove_all(page);
    const row = job_row(page).first();
    await row.getByText(t('job.trash', { n: shown(many) })).waitFor();
    truth((await page.locator('.row[aria-busy=true]').count()) > 0, 'rows that leave are marked');
    await page.reload();
    await job_row(page).first().waitFor();
    await eventually(async () => (await job_row(page).first().getAttribute('class')).includes('done'), 'it has ended', 60_000);
    await empty(page).waitFor();
    equal(await children(page, `Muchos ${language}`), 0, 'children');
    await job_row(page).first().getByLabel(t('job.undo', { what: t('job.trash', { n: shown(many) }) })).click();
    await eventually(async () => (await children(page, `Muchos ${language}`)) === many, 'all are back', 60_000);
    await app.sees('f00000');
    await page.reload();
    await app.sees('f00000');
}

async function taken_back({ page, app, t, language, server }) {
    await page.goto('/');
    await app.open(`Muchos ${language}`);
    await app.sees('f00000');
    const let_go = slow_node(server.folder);
    try {
        await remove_all(page);
        await app.toast(t('job.trash', { n: shown(many) }));
        await eventually(async () => (await children(page, `Muchos ${language}`)) < many, 'some are in the trash');
        await app.undo();
        await eventually(async () => (await job_row(page).evaluateAll((rows) => rows.slice(0, 2).some((row) => row.classList.contains('cancelled')))), 'it was stopped', 60_000);
    } finally {
        let_go();
    }
    await eventually(async () => (await children(page, `Muchos ${language}`)) === many, 'all are back', 60_000);
    await app.sees('f00000');
    await eventually(async () => (await page.locator('.row[aria-busy=true]').count()) === 0, 'no row is marked');
}

async function stopped({ page, app, t, language, server }) {
    const name = `Muchos ${language}`;
    const what = t('job.trash', { n: shown(many) });
    const let_go = slow_node(server.folder);
    try {
        await remove_all(page);
        const row = job_row(page).first();
        await row.getByLabel(t('job.stop', { what })).click();
        await eventually(async () => (await row.getAttribute('class')).includes('cancelled'), 'it was stopped', 60_000);
        const left = await children(page, name);
        truth(left < many, 'some are in the trash');
        await row.getByText(t('job.stopped', { done: shown(many - left), total: shown(many) })).waitFor();
        await eventually(async () => (await page.locator('.row[aria-busy=true]').count()) === 0 && (await app.names()).length > 0, 'the rest is there');
        await row.getByLabel(t('job.undo', { what })).click();
        await eventually(async () => (await children(page, name)) === many, 'all are back', 60_000);
        await app.toast(t('done.restored', { n: shown(many - left), name: '' }));
        await beside_the_tray(page);
    } finally {
        let_go();
    }
}

async function beside_the_tray(page) {
    await page.locator('.toaster').hover(); // which keeps the toasts
    for (const width of [390, 768, 1024, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        const [toast, tray] = [await page.locator('.toasts').boundingBox(), await page.locator('.tray').boundingBox()];
        truth(toast.x + toast.width <= tray.x || toast.y + toast.height <= tray.y, `at ${width} the toast covers the tray`);
    }
}

// Another user deletes three, which this page does not know yet.
async function not_done({ page, app, t, language }) {
    await page.goto('/');
    await app.open(`Muchos ${language}`);
    await app.sees('f00000');
    let gone = [];
    await page.route('**/entries/batch', async (route) => {
        const { ids } = route.request().postDataJSON();
        const call = (method, path) => page.request.fetch(`/api/v1/entries/${path}`, { method, headers: { Origin: new URL(page.url()).origin } });
        gone = ids.slice(0, 3);
        for (const id of gone) await call('DELETE', id);
        await route.continue();
    }, { times: 1 });
    await remove_all(page);
    const row = job_row(page).first();
    const failed = row.getByRole('button', { name: t('job.not_trash', { n: 3 }) });
    await failed.waitFor({ timeout: 60_000 });
    for (const reload of [false, true]) {
        if (reload) await page.reload();
        await failed.click();
        await eventually(async () => (await row.locator('.job-reasons li').count()) === 3, 'three reasons');
        await row.locator('.job-reasons li', { hasText: 'f00000' }).getByText(t('error.not_found')).waitFor();
    }
    await accessible(page);
    for (const id of gone) equal((await page.request.post(`/api/v1/entries/${id}/restore`, { data: {}, headers: { Origin: new URL(page.url()).origin } })).status(), 200, 'back');
    await row.getByRole('button', { name: t('action.try_again') }).click();
    await app.toast(t('job.done', { n: 3 }));
    await failed.waitFor({ state: 'detached' });
    equal(await children(page, `Muchos ${language}`), 0, 'children');
}

async function moved({ page, app, t, language }) {
    await page.goto('/');
    await app.open(`Cajón ${language}`);
    await app.new_folder('f00000');
    await app.new_folder('f00001');
    await page.goto('/');
    await app.open(`Mil ${language}`);
    for (const name of ['f00000', 'f00001', 'f00002']) await app.select(name, { modifiers: ['Control'] });
    await app.chosen('action.move');
    const picker = page.locator('dialog[open]');
    await picker.getByRole('treeitem', { name: `Cajón ${language}`, exact: true }).click();
    await picker.getByRole('button', { name: t('picker.move_here'), exact: true }).click();
    await page.getByLabel(t('conflict.all')).check();
    await page.getByRole('button', { name: t('conflict.keep'), exact: true }).click();
    await eventually(async () => (await children(page, `Cajón ${language}`)) === 5, 'three more');
    await app.sees_not('f00000');
    await app.undo();
    await app.sees('f00000');
    equal(await children(page, `Mil ${language}`), some - 1, 'two are back: the undo of the second part');
}
