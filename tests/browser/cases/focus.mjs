// The keyboard focus: after a page has loaded, after a folder opens, by the skip link; and a secret that no key discards.
import { App } from '../support/app.mjs';
import { equal, eventually, truth, visit } from '../support/browser.mjs';
import { make_files } from '../support/files.mjs';
import { start_server } from '../support/server.mjs';
import { words } from '../support/words.mjs';

export default async function run(counts) {
    const server = await start_server();
    const files = make_files();
    const { page, faults, close } = await visit(server.url);
    const app = new App(page, await words('en'));
    const story = { page, app, t: app.t };
    try {
        await page.goto(`/setup?token=${server.token}`);
        await app.sign_in('ana');
        await app.new_folder('Obra');
        await app.new_folder('Obra Norte');
        await app.new_folder('Obra Sur');
        await app.open('Obra');
        await app.choose('new.files', [files.notes]);
        await app.uploaded();
        await app.sees('Notas.txt');
        await counts.check('focus: a loaded page has the focus', () => on_load(story));
        await counts.check('focus: it stays with the list when a folder opens, empty or not', () => on_opening(story));
        await counts.check('focus: the skip link leads past the bars', () => skip(story));
        await counts.check('focus: a refused form keeps the focus', () => refused(story));
        await counts.check('keys: a space continues a name that is being typed', () => space(story));
        await counts.check('a secret that is shown once closes by its own button only', () => secret(story));
        await counts.check('focus: no script failed and the policy refused nothing', async () => equal(faults, []));
    } finally {
        await close();
        await server.stop();
        files.remove();
    }
}

const holds = (page, selector, what) => eventually(() => page.evaluate((wanted) => Boolean(document.activeElement?.matches(wanted)), selector), `${what}: ${selector} has the focus`, 5000);

async function on_load({ page, app }) {
    await page.reload();
    await app.sees('Notas.txt');
    await holds(page, '.items', 'a folder');
    await page.keyboard.press('ArrowDown');
    await eventually(async () => (await page.locator('.row.on').count()) === 1, 'an arrow selects a row');
    for (const [path, selector] of [['/profile', '.sheet'], ['/admin/users', '.table-scroll'], ['/search?q=notas', '.items'], ['/search', 'main']]) {
        await page.goto(path);
        await holds(page, selector, path);
    }
}

async function on_opening({ page, app }) {
    await page.goto('/');
    await app.sees('Obra');
    await app.select('Obra');
    await page.keyboard.press('Enter');
    await app.sees('Notas.txt');
    await holds(page, '.items', 'opened by Enter');
    await page.keyboard.press('Backspace');
    await app.sees('Obra Sur');
    await holds(page, '.items', 'gone up');
    await app.open('Obra');
    await app.sees('Notas.txt');
    await holds(page, '.items', 'opened by a double click');
    await page.keyboard.press('Backspace');
    await app.sees('Obra Sur');
    await app.open('Obra Sur');
    await page.locator('.empty').waitFor();
    await holds(page, '.empty button', 'an empty folder');
    await page.reload();
    await holds(page, '.empty button', 'an empty folder after a reload');
    await page.goto('/');
}

async function refused({ page, app, t }) {
    await page.goto('/');
    await app.sees('Obra Sur');
    await app.new_menu('new.folder');
    let asked = 0;
    await page.route('**/folders', async (route) => {
        asked += 1;
        await new Promise((done) => setTimeout(done, 400));
        await route.continue();
    });
    await page.getByLabel(t('column.name')).fill('Obra Sur');
    await page.locator('dialog[open] button[type="submit"]').click();
    for (let more = 0; more < 3; more += 1) await page.keyboard.press('Enter'); // while the answer is awaited
    await page.getByLabel(t('column.name')).press('Enter');
    await page.locator('dialog[open] button[type="submit"]').focus();
    await page.locator('dialog[open] [role="alert"]').waitFor();
    await page.unroute('**/folders');
    equal(asked, 1, 'requests');
    await holds(page, 'dialog[open] button[type="submit"]', 'a name that is taken');
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
}

async function skip({ page, app }) {
    for (const [path, selector] of [['/', '.items'], ['/search', 'main']]) {
        await page.goto(path);
        await holds(page, selector, path);
        await page.locator('.skip').focus();
        await page.keyboard.press('Enter');
        await holds(page, selector, `the skip link at ${path}`);
    }
    await page.goto('/');
    await app.sees('Obra');
}

async function space({ page, app }) {
    await app.sees('Obra Sur');
    await page.locator('.items').focus();
    await page.keyboard.press('Home');
    await page.waitForTimeout(1000); // what was typed before is forgotten
    await page.keyboard.type('obra s');
    equal(await page.locator('.row.at .name').first().getAttribute('title'), 'Obra Sur', 'found');
    equal(await page.locator('.row.on').count(), 1, 'selected rows');
    await page.waitForTimeout(1000);
    await page.keyboard.press(' ');
    equal(await page.locator('.row.on').count(), 0, 'a space by itself toggles the row');
}

async function secret({ page, t }) {
    await page.goto('/profile');
    await page.getByRole('button', { name: t('tokens.new') }).click();
    await page.getByLabel(t('tokens.name')).fill('copia nocturna');
    await page.keyboard.press('Enter');
    const code = page.locator('dialog[open] .copyable code').first();
    await code.waitFor();
    for (let times = 0; times < 3; times++) await page.keyboard.press('Escape');
    await page.mouse.click(5, 5);
    truth(await code.isVisible(), 'the secret is still shown');
    equal(await page.locator('dialog[open]').getByLabel(t('action.close')).count(), 0, 'ways to close it by mistake');
    await page.locator('dialog[open]').getByRole('button', { name: t('tokens.kept') }).click();
    await code.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: t('tokens.new') }).click();
    await page.getByLabel(t('tokens.name')).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
}
