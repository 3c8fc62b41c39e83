// From the printed URL to a filled bodega, in each language: set up, upload, view, change, delete, search.
import { readFileSync } from 'node:fs';
import { App } from '../support/app.mjs';
import { accessible, equal, eventually, truth, visit } from '../support/browser.mjs';
import { make_files } from '../support/files.mjs';
import { front, start_server } from '../support/server.mjs';
import { words } from '../support/words.mjs';

// One language is enough for axe here: pages.mjs tests the other.
const looked_at = (page, language) => (language === 'en' ? accessible(page) : undefined);

export default async function run(counts) {
    for (const language of front === 'direct' ? ['en', 'es'] : ['es']) {
        const server = await start_server();
        const files = make_files();
        const { page, faults, close } = await visit(server.url, { language });
        const app = new App(page, await words(language));
        try {
            await tell(counts, { language, server, files, page, app, t: app.t });
            await counts.check(`${language}: no script failed and the policy refused nothing`, async () => equal(faults, []));
        } finally {
            await close();
            await server.stop();
            files.remove();
        }
    }
}

async function tell(counts, story) {
    const check = (name, work) => counts.check(`${story.language}: ${name}`, work);
    await check('set-up takes the token out of the address and makes the administrator', () => set_up(story));
    await check('the empty first space says what to do', () => empty_space(story));
    await check('files by the chooser', () => upload_files(story));
    await check('a folder by the chooser', () => upload_folder(story));
    await check('files and folders dropped on the page', () => drop_files(story));
    await check('sorting by size and by name', () => sorting(story));
    await check('the keyboard moves, finds by letters, opens and goes up', () => keyboard(story));
    await check('previews, with next and previous, and they have an address', () => previews(story));
    await check('a download is byte for byte', () => download(story));
    await check('rename in place, refused names, undo', () => rename(story));
    await check('move by the dialog, and undo', () => move_by_dialog(story));
    await check('move by dragging to a folder and to a crumb', () => move_by_dragging(story));
    await check('copy beside itself gets a free name', () => copy(story));
    await check('delete, undo, restore, erase', () => trash(story));
    await check('search by name', () => search(story));
    await check('a file has an address: its folder, with the details open', () => address(story));
    await check('a taken name is asked about; the replaced file is a version', () => conflict(story));
}

async function set_up({ server, page, app, t, language }) {
    await page.goto(`/setup#token=${server.token}`);
    await page.getByRole('heading', { name: t('setup.title') }).waitFor();
    equal(new URL(page.url()).pathname + new URL(page.url()).search + new URL(page.url()).hash, '/setup', 'address');
    equal(await page.evaluate(() => document.documentElement.lang), language, 'language');
    await looked_at(page, language);
    await app.sign_in('ana');
    await page.getByRole('heading', { level: 1, name: t('space.personal') }).waitFor();
    equal(new URL(page.url()).pathname, '/', 'address');
}

async function empty_space({ page, t, language }) {
    await page.getByRole('heading', { name: t('empty.personal') }).waitFor();
    await page.getByText(t('empty.drop')).waitFor();
    await looked_at(page, language);
}

async function upload_files({ app, files, page, t, language }) {
    await app.choose('new.files', [files.notes, files.photo, files.plan]);
    await app.sees('Notas.txt', 'Fachada – año.png', 'Planta.pdf');
    await looked_at(page, language);
    await app.uploaded();
    equal(await page.locator('.count').textContent(), t('count.items', { n: 3 }), 'count');
}

async function upload_folder({ app, files }) {
    await app.choose('new.upload_folder', files.obra);
    await app.sees('Obra');
    await app.uploaded();
    await app.open('Obra');
    await app.sees('Fotos', 'uno.txt');
    await app.open('Fotos');
    await app.sees('azul.png');
    await app.page.goBack();
    await app.sees('uno.txt');
    await app.page.goBack();
    await app.sees('Notas.txt');
}

async function drop_files({ app, files, page }) {
    await app.drop([files.dropped, files.bundle], page.locator('.items'));
    await app.sees('soltado.md', 'Paquete');
    await app.uploaded();
    await app.open('Paquete');
    await app.sees('dentro', 'vacía');
    await app.open('dentro');
    await app.sees('hoja.csv');
    await page.locator('.breadcrumbs a').first().click();
    await app.drop([files.notes], app.row('Paquete'));
    await app.uploaded();
    await app.open('Paquete');
    await app.sees('Notas.txt');
    await page.locator('.breadcrumbs a').first().click();
    await app.sees('Planta.pdf');
}

