// Tokens, sessions and the password; users, spaces and members; what a user without rights sees.
import { App, password } from '../support/app.mjs';
import { accessible, equal, eventually, truth, visit } from '../support/browser.mjs';
import { start_server } from '../support/server.mjs';
import { words } from '../support/words.mjs';

export default async function run(counts) {
    const server = await start_server();
    const { page, faults, close } = await visit(server.url, { language: 'es' });
    const app = new App(page, await words('es'));
    const story = { server, page, app, t: app.t };
    try {
        await page.goto(`/setup?token=${server.token}`);
        await app.sign_in('ana');
        await page.getByRole('heading', { level: 1, name: app.t('space.personal') }).waitFor();
        await counts.check('profile: a token is shown once, works, and is revoked', () => tokens(story));
        await counts.check('profile: language and theme are kept', () => looks(story));
        await counts.check('profile: the password changes, other sessions end', () => change_password(story));
        await counts.check('admin: a user', () => user(story));
        await counts.check('admin: a space and its members', () => space(story));
        await counts.check('admin: the audit log', () => audit(story));
        await counts.check('a viewer can only read; admin pages are refused', () => viewer(story));
        await counts.check('admin: a disabled user cannot sign in', () => disable(story));
        await counts.check('accounts: no script failed and the policy refused nothing', async () => equal(faults, []));
    } finally {
        await close();
        await server.stop();
    }
}

async function tokens({ page, server, t }) {
    await page.goto('/profile');
    await page.getByRole('button', { name: t('tokens.new') }).click();
    await page.getByLabel(t('tokens.name')).fill('copia nocturna');
    await page.getByRole('button', { name: t('action.create') }).click();
    const secret = await page.locator('dialog[open] .copyable code').first().textContent();
    await accessible(page);
    const use = () => fetch(`${server.url}/api/v1/spaces`, { headers: { Authorization: `Bearer ${secret}` } });
    if (secret && !process.env.BODEGA_BROWSER_SERVER) equal((await use()).status, 200, 'the token works');
    await page.getByRole('button', { name: t('tokens.kept') }).click();
    await page.getByText('copia nocturna').waitFor();
    truth(!(await page.content()).includes(secret), 'the secret is not shown again');
    await page.getByLabel(t('tokens.revoke_one', { name: 'copia nocturna' })).click();
    await page.locator('dialog[open]').getByText('“copia nocturna”').waitFor();
    await page.locator('dialog[open]').getByRole('button', { name: t('tokens.revoke') }).click();
    await page.locator('.things', { hasText: 'copia nocturna' }).waitFor({ state: 'detached' });
    await eventually(async () => (await use()).status === 401, 'the token is dead');
}

async function looks({ page, t }) {
    await page.goto('/profile');
    await page.getByText('English', { exact: true }).click();
    await page.getByRole('heading', { name: 'Language and theme' }).waitFor();
    await page.getByText('Dark', { exact: true }).click();
    await page.reload();
    await page.getByRole('heading', { name: 'Language and theme' }).waitFor();
    equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark', 'theme');
    await page.getByText('Español', { exact: true }).click();
    await page.getByRole('heading', { name: t('profile.looks') }).waitFor();
    await page.getByText(t('theme.light'), { exact: true }).click();
}

async function change_password({ page, app, server, t }) {
    const other = await visit(server.url, { language: 'es' });
    await other.page.goto('/profile');
    await new App(other.page, t).sign_in('ana');
    await other.page.getByRole('heading', { name: t('password.title') }).waitFor();
    equal(new URL(other.page.url()).pathname, '/profile', 'back to where one was');
    await page.goto('/profile');
    await page.getByLabel(t('password.current'), { exact: true }).fill('not this one at all');
    await page.getByLabel(t('password.fresh'), { exact: true }).fill(password + '!');
    await page.getByRole('button', { name: t('password.go') }).click();
    await page.getByText(t('password.wrong')).waitFor();
    await page.getByLabel(t('password.current'), { exact: true }).fill(password);
    await page.getByRole('button', { name: t('password.go') }).click();
    await app.toast(t('password.changed'));
    await eventually(async () => {
        await other.page.goto('/');
        await other.page.locator('.sign-in, .layout').first().waitFor();
        return other.page.getByRole('heading', { name: t('sign_in.title') }).isVisible();
    }, 'the other session is signed out');
    await other.close();
}

