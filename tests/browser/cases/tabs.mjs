// Several tabs, several accounts: each tab shows its account, and a sign-out leaves no data of the user behind.
import { App, password } from '../support/app.mjs';
import { equal, eventually, visit } from '../support/browser.mjs';
import { make_files } from '../support/files.mjs';
import { start_server } from '../support/server.mjs';
import { words } from '../support/words.mjs';

const slow = 2 << 20; // bytes a second

export default async function run(counts) {
    const server = await start_server();
    const files = make_files();
    try {
        const people = await first_people(server);
        for (const language of ['en', 'es']) await in_language({ counts, server, files, people, language });
    } finally {
        await server.stop();
        files.remove();
    }
}

async function first_people(server) {
    const { page, close } = await visit(server.url);
    const app = new App(page, await words('en'));
    await page.goto(`/setup?token=${server.token}`);
    await app.sign_in('ana');
    await app.new_folder('De Ana');
    const made = await page.evaluate(async (secret) => (await fetch('/api/v1/users', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ username: 'luis', password: secret, role: 'member', quota_bytes: null }) })).status, password);
    equal(made, 201, 'a second account');
    await close();
    return ['ana', 'luis'];
}

async function in_language({ counts, server, files, language }) {
    const { page, context, faults, close } = await visit(server.url, { language });
    const app = new App(page, await words(language));
    const story = { page, context, app, t: app.t, files, language };
    try {
        await page.goto('/sign-in');
        await app.sign_in('ana');
        await app.sees('De Ana');
        await counts.check(`tabs (${language}): another account in a second tab is shown in the first`, () => another_account(story));
        await counts.check(`tabs (${language}): what a page asks for as the former account is refused, and it says so`, () => refused(story));
        await counts.check(`tabs (${language}): signing out in one signs out the other, and back in`, () => out_and_in(story));
        await counts.check(`sign-out (${language}): an unfinished upload is asked about, and its name does not stay`, () => unfinished(story));
        await counts.check(`sign-out (${language}): toasts go, Back shows neither a blank page nor the folder`, () => back(story));
        await counts.check(`tabs (${language}): no script failed and the policy refused nothing`, async () => equal(faults, []));
    } finally {
        await close();
    }
}

const shown_person = (page, name) => eventually(async () => (await page.locator('.person-name').textContent().catch(() => '')) === name, `${name} is shown`, 8000);

async function leave(page, t) {
    await page.locator('.person-button').click();
    await page.getByRole('menuitem', { name: t('nav.sign_out') }).click();
}

async function second_tab({ context, t }, path) {
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await page.goto(path);
    return { page, app: new App(page, t) };
}

async function another_account(story) {
    const { page, context, t } = story;
    // A second tab at the sign-in page: its session ended, and the first tab has not noticed.
    const other = await second_tab(story, '/');
    await context.clearCookies();
    await other.page.goto('/sign-in');
    await other.app.sign_in('luis');
    await shown_person(other.page, 'luis');
    await shown_person(page, 'luis');
    equal(await page.locator('.name[title="De Ana"]').count(), 0, 'folders of the other person');
    await page.reload();
    await shown_person(page, 'luis');
    await leave(other.page, t);
    await page.getByLabel(t('account.password'), { exact: true }).waitFor();
    await other.app.sign_in('ana');
    await shown_person(page, 'ana');
    await other.page.close();
}

// A page that does not know of the sign-in in another tab: the server refuses its requests.
async function refused(story) {
    const { context, t, language } = story;
    const other = await second_tab(story, '/');
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await page.addInitScript(() => (window.BroadcastChannel = class { postMessage() {} }));
    await page.goto('/');
    const app = new App(page, t);
    await app.sees('De Ana');
    await context.clearCookies();
    await other.page.goto('/sign-in');
    await other.app.sign_in('luis');
    await shown_person(other.page, 'luis');
    equal(await page.locator('.person-name').textContent(), 'ana', 'the page still shows');
    const answered = page.waitForResponse((answer) => answer.request().method() === 'POST');
    await app.new_menu('new.folder');
    await page.getByLabel(t('column.name'), { exact: true }).fill(`De nadie ${language}`);
    await page.keyboard.press('Enter');
    const answer = await answered;
    equal([answer.status(), answer.request().headers()['bodega-user'] !== undefined], [409, true], 'the answer');
    await app.toast(t('session.now', { name: 'luis' }));
    await shown_person(page, 'luis');
    for (const one of [page, other.page]) {
        await one.reload();
        await shown_person(one, 'luis');
        await one.locator('.items, .empty').first().waitFor();
        equal(await one.locator(`.name[title="De nadie ${language}"], .name[title="De Ana"]`).count(), 0, 'folders of the other person');
    }
    await page.close();
    await leave(other.page, t);
    await other.app.sign_in('ana');
    await other.app.sees('De Ana');
    await other.app.sees_not(`De nadie ${language}`);
    await shown_person(story.page, 'ana');
    await other.page.close();
}

async function out_and_in(story) {
    const { page, t } = story;
    const other = await second_tab(story, '/profile');
    await shown_person(other.page, 'ana');
    await leave(page, t);
    await other.page.getByLabel(t('account.username')).waitFor();
    await story.app.sign_in('ana');
    await shown_person(page, 'ana');
    await other.page.getByRole('heading', { name: t('password.title') }).waitFor();
    equal(new URL(other.page.url()).pathname, '/profile', 'the other tab is back where it was');
    await other.page.close();
}

const kept_names = (page) => page.evaluate(() => new Promise((done, fail) => {
    const request = indexedDB.open('bodega', 1);
    request.onerror = () => fail(request.error);
    request.onsuccess = () => {
        const all = request.result.transaction('uploads').objectStore('uploads').getAll();
        all.onsuccess = () => done(all.result.map((record) => record.name));
    };
}));

async function unfinished({ page, app, t, files }) {
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: slow });
    await app.choose('new.files', [files.large]);
    await page.locator('.upload.sending').waitFor();
    await eventually(async () => (await kept_names(page)).includes('grande.bin'), 'it is remembered');
    await leave(page, t);
    const dialog = page.locator('dialog[open]');
    await dialog.getByText(t('sign_out.uploads', { n: 1 })).waitFor();
    await dialog.getByRole('button', { name: t('action.cancel') }).click();
    await page.locator('.upload.sending').waitFor();
    // After a reload it is still listed, and waits for its file.
    await page.reload();
    await page.locator('.upload.fileless').waitFor();
    await leave(page, t);
    await dialog.getByRole('button', { name: t('nav.sign_out') }).click();
    await page.getByLabel(t('account.username')).waitFor();
    equal(await kept_names(page), [], 'names in the database');
    await session.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
    await app.sign_in('ana');
    await app.sees('De Ana');
    await page.waitForTimeout(300);
    equal(await page.locator('.tray').count(), 0, 'trays');
}

async function back({ page, app, t, language }) {
    await app.open('De Ana');
    await page.getByRole('heading', { level: 1, name: 'De Ana' }).waitFor();
    await app.new_folder(`Fuera ${language}`);
    await app.select(`Fuera ${language}`);
    await page.keyboard.press('Delete');
    await page.locator('.toast-action').waitFor();
    await leave(page, t);
    await page.getByLabel(t('account.username')).waitFor();
    equal(await page.locator('.toast').count(), 0, 'toasts');
    for (let steps = 0; steps < 2; steps++) {
        await page.goBack();
        await page.getByLabel(t('account.username')).waitFor();
        equal(await page.locator('.items, .layout').count(), 0, 'lists');
    }
    await page.reload();
    await page.getByLabel(t('account.username')).waitFor();
}