async function sorting({ app, page, t }) {
    await page.locator('.sorter', { hasText: t('column.size') }).click();
    await eventually(async () => (await app.names())[2] === 'Planta.pdf', 'largest first, after the folders');
    equal(await page.locator('.cell.size[role=columnheader]').getAttribute('aria-sort'), 'descending', 'aria-sort');
    await page.locator('.sorter', { hasText: t('column.name') }).click();
    await eventually(async () => (await app.names()).join() === ['Obra', 'Paquete', 'Fachada – año.png', 'Notas.txt', 'Planta.pdf', 'soltado.md'].join(), 'by name, folders first');
}

async function keyboard({ app, page, language }) {
    const list = page.locator('.items');
    await list.focus();
    const active = () => list.evaluate((grid) => document.getElementById(grid.getAttribute('aria-activedescendant') ?? '')?.querySelector('.name')?.title ?? null);
    await page.keyboard.press('Home');
    equal(await active(), 'Obra', 'first');
    await page.keyboard.press('ArrowDown');
    equal(await active(), 'Paquete', 'next');
    await page.keyboard.type('no');
    equal(await active(), 'Notas.txt', 'by letters');
    await page.keyboard.press('Shift+ArrowDown');
    equal(await page.locator('[aria-selected=true]').count(), 2, 'selected');
    await page.keyboard.press('Control+a');
    await eventually(async () => (await page.locator('[aria-selected=true]').count()) === 6, 'all selected');
    await page.keyboard.press('Escape');
    equal(await page.locator('[aria-selected=true]').count(), 0, 'cleared');
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await app.sees('uno.txt');
    await page.locator('.items').focus();
    await page.keyboard.press('Backspace');
    await app.sees('Notas.txt');
    await page.keyboard.press('?');
    await page.locator('dialog[open]').waitFor();
    await looked_at(page, language);
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
}

async function previews({ app, page, files, t, language }) {
    await app.open('Notas.txt');
    await page.locator('.preview-text', { hasText: files.text.trim() }).waitFor();
    truth(page.url().includes('?preview='), 'the preview has an address');
    await looked_at(page, language);
    await page.reload();
    await page.locator('.preview-text', { hasText: files.text.trim() }).waitFor();
    await page.getByLabel(t('preview.after')).waitFor();
    await page.keyboard.press('ArrowLeft');
    await page.locator('.preview-image').waitFor();
    await eventually(() => page.locator('.preview-image').evaluate((image) => image.naturalWidth > 0), 'the picture is drawn');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.locator('.preview-pdf').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.preview').waitFor({ state: 'detached' });
    truth(!page.url().includes('preview'), 'the address is the folder’s again');
}

async function download({ app, page, files }) {
    await app.select('Fachada – año.png');
    const [got] = await Promise.all([page.waitForEvent('download'), app.chosen('action.download')]);
    equal(got.suggestedFilename(), 'Fachada – año.png', 'name');
    truth(readFileSync(await got.path()).equals(readFileSync(files.photo)), 'the bytes differ');
}

async function rename({ app, page, t }) {
    await app.select('Notas.txt');
    await page.keyboard.press('F2');
    const field = page.getByLabel(t('rename.label', { name: 'Notas.txt' }));
    equal(await field.evaluate((input) => input.value.slice(input.selectionStart, input.selectionEnd)), 'Notas', 'the stem is selected');
    await field.fill('a/b');
    await page.keyboard.press('Enter');
    await page.getByText(t('name.characters')).waitFor();
    await field.fill('Planta.pdf');
    await page.keyboard.press('Enter');
    await app.toast('Planta.pdf');
    await app.sees('Notas.txt');
    await app.select('Notas.txt');
    await page.keyboard.press('F2');
    await page.getByLabel(t('rename.label', { name: 'Notas.txt' })).fill('Apuntes.txt');
    await page.keyboard.press('Enter');
    await app.sees('Apuntes.txt');
    await app.toast(t('done.renamed', { name: 'Apuntes.txt' }));
    await app.undo();
    await app.sees('Notas.txt');
    await app.sees_not('Apuntes.txt');
}

