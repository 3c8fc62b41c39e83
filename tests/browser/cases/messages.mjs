// The app's messages when something is unexpected: an invalid name, an expired session, a folder that accepts nothing, an
// unknown page. Also: roles in the reader's language, and several servers on one host.
import { App, password } from '../support/app.mjs';
import { equal, eventually, truth, visit } from '../support/browser.mjs';
import { make_files } from '../support/files.mjs';
import { start_server } from '../support/server.mjs';
import { words } from '../support/words.mjs';

export default async function run(counts) {
    const [server, other] = await Promise.all([start_server(), start_server()]);
    const files = make_files();
    try {
        await first_people(counts, server, 'en');
        for (const language of ['en', 'es']) await in_language({ counts, server, other, files, language });
    } finally {
        await Promise.all([server.stop(), other.stop()]);
        files.remove();
    }
}

async function first_people(counts, server, language) {
    const { page, close } = await visit(server.url, { language });
    const t = await words(language);
    const app = new App(page, t);
    await page.goto(`/setup#token=${server.token}`);
    await counts.check(`messages (${language}): the first user name with a blank says that`, async () => {
        await app.sign_in('ana maría');
        await page.getByText(t('account.username_blank', { name: 'ana.maría' })).waitFor();
    });
    await app.sign_in('ana');
    await page.locator('.items, .empty').first().waitFor();
    await page.evaluate(async (secret) => {
        const call = async (method, path, body) => (await fetch('/api/v1/' + path, { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })).json();
        const luis = await call('POST', 'users', { username: 'luis', password: secret, role: 'member', quota_bytes: null });
        const space = await call('POST', 'spaces', { name: 'Taller' });
        await call('PUT', `spaces/${space.id}/members/${luis.id}`, { role: 'viewer' });
    }, password);
    await close();
}

async function in_language({ counts, server, other, files, language }) {
    const { page, context, faults, close } = await visit(server.url, { language });
    const app = new App(page, await words(language));
    const story = { page, context, app, t: app.t, server, other, files, language };
    const check = (name, work) => counts.check(`messages (${language}): ${name}`, () => work(story));
    try {
        await page.goto('/sign-in');
        equal(await page.locator('.sign-in-text').count(), 0, 'reasons for somebody who came by themselves');
        await app.sign_in('ana');
        await page.locator('.items, .empty').first().waitFor();
        await check('a user name that can’t be says why', user_names);
        await check('the audit log names roles as the app does', roles);
        await check('an unknown page keeps the layout and links back', no_such_page);
        await check('a move to a taken name shows both files', conflict);
        await check('the sign-in page says that the session has ended', session_ended);
        await check('servers on one host do not sign each other out', two_servers);
        await check('files dropped on a read-only folder are refused with a message', viewer);
        await check('no script failed and the policy refused nothing', () => equal(faults, []));
    } finally {
        await close();
    }
}

async function user_names({ page, t }) {
    await page.goto('/admin/users');
    await page.locator('.top-action').getByRole('button', { name: t('users.new') }).click();
    const name = page.locator('dialog[open]').getByLabel(t('account.username'));
    for (const [text, fault] of [['luis pérez', t('account.username_blank', { name: 'luis.pérez' })], ['.luis', t('account.username_characters')], ['a'.repeat(65), t('account.username_long', { n: 64 })]]) {
        await name.fill(text);
        await page.locator('dialog[open]').getByText(fault).waitFor();
    }
    await page.keyboard.press('Escape');
}

async function roles({ page, t }) {
    await page.goto('/admin/audit');
    await page.locator('.trail .target', { hasText: `luis: ${t('role.viewer')}` }).waitFor();
}

async function no_such_page({ page, t }) {
    const answer = await page.goto('/no/such/page');
    equal(answer.status(), 404, 'status');
    for (const again of [false, true]) {
        if (again) await page.reload();
        await page.getByText(t('page.none')).waitFor();
        await page.locator('.nav').first().waitFor();
    }
    await page.locator('.empty-actions').getByRole('link', { name: t('nav.home') }).click();
    await page.locator('.items, .empty').first().waitFor();
    equal(new URL(page.url()).pathname, '/', 'path');
}

