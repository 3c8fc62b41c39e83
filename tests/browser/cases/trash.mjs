// The trash: opening an entry changes nothing, and a restore is reported in one sentence.
import { App } from '../support/app.mjs';
import { accessible, equal, eventually, visit } from '../support/browser.mjs';
import { start_server } from '../support/server.mjs';
import { words } from '../support/words.mjs';

export default async function run(counts) {
    const server = await start_server();
    let first = true;
    try {
        for (const language of ['en', 'es']) {
            const { page, faults, close } = await visit(server.url, { language });
            const app = new App(page, await words(language));
            const story = { page, app, t: app.t };
            await page.goto(first ? `/setup?token=${server.token}` : '/sign-in');
            await app.sign_in('ana');
            await page.locator('.items, .empty').first().waitFor();
            for (const [how, open] of [['a double click', () => app.open('Viejo')], ['Enter', () => by_enter(app)]]) {
                await counts.check(`trash (${language}): ${how} shows what an entry is, and restores it only when told to`, () => looked_at(story, open));
            }
            await counts.check(`trash (${language}): a folder is looked into, and one file of it restored`, () => looked_into(story, `Caja ${language}`));
            await counts.check(`trash (${language}): an entry whose name is taken comes back with one sentence`, () => taken(story));
            await counts.check(`trash (${language}): several come back with one sentence`, () => several(story));
            await counts.check(`trash (${language}): an entry whose deletion ends after the trash was opened appears in it`, () => late(story, `Lento ${language}`));
            await counts.check(`trash (${language}): no script failed and the policy refused nothing`, async () => equal(faults, []));
            await close();
            first = false;
        }
    } finally {
        await server.stop();
    }
}

async function late({ page, app, t }, name) {
    await page.goto('/');
    await page.locator('.items, .empty').first().waitFor();
    await app.new_folder(name);
    let go_on;
    const held = new Promise((done) => (go_on = done));
    const hold = async (route) => {
        if (route.request().method() === 'DELETE') await held;
        await route.continue();
    };
    await page.route('**/api/v1/entries/*', hold);
    try {
        await app.select(name);
        await page.keyboard.press('Delete');
        await app.sees_not(name);
        const listed = page.waitForResponse((response) => new URL(response.url()).pathname.endsWith('/trash'));
        await page.locator('.nav').getByRole('link', { name: t('trash.title') }).click();
        await listed;
        equal(await app.row(name).count(), 0, 'listed before it is deleted');
        go_on();
        await app.sees(name);
        await app.undo();
        await app.sees_not(name);
    } finally {
        go_on();
        await page.unrouteAll({ behavior: 'wait' });
    }
}

async function by_enter(app) {
    await app.select('Viejo');
    await app.page.keyboard.press('Enter');
}

async function trash(app, ...names) {
    await app.page.goto('/');
    await app.page.locator('.items, .empty').first().waitFor();
    for (const name of names) {
        await app.new_folder(name);
        await app.select(name);
        await app.page.keyboard.press('Delete');
        await app.sees_not(name);
    }
}

const to_trash = (page, t) => page.getByRole('link', { name: t('trash.title') }).click();
const toasts = (page) => page.locator('.toast p').allTextContents();

async function quiet(page) {
    const shown = page.locator('.toast');
    while ((await shown.count()) > 0) await shown.first().locator('.icon-button').click({ timeout: 1000 }).catch(() => undefined);
}

async function looked_at({ page, app, t }, open) {
    await put(page, 'Viejo');
    await page.goto('/');
    await app.sees('Viejo');
    await app.select('Viejo');
    await page.keyboard.press('Delete');
    await app.sees_not('Viejo');
    await to_trash(page, t);
    for (const again of [false, true]) {
        if (again) await page.reload();
        await app.sees('Viejo');
        await open();
        const dialog = page.locator('dialog[open]');
        await dialog.getByText(t('column.was_in')).waitFor();
        await accessible(page);
        await page.keyboard.press('Escape');
        await dialog.waitFor({ state: 'detached' });
        await app.sees('Viejo');
    }
    await open();
    await page.locator('dialog[open]').getByRole('button', { name: t('trash.restore') }).click();
    await app.sees_not('Viejo');
    await page.goto('/');
    await app.sees('Viejo');
    await app.select('Viejo');
    await page.keyboard.press('Delete');
    await app.sees_not('Viejo');
    await page.goto('/');
    await to_trash(page, t);
    await app.sees('Viejo');
    await page.getByRole('button', { name: t('trash.empty') }).click();
    await page.locator('dialog[open]').getByRole('button', { name: t('trash.empty') }).click();
    await page.getByRole('heading', { name: t('empty.trash') }).waitFor();
}

