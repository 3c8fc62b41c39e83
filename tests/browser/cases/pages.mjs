// axe on every page, in both themes.
import { App } from '../support/app.mjs';
import { accessible, equal, visit } from '../support/browser.mjs';
import { make_files } from '../support/files.mjs';
import { start_server } from '../support/server.mjs';
import { words } from '../support/words.mjs';

const pages = ['/', '/search?q=a', '/search', '/profile', '/admin/users', '/admin/spaces', '/admin/audit', '/admin/nodes', '/files/00000000000000000000000000', '/spaces/00000000000000000000000000'];

export default async function run(counts) {
    const server = await start_server();
    const files = make_files();
    try {
        for (const dark of [false, true]) {
            const theme = dark ? 'dark' : 'light';
            const { page, faults, close } = await visit(server.url, { dark, language: dark ? 'es' : 'en' });
            const app = new App(page, await words(dark ? 'es' : 'en'));
            try {
                await gates(counts, theme, page);
                await page.goto(dark ? '/sign-in' : `/setup#token=${server.token}`);
                await app.sign_in('ana');
                await page.locator('.frame').waitFor();
                if (!dark) await fill(app, files);
                for (const path of pages) await counts.check(`axe, ${theme}: ${path}`, () => settled(page, path));
                for (const [what, show] of Object.entries(states)) await counts.check(`axe, ${theme}: ${what}`, () => show(app));
                await counts.check(`${theme}: no script failed and the policy refused nothing`, async () => equal(faults, []));
            } finally {
                await close();
            }
        }
    } finally {
        await server.stop();
        files.remove();
    }
}

async function gates(counts, theme, page) {
    for (const path of ['/sign-in', '/setup']) {
        await counts.check(`axe, ${theme}: ${path} before sign-in`, async () => {
            await page.goto(path);
            await page.locator('.gate-card').waitFor();
            await page.waitForTimeout(200);
            await accessible(page);
        });
    }
}

async function fill(app, files) {
    await app.choose('new.files', [files.notes, files.photo, files.plan]);
    await app.uploaded();
    await app.new_folder('Planos');
}

async function settled(page, path) {
    await page.goto(path);
    await page.locator('main .items, main .empty, main .sheet, main .table').first().waitFor();
    await page.waitForTimeout(200);
    await accessible(page);
}

const states = {
    async 'a selection with its details'({ page, t }) {
        await page.goto('/');
        await page.locator('.row .name[title="Notas.txt"]').click();
        await page.locator('.toolbar').getByLabel(t('details.title')).click();
        await page.locator('.versions li').first().waitFor();
        await page.locator('.recipes summary').click();
        await accessible(page);
        await page.locator('.toolbar').getByLabel(t('details.title')).click();
    },
    async 'the grid'({ page, t }) {
        await page.getByLabel(t('view.grid')).click();
        await page.locator('.tile').first().waitFor();
        await accessible(page);
    },
    async 'the menu of an entry'({ page, t }) {
        await page.locator('.tile', { hasText: 'Notas' }).click({ button: 'right' });
        await page.getByRole('menu').waitFor();
        await accessible(page);
        await page.keyboard.press('Escape');
        await page.getByLabel(t('view.list')).click();
    },
    async 'the menu of the person'({ page }) {
        await page.locator('.person-button').click();
        await page.getByRole('menu').waitFor();
        await accessible(page);
        await page.keyboard.press('Escape');
    },
};