async function conflict({ page, app, t, language }) {
    await page.goto('/');
    await page.locator('.items, .empty').first().waitFor();
    await page.evaluate(async (name) => {
        const call = async (method, path, body, type = 'application/json') => (await fetch('/api/v1/' + path, { method, headers: method === 'GET' ? {} : { 'Content-Type': type }, body })).json();
        const root = (await call('GET', 'spaces')).items.find(({ kind }) => kind === 'personal').root_id;
        const folder = await call('POST', `entries/${root}/folders`, JSON.stringify({ name }));
        await call('PUT', `entries/${folder.id}/files/nota.txt`, 'seven b', 'text/plain');
        await call('PUT', `entries/${root}/files/nota.txt`, 'three', 'text/plain');
    }, `Planos ${language}`);
    await page.reload();
    await app.select('nota.txt');
    await page.keyboard.press('Control+x');
    await app.open(`Planos ${language}`);
    await page.getByRole('heading', { level: 1, name: `Planos ${language}` }).waitFor();
    await eventually(async () => (await app.names()).join() === 'nota.txt', 'the folder’s own list');
    await app.select('nota.txt');
    await page.keyboard.press('Control+v');
    const dialog = page.getByRole('dialog', { name: t('conflict.title') });
    await dialog.locator('.conflict-sides dd').nth(1).waitFor();
    const [theirs, ours] = await dialog.locator('.conflict-sides dd').allTextContents();
    truth(theirs.startsWith(`${t('conflict.file')} · 7`) && ours.startsWith(`${t('conflict.file')} · 5`), `both are told: ${theirs}, ${ours}`);
    truth([theirs, ours].every((facts) => /\d:\d\d/.test(facts)), `with their dates: ${theirs}, ${ours}`);
    await dialog.getByRole('button', { name: t('conflict.keep') }).click();
    await app.sees('nota.txt', 'nota (2).txt');
}

async function session_ended({ page, app, t }) {
    await page.goto('/profile');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.evaluate(() => fetch('/api/v1/session', { method: 'DELETE' }));
    await page.reload();
    for (const again of [false, true]) {
        if (again) await page.reload();
        await page.getByText(t('sign_in.ended')).waitFor();
    }
    await app.sign_in('ana');
    await eventually(() => new URL(page.url()).pathname === '/profile', 'back where one was');
    // A user who signs out needs no reason.
    await page.locator('.person-button').click();
    await page.getByRole('menuitem', { name: t('nav.sign_out') }).click();
    await page.getByLabel(t('account.username')).waitFor();
    await page.reload();
    await page.getByLabel(t('account.username')).waitFor();
    equal(await page.getByText(t('sign_in.ended')).count(), 0, 'reasons after signing out');
    await app.sign_in('ana');
    await page.locator('.items, .empty').first().waitFor();
}

async function two_servers({ page, context, other, t, server, language }) {
    const tab = await context.newPage();
    const there = new App(tab, t);
    await tab.goto(language === 'en' ? `${other.url}/setup#token=${other.token}` : `${other.url}/sign-in`);
    await there.sign_in('eva');
    await tab.locator('.items, .empty').first().waitFor();
    const name = (one) => one.locator('.person-name').textContent();
    await page.goto(server.url);
    await page.locator('.items, .empty').first().waitFor();
    equal([await name(page), await name(tab)], ['ana', 'eva'], 'who is signed in');
    await tab.reload();
    await tab.locator('.items, .empty').first().waitFor();
    await tab.locator('.person-button').click();
    await tab.getByRole('menuitem', { name: t('nav.sign_out') }).click();
    await tab.getByLabel(t('account.username')).waitFor();
    await page.reload();
    await page.locator('.items, .empty').first().waitFor();
    equal(await name(page), 'ana', 'who is still signed in');
    await tab.close();
}

async function viewer({ server, t, files, language }) {
    const { page, close } = await visit(server.url, { language });
    try {
        const app = new App(page, t);
        await page.goto('/');
        await app.sign_in('luis');
        await page.locator('.nav').getByRole('link', { name: 'Taller' }).click();
        await page.getByRole('heading', { level: 1, name: 'Taller' }).waitFor();
        await app.drop([files.notes], page.locator('#main'));
        await app.toast(t('drop.viewer', { folder: 'Taller' }));
        truth(!(await page.locator('.upload').count()), 'nothing is uploaded');
        await page.goto('/profile');
        await page.getByRole('heading', { level: 1 }).waitFor();
        await app.drop([files.notes], page.locator('#main'));
        await app.toast(t('drop.nowhere'));
    } finally {
        await close();
    }
}