async function move_by_dialog({ app, page, t, language }) {
    await app.select('Notas.txt');
    await page.locator('.chosen').getByRole('button', { name: t('action.move') }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('tree').waitFor();
    await eventually(async () => (await page.evaluate(() => document.activeElement?.getAttribute('role'))) === 'tree', 'the focus is in the dialog');
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    await eventually(async () => (await page.evaluate(() => document.activeElement?.textContent?.trim())) === t('action.move'), 'the focus is back');
    await app.chosen('action.move');
    await page.getByRole('tree').waitFor();
    await looked_at(page, language);
    await app.pick('Obra', 'picker.move_here');
    await app.sees_not('Notas.txt');
    await app.toast(t('done.moved_one', { name: 'Notas.txt', folder: 'Obra' }));
    await app.undo();
    await app.sees('Notas.txt');
}

async function move_by_dragging({ app, page }) {
    await app.drag(app.row('soltado.md'), app.row('Obra'));
    await app.sees_not('soltado.md');
    await app.open('Obra');
    await app.sees('soltado.md');
    await app.drag(app.row('soltado.md'), page.locator('.breadcrumbs a').first());
    await app.sees_not('soltado.md');
    await page.locator('.breadcrumbs a').first().click();
    await app.sees('soltado.md');
}

async function copy({ app, t }) {
    await app.select('Planta.pdf');
    await app.chosen('action.copy_to');
    await app.pick(t('space.personal'), 'picker.copy_here');
    await app.sees('Planta (2).pdf');
}

async function trash({ app, page, t, language }) {
    await app.select('Planta (2).pdf');
    await page.keyboard.press('Delete');
    await app.sees_not('Planta (2).pdf');
    await app.toast(t('done.trashed_one', { name: 'Planta (2).pdf' }));
    await app.undo();
    await app.sees('Planta (2).pdf');
    await app.select('Planta (2).pdf');
    await app.select('soltado.md', { modifiers: ['Control'] });
    await page.keyboard.press('Delete');
    await app.sees_not('soltado.md');
    await page.locator('.nav').getByRole('link', { name: t('trash.title') }).click();
    await app.sees('Planta (2).pdf', 'soltado.md');
    await looked_at(page, language);
    await app.select('soltado.md');
    await app.chosen('trash.restore');
    await app.sees_not('soltado.md');
    await app.select('Planta (2).pdf');
    await app.chosen('trash.erase');
    const dialog = page.locator('dialog[open]');
    await dialog.getByText('“Planta (2).pdf”').waitFor();
    await dialog.getByRole('button', { name: t('trash.erase') }).click();
    await page.getByRole('heading', { name: t('empty.trash') }).waitFor();
    await page.locator('.nav').getByRole('link', { name: t('space.personal') }).click();
    await app.sees('soltado.md');
}

async function search({ app, page, t, language }) {
    await page.keyboard.press('/');
    await page.keyboard.type('HOJA');
    await app.sees('hoja.csv');
    equal(new URL(page.url()).pathname, '/search', 'address');
    await eventually(async () => (await page.evaluate(() => document.activeElement?.id)) === 'search', 'the field keeps the focus');
    await looked_at(page, language);
    await page.keyboard.press('Escape');
    await app.sees('soltado.md');
    await page.goto('/search?q=nothing-is-called-this');
    await page.getByText(t('search.none', { q: 'nothing-is-called-this' })).waitFor();
    await page.goto('/');
    await app.sees('Notas.txt');
}

async function address({ app, page }) {
    const id = await app.row('Planta.pdf').getAttribute('data-id');
    await page.goto(`/files/${id}`);
    await app.sees('Planta.pdf', 'Notas.txt');
    await page.locator('.details-name', { hasText: 'Planta.pdf' }).waitFor();
    equal(await app.row('Planta.pdf').getAttribute('aria-selected'), 'true', 'selected');
    await page.locator('.details').getByLabel(app.t('action.close')).click();
    await page.goto('/');
    await app.sees('Notas.txt');
}

async function conflict({ app, page, files, t, language }) {
    const path = files.put('Notas.txt', 'Versión nueva.\n');
    await app.choose('new.files', [path]);
    const dialog = page.locator('dialog[open]');
    await dialog.getByRole('heading', { name: t('conflict.title') }).waitFor();
    await looked_at(page, language);
    await dialog.getByRole('button', { name: t('conflict.replace') }).click();
    await app.uploaded();
    await app.select('Notas.txt');
    await page.locator('.toolbar').getByLabel(t('details.title')).click();
    await eventually(async () => (await page.locator('.versions li').count()) === 2, 'two versions');
    await looked_at(page, language);
    await page.getByLabel(t('versions.restore', { n: 1 })).click();
    const restored = [3, 2].map((n) => t('versions.download', { n })); // version 1 has a new number instead of its old one
    const labels = () => page.locator('.versions li a').evaluateAll((links) => links.map((link) => link.ariaLabel));
    await eventually(async () => JSON.stringify(await labels()) === JSON.stringify(restored), 'versions 3 and 2');
    equal(await page.locator('.versions li', { hasText: t('versions.current') }).getByLabel(restored[0]).count(), 1, 'version 3 is the current one');
    await page.locator('.details').getByLabel(t('action.close')).click();
    await app.open('Notas.txt');
    await page.locator('.preview-text', { hasText: files.text.trim() }).waitFor();
    await page.keyboard.press('Escape');
}