async function user({ page, app, t }) {
    await page.goto('/admin/users');
    await page.locator('.top-action').getByRole('button', { name: t('users.new') }).click();
    await page.getByLabel(t('account.username')).fill('luis');
    await page.getByLabel(t('account.password'), { exact: true }).fill(password);
    await page.getByLabel(t('quota.label')).fill('2');
    await accessible(page);
    await page.locator('dialog[open]').getByRole('button', { name: t('action.create') }).click();
    await app.toast(t('users.created', { name: 'luis' }));
    await page.locator('tr', { hasText: 'luis' }).getByText('2 GiB').waitFor();
    await page.getByLabel(t('action.more_for', { name: 'luis' })).click();
    await page.getByRole('menuitem', { name: t('users.edit') }).click();
    await page.getByLabel(t('quota.label')).fill('3');
    await page.locator('dialog[open]').getByRole('button', { name: t('action.save') }).click();
    await page.locator('tr', { hasText: 'luis' }).getByText('3 GiB').waitFor();
}

async function space({ page, app, t }) {
    await page.goto('/admin/spaces');
    await page.locator('.top-action').getByRole('button', { name: t('space.new') }).click();
    await page.getByLabel(t('column.name')).fill('Taller');
    await page.locator('dialog[open]').getByRole('button', { name: t('action.create') }).click();
    const members = page.locator('dialog[open]');
    await members.getByRole('heading', { name: t('members.of', { name: 'Taller' }) }).waitFor();
    await members.getByLabel(t('members.add')).fill('luis');
    await members.getByLabel(t('members.role'), { exact: true }).selectOption('viewer');
    await members.getByRole('button', { name: t('members.put'), exact: true }).click();
    await members.locator('.members', { hasText: 'luis' }).waitFor();
    await accessible(page);
    await members.getByLabel(t('members.role_of', { name: 'ana' })).selectOption('viewer');
    await members.getByText(t('members.last_manager')).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.people').getByRole('link', { name: 'Taller' }).click();
    await page.getByRole('heading', { level: 1, name: 'Taller' }).waitFor();
    await app.new_folder('Planos');
}

async function audit({ page, t }) {
    await page.goto('/admin/audit');
    await page.locator('.trail tbody tr').first().waitFor();
    truth((await page.locator('.trail tbody tr').count()) >= 4, 'what was done is told');
    await page.getByLabel(t('audit.user')).selectOption({ label: 'luis' });
    await eventually(async () => !(await page.locator('.trail tbody .who', { hasText: 'ana' }).count()), 'filtered by person');
    await accessible(page);
}

async function viewer({ server, t }) {
    const { page, close } = await visit(server.url, { language: 'es' });
    try {
        const app = new App(page, t);
        await page.goto('/');
        await app.sign_in('luis');
        await page.locator('.nav').getByRole('link', { name: 'Taller' }).click();
        await app.sees('Planos');
        equal(await page.locator('.new-button').count(), 0, 'new');
        await app.select('Planos');
        await page.keyboard.press('Delete');
        await page.keyboard.press('F2');
        equal(await page.locator('.rename').count(), 0, 'rename');
        await app.sees('Planos');
        await page.goto('/admin/users');
        await page.getByText(t('page.admin')).waitFor();
    } finally {
        await close();
    }
}

async function disable({ page, app, server, t }) {
    await page.goto('/admin/users');
    await page.getByLabel(t('action.more_for', { name: 'luis' })).click();
    await page.getByRole('menuitem', { name: t('users.disable') }).click();
    await app.toast(t('users.now_disabled', { name: 'luis' }));
    const other = await visit(server.url, { language: 'es' });
    try {
        await other.page.goto('/sign-in');
        await new App(other.page, t).sign_in('luis');
        await other.page.locator('.form-error').waitFor();
        await accessible(other.page);
    } finally {
        await other.close();
    }
}
