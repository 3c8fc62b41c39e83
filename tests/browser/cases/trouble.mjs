// When things fail: a server that is away for a while, a session that ended, a write that is refused.
import { App } from '../support/app.mjs';
import { accessible, equal, visit } from '../support/browser.mjs';
import { start_server } from '../support/server.mjs';
import { words } from '../support/words.mjs';

const away = { status: 503, headers: { 'Retry-After': '1', 'Content-Type': 'application/problem+json' }, body: JSON.stringify({ status: 503, code: 'unavailable', title: 'unavailable' }) };

export default async function run(counts) {
    const server = await start_server();
    const { page, context, faults, close } = await visit(server.url);
    const app = new App(page, await words('en'));
    const story = { page, context, app, t: app.t };
    try {
        await page.goto(`/setup#token=${server.token}`);
        await app.sign_in('ana');
        await app.new_folder('Planos');
        await counts.check('trouble: an outage shows a banner, and the page recovers by itself', () => outage(story));
        await counts.check('trouble: a refused write is undone with a reason', () => refused(story));
        await counts.check('trouble: an expired session leads to sign-in and back', () => ended(story));
        await counts.check('trouble: a missing folder is reported', () => gone(story));
        await counts.check('trouble: a wrong set-up link and a wrong password say what to do', () => wrong(story));
        await counts.check('trouble: no script failed and the policy refused nothing', async () => equal(faults, []));
    } finally {
        await close();
        await server.stop();
    }
}

async function outage({ page, app, t }) {
    await page.route('**/api/v1/entries/**', (route) => route.fulfill(away));
    try {
        await app.open('Planos');
        await page.getByText(t('banner.unavailable')).waitFor();
        await accessible(page);
    } finally {
        await page.unroute('**/api/v1/entries/**');
    }
    await page.getByRole('heading', { name: t('empty.folder') }).waitFor();
    await page.getByText(t('banner.unavailable')).waitFor({ state: 'detached' });
    await page.goBack();
    await app.sees('Planos');
}

async function refused({ page, app, t }) {
    const pattern = '**/api/v1/entries/*';
    await page.route(pattern, (route) => (['DELETE', 'PATCH'].includes(route.request().method()) ? route.fulfill(away) : route.fallback()));
    try {
        await app.select('Planos');
        await page.keyboard.press('Delete');
        await app.toast(t('error.unavailable'));
        await app.sees('Planos');
    } finally {
        await page.unroute(pattern);
    }
}

async function ended({ page, context, app, t }) {
    const planos = page.getByRole('heading', { level: 1, name: 'Planos' });
    await app.open('Planos');
    await planos.waitFor();
    await context.clearCookies();
    await app.new_menu('new.folder');
    await page.getByLabel(t('column.name')).fill('Cortes');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: t('sign_in.title') }).waitFor();
    await app.sign_in('ana');
    await planos.waitFor();
    await page.locator('.person-button').click();
    await page.getByRole('menuitem', { name: t('nav.sign_out') }).click();
    await page.getByRole('heading', { name: t('sign_in.title') }).waitFor();
    await app.sign_in('ana');
    await app.sees('Planos');
}

async function gone({ page, t }) {
    await page.goto('/folders/00000000000000000000000000');
    await page.getByText(t('folder.gone')).waitFor();
    await accessible(page);
}

async function wrong({ page, context, app, t }) {
    await page.goto('/setup#token=used-up');
    await page.getByRole('heading', { name: t('setup.over') }).waitFor();
    await context.clearCookies();
    await page.goto('/sign-in?next=//evil.example');
    await app.sign_in('ana', 'not the password');
    await page.getByText(t('sign_in.wrong')).waitFor();
    await app.sign_in('ana');
    await page.locator('.layout').waitFor();
    equal(new URL(page.url()).pathname, '/', 'stays here');
    const here = new URL(page.url()).origin;
    for (const next of ['/%09/evil.example', '/%0A/evil.example', '/%5Cevil.example', '/profile/..//evil.example']) {
        await context.clearCookies();
        await page.goto(`/sign-in?next=${next}`);
        await app.sign_in('ana');
        await page.locator('.layout').waitFor();
        equal(page.url(), `${here}/`, `stays here after ${next}`);
    }
}
