// The fleet's page: each node's state, live, by keyboard and in both languages; and the audit log's filters.
import { App } from '../support/app.mjs';
import { accessible, equal, eventually, truth, visit } from '../support/browser.mjs';
import { mocked, start_server } from '../support/server.mjs';
import { words } from '../support/words.mjs';

export default async function run(counts) {
    const server = await start_server({ more: mocked ? {} : { BODEGA_NODE_NAME: 'almacén-1' } });
    const { page, faults, close } = await visit(server.url, { language: 'es' });
    const story = { server, page, app: new App(page, await words('es')) };
    try {
        await page.goto(`/setup?token=${server.token}`);
        await story.app.sign_in('ana');
        await page.locator('.layout').waitFor();
        if (!mocked) await counts.check('nodes: this one is listed, with its lease, its load and its charts, live', () => one_node(story));
        await counts.check('nodes: a fleet in every state', () => many_nodes(story));
        await counts.check('nodes: a failed request is reported, and known values stay', () => silence(story));
        await counts.check('audit: filters are in the address, and stay after a reload', () => filters(story));
        await counts.check('fleet: no script failed and the policy refused nothing', async () => equal(faults, []));
    } finally {
        await close();
        await server.stop();
    }
}

async function one_node({ page, app: { t } }) {
    await page.locator('.nav').getByRole('link', { name: t('nav.admin') }).click();
    await page.locator('.nav').getByRole('link', { name: t('nodes.title') }).click();
    const row = page.locator('.table.nodes tbody tr', { hasText: 'almacén-1' });
    await row.getByText(t('nodestate.ready'), { exact: true }).waitFor();
    await page.locator('.figures').getByText(t('nodes.ready_of', { ready: 1, all: 1 })).waitFor();
    await page.locator('.things', { hasText: 'sweeper' }).getByText('almacén-1').waitFor();
    // The page refreshes by itself: the first samples arrive while it is open.
    await page.locator('.charts canvas').nth(3).waitFor({ timeout: 40_000 });
    await eventually(async () => /\d\/s/.test(await row.locator('td').nth(4).textContent()), 'a rate', 40_000);
    await accessible(page);
}

// An answer in the server's form, with states that one machine can't produce.
async function many_nodes({ page, app: { t } }) {
    const now = Date.now();
    const stats = { every: 5000, cores: 2, load: 0.4, memory_bytes: 2 ** 24, connections: 7, working: 1, uploads: 1, rate: [10, null, 20], errors: [0, 0, 1.5], p50: [2, null, 3], p99: [9, null, 1200], cpu: [0.1, 0.2, 0.5] };
    const node = (name, state, more = {}) => ({ id: name, name, version: '1.0.0', address: `http://${name}:8080`, state, asked: null, started_at: now - 90_000, seen_at: now, stats, ...more });
    const items = [node('a', 'ready'), node('b', 'draining', { asked: 'stop' }), node('c', 'unready'), node('d', 'lost', { seen_at: now - 60_000 }), node('e', 'gone', { stats: null }), node('f', 'starting', { stats: null }), node('g', 'of another version', { stats: { rate: [1] } })];
    const fleet = { items, next_cursor: null, now, drains: [{ name: 'node-99', asked_at: now - 3 * 86_400_000 }], leases: [{ name: 'sweeper', owner: 'x', node: null, fence: 3, expires_at: now + 60_000 }], uploads: { open: 3, active: 2, received_bytes: 2 ** 20, length_bytes: 2 ** 30 }, storage: { used_bytes: 2 ** 40, free_bytes: 2 ** 39, total_bytes: 2 ** 41 } };
    await page.route('**/api/v1/nodes', (route) => route.fulfill({ json: fleet }));
    await page.goto('/admin/nodes');
    await page.locator('.figures').getByText(t('nodes.ready_of', { ready: 1, all: 6 })).waitFor();
    const cells = (name) => page.locator('.table.nodes tbody tr', { has: page.locator('.node-name', { hasText: new RegExp(`^${name}$`) }) });
    await cells('b').getByText(t('nodes.asked_stop')).waitFor();
    for (const [name, state] of [['a', 'ready'], ['b', 'draining'], ['c', 'unready'], ['d', 'lost'], ['e', 'gone'], ['f', 'starting']]) equal(await cells(name).locator('.badge').textContent(), t(`nodestate.${state}`), name);
    equal(await cells('g').locator('.badge').textContent(), 'of another version', 'a state that is new here');
    equal((await cells('a').locator('td').allTextContents()).slice(4, 7).map((text) => text.replaceAll('\u00a0', ' ')), ['20/s', '1.5/s', '3 ms · 1.2 s'], 'the newest values');
    equal(await cells('d').locator('td').nth(4).textContent(), '–', 'a lost node says nothing');
    equal(await page.locator('.legend li').count(), 6, 'lines: all but what has ended');
    await page.locator('.things').getByText(t('nodes.leases_unknown')).waitFor();
    await accessible(page);
    // All of the page can be reached by keyboard.
    await page.locator('.fleet').focus();
    await page.keyboard.press('End');
    await eventually(() => page.locator('.fleet').evaluate((sheet) => sheet.scrollTop > 0), 'the keyboard scrolls it');
    await page.unroute('**/api/v1/nodes');
}

async function silence({ page, app: { t } }) {
    await page.goto('/admin/nodes');
    await page.locator('.table.nodes tbody tr').first().waitFor();
    await page.route('**/api/v1/nodes', (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"code":"unavailable","detail":"away"}' }));
    await page.locator('.fleet [role=alert] .form-error').waitFor({ timeout: 20_000 });
    truth((await page.locator('.table.nodes tbody tr').count()) > 0, 'what was known stays');
    await accessible(page);
    await page.unroute('**/api/v1/nodes');
    await page.locator('.fleet [role=alert] .form-error').waitFor({ state: 'detached', timeout: 20_000 });
}

async function filters({ page, app }) {
    const { t } = app;
    await page.goto('/');
    await app.new_folder('Planos');
    await app.new_folder('Fotos');
    await page.goto('/admin/audit');
    const rows = page.locator('.trail tbody tr');
    await rows.filter({ hasText: 'Fotos' }).waitFor();
    await page.getByRole('link', { name: 'Planos' }).click();
    await eventually(async () => (await rows.count()) === 1 && (await rows.first().textContent()).includes('Planos'), 'only what was done to one thing');
    equal(await page.getByLabel(t('column.target')).evaluate((select) => select.selectedOptions[0].textContent), t('audit.one_target', { name: 'Planos' }), 'the filter says so');
    await page.reload();
    await eventually(async () => (await rows.count()) === 1, 'after a reload');
    await page.getByLabel(t('column.target')).selectOption('');
    const day = await page.evaluate(() => { const d = new Date(); return `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, '0')}-${String(d.getDate()).padStart(2, '0')}`; });
    await page.getByLabel(t('audit.since')).fill(day);
    await rows.filter({ hasText: 'Fotos' }).waitFor();
    await page.getByLabel(t('audit.since')).fill('');
    await page.getByLabel(t('audit.until')).fill('2020-01-01');
    await page.getByText(t('audit.none')).waitFor();
    truth(new URL(page.url()).searchParams.get('until') === '2020-01-01', 'in the address');
    await page.getByLabel(t('audit.until')).fill('');
    await page.getByLabel(t('audit.action')).selectOption('entry.create');
    await eventually(async () => (await rows.count()) === 2, 'by action');
    await accessible(page);
}
