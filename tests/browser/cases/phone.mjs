// A phone: the drawer, touches that open and select, the bottom bar, targets of 44 pixels.
import { App } from '../support/app.mjs';
import { accessible, equal, eventually, visit } from '../support/browser.mjs';
import { make_files } from '../support/files.mjs';
import { start_server } from '../support/server.mjs';
import { words } from '../support/words.mjs';

export default async function run(counts) {
    const server = await start_server();
    const files = make_files();
    const { page, faults, close } = await visit(server.url, { phone: true, dark: true, language: 'es' });
    const app = new App(page, await words('es'));
    const story = { page, app, t: app.t, files };
    try {
        await page.goto(`/setup#token=${server.token}`);
        await app.sign_in('ana');
        await counts.check('phone: upload', () => upload(story));
        await counts.check('phone: targets are large and nothing is wider than the screen', () => targets(story));
        await counts.check('phone: the drawer opens, holds the focus and closes', () => drawer(story));
        await counts.check('phone: a tap opens, a long press selects, the bar acts', () => touch(story));
        await counts.check('phone: search and details', () => sheets(story));
        await counts.check('phone: axe on its pages', () => pages(story));
        await counts.check('phone: no script failed and the policy refused nothing', async () => equal(faults, []));
    } finally {
        await close();
        await server.stop();
        files.remove();
    }
}

async function upload({ app, files, page }) {
    await page.getByRole('heading', { name: app.t('empty.personal') }).waitFor();
    await app.choose('new.files', [files.notes, files.photo]);
    await app.sees('Notas.txt');
    const box = (selector) => page.locator(selector).boundingBox();
    await page.locator('.tray').getByLabel(app.t('action.close')).waitFor();
    await page.locator('.layout > [role=status]', { hasText: app.t('tray.done', { n: 2 }) }).waitFor({ state: 'attached' });
    equal(Math.round((await box('.tray-head')).height), 48, 'height of the tray, folded');
    equal(await page.locator('.tray-rows').count(), 0, 'rows before it is unfolded');
    equal(Math.round((await box('.tray')).y + (await box('.tray')).height), Math.round((await box('.phone-bar')).y), 'the tray ends where the bottom bar begins');
    await page.locator('.tray').getByLabel(app.t('tray.unfold')).tap();
    await page.locator('.tray-rows .upload.done').first().waitFor();
    await app.uploaded();
    await app.new_folder('Planos');
}

const small = () =>
    [...document.querySelectorAll('button, a[href], select, input:not([type=radio]):not([type=checkbox])')]
        .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !element.closest('[inert], .unseen, .skip, p'))
        .map((element) => ({ element, box: element.getBoundingClientRect() }))
        .filter(({ element, box }) => box.width && (box.height < 43.5 || box.width < 43.5) && !element.classList.contains('unseen') && element.id !== 'chooser')
        .map(({ element, box }) => `${element.className || element.tagName} ${element.getAttribute('aria-label') ?? element.textContent} ${Math.round(box.width)}×${Math.round(box.height)}`);

async function targets({ page }) {
    for (const path of ['/', '/profile', '/admin/users']) {
        await page.goto(path);
        await page.locator('main .items, main .sheet, main .table').first().waitFor();
        await page.waitForTimeout(200);
        equal(await page.evaluate(small), [], `small targets at ${path}`);
        equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, `fits at ${path}`);
    }
    await page.goto('/');
}

async function drawer({ page, t }) {
    await page.goto('/');
    equal(await page.locator('.sidebar').evaluate((side) => side.inert), true, 'inert');
    await page.locator('.bar-more').tap();
    await page.locator('.sidebar.open').waitFor();
    await accessible(page);
    await eventually(() => page.locator('.sidebar').evaluate((side) => side.contains(document.activeElement)), 'the focus is in the bar');
    await page.keyboard.press('Escape');
    await page.locator('.sidebar.open').waitFor({ state: 'detached' });
    await page.locator('.bar-more').tap();
    await page.getByRole('link', { name: t('nav.home') }).waitFor();
    await page.locator('.nav').getByRole('link', { name: t('trash.title') }).tap();
    await page.getByRole('heading', { level: 1, name: t('trash.title') }).waitFor();
    await page.goBack();
}

async function press_long(page, target) {
    const box = await target.boundingBox();
    const session = await page.context().newCDPSession(page);
    const touchPoints = [{ x: box.x + 120, y: box.y + box.height / 2 }];
    await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints });
    await page.waitForTimeout(600);
    await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await session.detach();
}

async function touch({ page, app, t }) {
    await app.row('Planos').tap();
    await page.getByRole('heading', { level: 1, name: 'Planos' }).waitFor();
    await page.goBack();
    await app.sees('Notas.txt');
    await press_long(page, app.row('Notas.txt'));
    await page.locator('.bottom-bar').waitFor();
    await app.row('Fachada – año.png').tap();
    await eventually(async () => (await page.locator('[aria-selected=true]').count()) === 2, 'two selected');
    await accessible(page);
    await page.locator('.bottom-bar').getByLabel(t('action.trash')).tap();
    await app.sees_not('Notas.txt');
    await app.undo();
    await app.sees('Notas.txt', 'Fachada – año.png');
}

async function sheets({ page, app, t }) {
    await page.locator('#search-open').tap();
    await page.keyboard.type('fach');
    await app.sees('Fachada – año.png');
    await page.locator('.search').getByLabel(t('action.close')).tap();
    await app.sees('Notas.txt');
    await app.row('Notas.txt').locator('.row-menu').tap();
    await page.getByRole('menuitem', { name: t('details.title') }).tap();
    await page.locator('.details .versions li').first().waitFor();
    await accessible(page);
    await page.locator('.details').getByLabel(t('action.close')).tap();
    await page.locator('.details').waitFor({ state: 'detached' });
    await app.row('Fachada – año.png').tap();
    await page.locator('.preview-image').waitFor();
    await accessible(page);
    await page.goBack();
    await page.locator('.preview').waitFor({ state: 'detached' });
}

async function pages({ page }) {
    for (const path of ['/', '/profile', '/admin/users', '/admin/spaces', '/admin/audit', '/admin/nodes']) {
        await page.goto(path);
        await page.locator('main .items, main .sheet, main .table').first().waitFor();
        await page.waitForTimeout(200);
        await accessible(page);
    }
}
