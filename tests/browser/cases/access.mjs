// Sessions and tokens: one's own in the profile, other accounts' in the administration; what they show, and that ending one
// ends it. Each check is repeated after a reload.
import { App, password } from '../support/app.mjs';
import { accessible, equal, eventually, truth, visit } from '../support/browser.mjs';
import { start_server } from '../support/server.mjs';
import { words } from '../support/words.mjs';

const days_30 = 30 * 86_400_000;

export default async function run(counts) {
    const server = await start_server();
    try {
        const first = await visit(server.url);
        await first.page.goto(`/setup?token=${server.token}`);
        await new App(first.page, await words('en')).sign_in('ana');
        await first.page.locator('.layout').waitFor();
        await first.close();
        for (const language of ['en', 'es']) await in_language({ counts, server, language });
    } finally {
        await server.stop();
    }
}

async function in_language({ counts, server, language }) {
    const { page, faults, close } = await visit(server.url, { language });
    const app = new App(page, await words(language));
    const name = `luis-${language}`;
    const story = { server, page, app, t: app.t, language, name };
    try {
        await page.goto('/sign-in');
        await app.sign_in('ana');
        await page.locator('.layout').waitFor();
        await counts.check(`access (${language}): one's own sessions and tokens`, () => own(story));
        await post(page, 'users', { username: name, password, role: 'member', quota_bytes: null });
        await counts.check(`access (${language}): an administrator ends another's token and session`, () => anothers(story));
        await counts.check(`access (${language}): a new password ends all of them, and says so`, () => reset(story));
        await counts.check(`access (${language}): no script failed and the policy refused nothing`, async () => equal(faults, []));
    } finally {
        await close();
    }
}