// A small file in the personal space, or in a folder.
const put = (page, name, folder = null) => page.evaluate(async ([called, within]) => {
    const root = (await (await fetch('/api/v1/spaces')).json()).items[0].root_id;
    const made = await fetch(`/api/v1/entries/${within ?? root}/files/${encodeURIComponent(called)}`, { method: 'PUT', body: 'contenido', headers: { 'Content-Type': 'text/plain' } });
    return (await made.json()).id;
}, [name, folder]);

const folder_id = (page, name) => page.evaluate(async (called) => {
    const root = (await (await fetch('/api/v1/spaces')).json()).items[0].root_id;
    return (await (await fetch(`/api/v1/entries/${root}/children`)).json()).items.find((entry) => entry.name === called).id;
}, name);

async function looked_into({ page, app, t }, name) {
    await page.goto('/');
    await page.locator('.items, .empty').first().waitFor();
    await app.new_folder(name);
    const id = await folder_id(page, name);
    await put(page, 'uno.txt', id);
    await put(page, 'dos.txt', id);
    await app.select(name);
    await page.keyboard.press('Delete');
    await app.sees_not(name);
    await to_trash(page, t);
    await page.getByText(t('trash.note_days', { n: 30 })).waitFor();
    await app.open(name);
    for (const again of [false, true]) {
        if (again) await page.reload();
        await app.sees('uno.txt', 'dos.txt');
        await page.getByText(t('trash.folder_note', { name })).waitFor();
        await accessible(page);
    }
    await app.open('uno.txt');
    const dialog = page.locator('dialog[open]');
    const link = await dialog.getByRole('link', { name: t('trash.open') }).getAttribute('href');
    equal(await page.evaluate(async (to) => (await fetch(to)).text(), link), 'contenido', 'bytes');
    await dialog.getByRole('button', { name: t('trash.restore') }).click();
    await app.toast(t('done.restored', { n: 1, name: 'uno.txt' }));
    await app.sees_not('uno.txt');
    await page.locator('.breadcrumbs').getByRole('link', { name: t('trash.title') }).click();
    await app.sees(name);
    await page.goto('/');
    await app.sees('uno.txt');
    await app.sees_not(name);
    await app.select('uno.txt');
    await page.keyboard.press('Delete');
    await app.sees_not('uno.txt');
}

async function taken({ page, app, t }) {
    await trash(app, 'Doble');
    await app.new_folder('Doble');
    await quiet(page);
    await to_trash(page, t);
    await app.select('Doble');
    await app.page.locator('.chosen').getByRole('button', { name: t('trash.restore') }).click();
    await app.toast(t('done.restored_as', { name: 'Doble (2)' }));
    equal(await toasts(page), [t('done.restored_as', { name: 'Doble (2)' })], 'toasts');
    await page.goto('/');
    await app.sees('Doble', 'Doble (2)');
    for (const name of ['Doble (2)', 'Doble']) {
        await app.select(name);
        await page.keyboard.press('Delete');
        await app.sees_not(name);
    }
}

async function several({ page, app, t }) {
    await trash(app, 'Par', 'Impar');
    await app.new_folder('Par');
    await quiet(page);
    await to_trash(page, t);
    await app.select('Par');
    await app.select('Impar', { modifiers: ['Control'] });
    await page.locator('.chosen').getByRole('button', { name: t('trash.restore') }).click();
    const said = t('done.restored_renamed', { n: 1, all: 2 });
    await app.toast(said);
    equal(await toasts(page), [said], 'toasts');
    await page.goto('/');
    for (const name of ['Par', 'Par (2)', 'Impar']) {
        await app.select(name);
        await page.keyboard.press('Delete');
        await eventually(async () => (await app.row(name).count()) === 0, `${name} is gone`);
    }
}
