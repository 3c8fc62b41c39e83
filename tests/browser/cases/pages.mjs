// axe on every page, at four widths, in both themes.
import { App } from '../support/app.mjs';
import { clean_everywhere } from '../support/axe.mjs';
import { equal, visit } from '../support/browser.mjs';
import { make_files } from '../support/files.mjs';
import { start_server } from '../support/server.mjs';
import { words } from '../support/words.mjs';

export default async function run(counts) {
    const server = await start_server();
    const files = make_files();
    const { page, faults, close } = await visit(server.url, { language: 'es' }); // its texts are longer
    const app = new App(page, await words('es'));
    const story = { page, app, t: app.t };
    const check = (name, show, how) => counts.check(`axe: ${name}`, () => clean_everywhere(page, show, how));
    try {
        for (const path of ['/setup', '/sign-in']) await check(`${path} before sign-in`, () => sign_in_page(page, path));
        await page.goto(`/setup#token=${server.token}`);
        await check('the set-up', () => page.locator('.sign-in-card input').first().waitFor());
        await app.sign_in('ana');
        await page.locator('.layout').waitFor();
        await fill(app, files);
        for (const path of await addresses(page)) await check(path, () => settled(page, path));
        for (const [name, show] of Object.entries(states)) await check(name, (width) => show(story, width), { each: true });
        await counts.check('axe: no script failed and the policy refused nothing', async () => equal(faults, []));
    } finally {
        await close();
        await server.stop();
        files.remove();
    }
}

async function sign_in_page(page, path) {
    await page.goto(path);
    await page.locator('.sign-in-card').waitFor();
}

async function fill(app, files) {
    await app.page.setViewportSize({ width: 1280, height: 800 });
    await app.choose('new.files', [files.notes, files.photo, files.plan]);
    await app.uploaded();
    await app.page.evaluate(async (name) => {
        const post = (path, body) => fetch(`/api/v1/${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
        await post('users', { username: name, password: 'roble cedro nogal 14', role: 'member', quota_bytes: 2 ** 20 });
        await post('spaces', { name, quota_bytes: null });
    }, 'jorge.ramirez.de.la.torre@estudio-de-arquitectura-del-norte.example');
    await app.new_folder('Planos');
    await app.new_folder('Borrado');
    await app.select('Borrado');
    await app.page.keyboard.press('Delete');
    await app.sees_not('Borrado');
}

const addresses = (page) => page.evaluate(async () => {
    const { items } = await fetch('/api/v1/spaces').then((answer) => answer.json());
    const listed = await fetch(`/api/v1/entries/${items[0].root_id}/children`).then((answer) => answer.json());
    const trashed = await fetch(`/api/v1/spaces/${items[0].id}/trash`).then((answer) => answer.json());
    const of = (name) => listed.items.find((entry) => entry.name.startsWith(name)).id;
    const nobody = '0'.repeat(26);
    return ['/', `/folders/${of('Planos')}`, `/files/${of('Notas')}`, `/?preview=${of('Fachada')}`, `/?preview=${of('Notas')}`, `/trash/${items[0].id}`, `/trash/${items[0].id}?in=${trashed.items[0].id}`, '/search?q=a', '/search', '/profile', '/admin/users', '/admin/spaces', '/admin/audit', '/admin/nodes', `/spaces/${nobody}`, '/no/such/page'];
});

async function settled(page, path) {
    await page.goto(path);
    const what = path.includes('preview=') ? '.preview-image, .preview-text' : 'main .items, main .empty, main .sheet, main .table';
    await page.locator(what).first().waitFor();
}

const home = async ({ page, app }) => {
    // A phone's menu closes at another width and goes back in the history, which may end this page.
    await page.goto('/').catch((error) => (/ERR_ABORTED/.test(error.message) ? page.goto('/') : Promise.reject(error)));
    await app.sees('Notas.txt');
};

const states = {
    async 'a selection with its details'(story) {
        const { page, t } = story;
        await home(story);
        await page.locator('.row .name[title="Notas.txt"]').click({ modifiers: ['Control'] });
        if (!(await page.locator('.details').count())) await page.locator('.view-controls').getByLabel(t('details.title')).click();
        await page.locator('.details .recipes summary').click();
    },
    async 'the grid and the menu of an entry'(story, width) {
        const { page, t } = story;
        await home(story);
        if (width === 390) await page.getByLabel(t('view.grid')).click();
        await page.locator('.tile', { hasText: 'Notas' }).click({ button: 'right' });
        await page.getByRole('menu').waitFor();
    },
    async 'the places, the person’s menu and the keys'(story, width) {
        const { page, t } = story;
        await home(story);
        if (width === 390) await page.getByLabel(t('view.list')).click();
        if (width === 390) await page.locator('.bar-more').click();
        await page.locator('.person-button').click();
        await page.getByRole('menuitem', { name: t('shortcuts.title') }).click();
        await page.locator('dialog[open] .shortcuts').waitFor();
        await page.locator('.shortcuts kbd').getByText(t('key.delete'), { exact: true }).waitFor();
        await page.keyboard.press('Escape');
        await page.locator('dialog[open]').waitFor({ state: 'detached' }); // on a phone the drawer remains
    },
};