const post = (page, path, body) => page.evaluate(async ([to, what]) => (await fetch(`/api/v1/${to}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(what) })).json(), [path, body]);
const day = (page, when) => page.evaluate((time) => new Intl.DateTimeFormat(navigator.language, { dateStyle: 'medium' }).format(time), when);
const use = async (server, { token }) => (await fetch(`${server.url}/api/v1/spaces`, { headers: { Authorization: `Bearer ${token}` } })).status;
const things = (page) => page.locator('.things li');
const thing = (page, text) => things(page).filter({ hasText: text });

// Another browser of that account, with two tokens: a read token that expires and was used, and a write token without either.
async function elsewhere({ server, t, language }, username) {
    const other = await visit(server.url, { language });
    await other.page.goto('/sign-in');
    await new App(other.page, t).sign_in(username);
    await other.page.locator('.layout').waitFor();
    const until = Date.now() + days_30;
    const reads = await post(other.page, 'tokens', { name: 'respaldo', scope: 'read', expires_at: until });
    const writes = await post(other.page, 'tokens', { name: 'script', scope: 'write', expires_at: null });
    equal([await use(server, reads), await use(server, reads)], [200, 200], 'the token works');
    return { ...other, until, reads, writes };
}

// A row shows the scope, the last use and the expiry.
async function tells(page, t, { until }) {
    const told = async (name, ...texts) => {
        await thing(page, name).waitFor();
        const text = await thing(page, name).textContent();
        for (const one of texts) if (!text.includes(one)) throw new Error(`"${text}" does not say "${one}"`);
    };
    await told('respaldo', t('tokens.scope_read'), t('tokens.used'), t('tokens.until', { day: await day(page, until) }));
    await told('script', t('tokens.scope_write'), t('tokens.unused'), t('tokens.for_ever'));
}

async function is_out(other) {
    await eventually(async () => {
        await other.page.goto('/');
        await other.page.locator('.sign-in, .layout').first().waitFor();
        return (await other.page.locator('.sign-in').count()) > 0;
    }, 'the session has ended');
}

async function own(story) {
    const { page, server, t } = story;
    const other = await elsewhere(story, 'ana');
    try {
        await page.goto('/profile');
        await tells(page, t, other);
        await page.reload();
        await tells(page, t, other);
        const sessions = await thing(page, 'Chrome').count();
        await page.getByLabel(t('tokens.revoke_one', { name: 'respaldo' })).click();
        await page.locator('dialog[open]').getByRole('button', { name: t('tokens.revoke') }).click();
        await thing(page, 'respaldo').waitFor({ state: 'detached' });
        await eventually(async () => (await use(server, other.reads)) === 401, 'the token is dead');
        equal(await use(server, other.writes), 200, 'the other one');
        await page.getByLabel(t('sessions.end_one', { name: 'Chrome · Linux' })).first().click();
        await is_out(other);
        await page.reload();
        await thing(page, 'script').waitFor();
        equal([await thing(page, 'respaldo').count(), await thing(page, 'Chrome').count()], [0, sessions - 1], 'after a reload');
        await page.getByLabel(t('tokens.revoke_one', { name: 'script' })).click();
        await page.locator('dialog[open]').getByRole('button', { name: t('tokens.revoke') }).click();
        await thing(page, 'script').waitFor({ state: 'detached' });
    } finally {
        await other.close();
    }
}

async function menu({ page, t, name }, key) {
    await page.goto('/admin/users');
    await page.getByLabel(t('action.more_for', { name }), { exact: true }).click();
    await page.getByRole('menuitem', { name: t(key), exact: true }).click();
    await page.locator('dialog[open]').waitFor();
}

async function anothers(story) {
    const { page, server, t, name } = story;
    const other = await elsewhere(story, name);
    try {
        await menu(story, 'users.access');
        await page.getByRole('heading', { name: t('users.access_of', { name }) }).waitFor();
        await tells(page, t, other);
        await accessible(page);
        await thing(page, 'Chrome · Linux').getByText('127.0.0.1').waitFor();
        await page.getByLabel(t('tokens.revoke_one', { name: 'respaldo' })).click();
        await thing(page, 'respaldo').waitFor({ state: 'detached' });
        await eventually(async () => (await use(server, other.reads)) === 401, 'the token is dead');
        await page.getByLabel(t('sessions.end_one', { name: 'Chrome · Linux' })).click();
        await page.getByText(t('users.no_sessions')).waitFor();
        await is_out(other);
        await page.reload();
        await menu(story, 'users.access');
        await thing(page, 'script').waitFor();
        await page.getByText(t('users.no_sessions')).waitFor();
        equal(await things(page).count(), 1, 'what is left after a reload');
        equal(await use(server, other.writes), 200, 'the other token');
        await page.getByLabel(t('tokens.revoke_one', { name: 'script' })).click();
        await page.getByText(t('users.no_tokens')).waitFor();
    } finally {
        await other.close();
    }
}

async function reset(story) {
    const { page, app, server, t, name } = story;
    const other = await elsewhere(story, name);
    try {
        await menu(story, 'users.reset');
        const dialog = page.locator('dialog[open]');
        await dialog.getByText(t('users.reset_text')).waitFor();
        truth(await dialog.getByLabel(t('password.fresh'), { exact: true }).evaluate((field) => field === document.activeElement), 'the first field has the focus');
        await dialog.getByLabel(t('password.fresh'), { exact: true }).fill(`${password}!`);
        await dialog.getByRole('button', { name: t('users.reset') }).click();
        await app.toast([t('users.reset_done', { name }), t('users.ended_sessions', { n: 1 }), t('users.ended_tokens', { n: 2 })].join(' '));
        equal([await use(server, other.reads), await use(server, other.writes)], [401, 401], 'tokens');
        await is_out(other);
        await menu(story, 'users.access');
        for (const key of ['users.no_sessions', 'users.no_tokens']) await page.getByText(t(key)).waitFor();
        await new App(other.page, t).sign_in(name, `${password}!`);
        await other.page.locator('.layout').waitFor();
    } finally {
        await other.close();
    }
}
