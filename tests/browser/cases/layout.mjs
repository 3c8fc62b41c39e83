// The layout around every page: at each width, one place for the administration, and a phone's Back button.
import { App, password } from '../support/app.mjs';
import { equal, eventually, truth, visit } from '../support/browser.mjs';
import { start_server } from '../support/server.mjs';
import { words } from '../support/words.mjs';

const team = Array.from({ length: 11 }, (_, at) => `Obra ${String(at + 1).padStart(2, '0')}`);

export default async function run(counts) {
    const server = await start_server();
    try {
        for (const language of ['en', 'es']) {
            const t = await words(language);
            const wide = await visit(server.url, { language });
            await desk(counts, language, { page: wide.page, app: new App(wide.page, t), t, token: server.token });
            await counts.check(`layout (${language}): no script failed and the policy refused nothing`, async () => equal(wide.faults, []));
            await wide.close();
            const phone = await visit(server.url, { language, phone: true });
            await hand(counts, language, { page: phone.page, app: new App(phone.page, t), t });
            await counts.check(`layout (${language}, phone): no script failed and the policy refused nothing`, async () => equal(phone.faults, []));
            await phone.close();
        }
    } finally {
        await server.stop();
    }
}

async function desk(counts, language, story) {
    const { page, app } = story;
    await page.goto(language === 'en' ? `/setup#token=${story.token}` : '/sign-in');
    await app.sign_in('ana');
    await page.locator('.layout').waitFor();
    if (language === 'en') await fill(story);
    const check = (name, work) => counts.check(`layout (${language}): ${name}`, () => work(story));
    await check('a toolbar’s actions that have no room are under More', more);
    await check('the administration is one link, with a sidebar of its own and the way back', administration);
    await check('eight team spaces, then all of them', spaces);
    if (language !== 'en') return; // no text in the rest
    await check('no ring of focus before a key is pressed', no_ring);
    await check('sidebar and details have their widths, and opening details moves nothing in the top bar', widths);
    await check('details that cover the list never open with the page', no_sheet);
    await check('a sidebar of icons shows its labels', rail);
    await check('the viewer grows out of its tile, where motion is welcome', grows);
}

async function fill({ page, app }) {
    await page.evaluate(async (names) => {
        for (const name of names) await fetch('/api/v1/spaces', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name, quota_bytes: null }) });
        const { items } = await fetch('/api/v1/spaces').then((answer) => answer.json());
        const { root_id } = items.find((space) => space.kind === 'personal');
        await fetch(`/api/v1/entries/${root_id}/files/Recibos.txt`, { method: 'PUT', body: 'doce' });
    }, team);
    for (const name of ['Contratos', 'Planos']) await app.new_folder(name);
}

const home = async ({ page, app }, width = 1280) => {
    await page.setViewportSize({ width, height: 800 });
    await page.goto('/');
    await app.sees('Contratos');
};

// The shadow and the outline of the focused element.
const ring = (page) => page.evaluate(() => {
    const { boxShadow, outlineStyle } = getComputedStyle(document.activeElement);
    return `${document.activeElement.className.split(' ')[0]} ${boxShadow === 'none' && outlineStyle === 'none' ? 'no ring' : 'a ring'}`;
});

async function no_ring(story) {
    const { page } = story;
    await home(story);
    await eventually(async () => (await ring(page)) === 'items no ring', 'the list has the focus without a ring');
    await page.goto('/profile');
    await eventually(async () => (await ring(page)) === 'sheet no ring', 'the profile has the focus without a ring');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Shift+Tab');
    equal(await ring(page), 'sheet a ring', 'after a key');
}

const boxes = (page, selector) => page.locator(selector).evaluateAll((found) => found.map((one) => one.getBoundingClientRect()).map(({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(' ')));
const width_of = (page, selector) => page.locator(selector).first().evaluate((one) => Math.round(one.getBoundingClientRect().width));
const toggle = ({ page, t }) => page.locator('.view-controls').getByLabel(t('details.title')).click();

async function widths(story) {
    const { page } = story;
    for (const [width, side, list_yields] of [[1440, 248, 336], [1200, 248, 336], [1199, 216, 0], [880, 216, 0], [879, 64, 0], [720, 64, 0]]) {
        await home(story, width);
        equal(await width_of(page, '.sidebar'), side, `sidebar at ${width}`);
        const before = await boxes(page, '.top-head, .search, .top-action, .top-action button');
        const list = await width_of(page, '.content');
        await toggle(story);
        await page.locator('.details').waitFor();
        equal(await boxes(page, '.top-head, .search, .top-action, .top-action button'), before, `top bar at ${width}`);
        equal(await width_of(page, '.details'), 336, `details at ${width}`);
        equal(list - (await width_of(page, '.content')), list_yields, `what the list yields at ${width}`);
        truth(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `nothing scrolls sideways at ${width}`);
        await page.locator('.details').getByLabel(story.t('action.close')).click();
        await page.locator('.details').waitFor({ state: 'detached' });
    }
}

async function no_sheet(story) {
    const { page } = story;
    await home(story);
    await toggle(story);
    await page.locator('.details').waitFor();
    await home(story);
    await page.locator('.details').waitFor(); // beside the list, as it was left
    await home(story, 1024);
    equal(await page.locator('.details').count(), 0, 'details over the list after a load');
    await home(story);
    await page.locator('.details').waitFor();
    await toggle(story);
}

async function rail(story) {
    const { page, t } = story;
    await home(story, 800);
    const trash = page.locator('.nav').getByRole('link', { name: t('trash.title') });
    await trash.hover();
    equal(await page.locator('.rail-tip').textContent(), t('trash.title'), 'tip of the pointer');
    await page.mouse.move(500, 400);
    await page.locator('.rail-tip').waitFor({ state: 'detached' });
    await trash.focus();
    equal(await page.locator('.rail-tip').textContent(), t('trash.title'), 'tip of the focus');
}

async function grows(story) {
    const { page, app } = story;
    await home(story);
    await page.evaluate(() => {
        window.grown = [];
        const begin = document.startViewTransition.bind(document);
        const durations = () => document.getAnimations().filter(({ effect }) => effect.pseudoElement?.includes('(viewer)')).map(({ effect }) => effect.getTiming().duration);
        document.startViewTransition = (change) => {
            const transition = begin(change);
            transition.ready.then(() => window.grown.push(...durations()), (error) => window.grown.push(String(error)));
            return transition;
        };
    });
    await app.open('Recibos.txt');
    await page.locator('.preview-text').waitFor();
    equal(await page.evaluate(() => window.grown), [], 'with reduced motion');
    await page.keyboard.press('Escape');
    await page.locator('.preview').waitFor({ state: 'detached' });
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await app.open('Recibos.txt');
    await page.locator('.preview-text').waitFor();
    await eventually(() => page.evaluate(() => window.grown.length > 0), 'it grew');
    equal(await page.evaluate(() => [...new Set(window.grown)]), [140], 'milliseconds');
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.keyboard.press('Escape');
    await page.locator('.preview').waitFor({ state: 'detached' });
}

async function more(story) {
    const { page, app, t } = story;
    await home(story, 720);
    await app.select('Recibos.txt');
    const bar = page.locator('.chosen');
    equal(await bar.evaluate((row) => row.scrollWidth <= row.clientWidth + 1 && [...row.querySelectorAll('.overflow-toolbar .button')].every((button) => button.getBoundingClientRect().right <= row.getBoundingClientRect().right)), true, 'all buttons are whole');
    await bar.getByLabel(t('action.more'), { exact: true }).click();
    await page.getByRole('menuitem', { name: t('action.trash') }).click();
    await app.toast('Recibos.txt');
    await app.undo();
    await app.sees('Recibos.txt');
    await home(story, 1440);
    await app.select('Recibos.txt');
    equal(await bar.getByLabel(t('action.more'), { exact: true }).count(), 0, 'with room, More');
    equal(await bar.locator('.overflow-toolbar .button').last().textContent(), t('action.trash'), 'the last action');
    await page.keyboard.press('Escape');
}

async function administration(story) {
    const { page, t } = story;
    await page.goto('/search?q=planos');
    await page.locator('.row').first().waitFor();
    const main = page.getByRole('navigation', { name: t('nav.label') });
    equal(await main.getByRole('link', { name: t('audit.title') }).count(), 0, 'pages of the administration among the places');
    await main.getByRole('link', { name: t('nav.admin') }).click();
    const own = page.getByRole('navigation', { name: t('nav.admin') });
    for (const key of ['spaces.title', 'nodes.title', 'audit.title', 'users.title']) {
        await own.getByRole('link', { name: t(key) }).click();
        await page.getByRole('heading', { level: 1, name: t(key) }).waitFor();
        equal(await own.locator('[aria-current]').textContent(), t(key), 'current');
    }
    equal(await page.locator('.sidebar nav').count(), 1, 'lists of places');
    await own.getByRole('link', { name: t('nav.back') }).click();
    await page.getByRole('heading', { level: 1, name: t('search.of', { q: 'planos' }) }).waitFor();
    await page.goto('/admin/audit');
    await own.getByRole('link', { name: t('nav.back') }).click();
    await page.locator('.breadcrumbs').waitFor();
}

async function spaces(story) {
    const { page, t } = story;
    await home(story);
    const shown = () => page.locator('.nav .avatar-space').count();
    await eventually(async () => (await shown()) === 9, 'one’s own and eight');
    await page.getByRole('button', { name: t('nav.all', { n: team.length }) }).click();
    equal(await shown(), 12, 'all of them');
    await page.locator('.nav').getByRole('link', { name: team[10] }).click();
    await page.getByRole('heading', { level: 1, name: team[10] }).waitFor();
    await page.reload();
    await page.locator('.nav').getByRole('link', { name: team[10] }).waitFor();
    equal(await shown(), 10, 'the open one stays among the few');
    equal(await page.locator('.nav [aria-current]').textContent().then((text) => text.includes(team[10])), true, 'it is current');
}

async function hand(counts, language, story) {
    await story.page.goto('/sign-in');
    await story.app.sign_in('ana', password);
    await story.app.sees('Contratos');
    const check = (name, work) => counts.check(`layout (${language}, phone): ${name}`, () => work(story));
    await check('Back closes the drawer, the details, a dialog and a menu before it leaves', back);
    await check('closing by a button or a reload leaves no history entry', no_step_left);
    await check('a link in the drawer is one history entry', one_step);
    await check('all can be selected, and the actions take the place of the bottom bar', select_all);
    await check('no sheet opens with the page', no_sheet_on_phone);
}

// The layers that a phone's Back button closes, and how each is opened.
const layers = (t) => ({
    drawer: ['.sidebar.open', (page) => page.locator('.bar-more').tap()],
    details: ['.details', (page) => page.locator('.view-controls').getByLabel(t('details.title')).tap()],
    dialog: ['dialog[open]', async (page) => {
        await page.locator('.phone-bar .new-button').tap();
        await page.getByRole('menuitem', { name: t('new.folder') }).tap();
    }],
    menu: ['.menu', (page) => page.locator('.phone-bar .new-button').tap()],
});

async function in_planos({ page, app }) {
    await page.goto('/');
    await app.row('Planos').tap();
    await page.getByRole('heading', { level: 1, name: 'Planos' }).waitFor();
}

const settle = (page) => page.waitForTimeout(250); // the history entry is removed a moment after its layer

async function back(story) {
    const { page, app, t } = story;
    await in_planos(story);
    for (const [name, [selector, open]] of Object.entries(layers(t))) {
        await open(page);
        await page.locator(selector).waitFor();
        await settle(page);
        await page.evaluate(() => history.back());
        await page.locator(selector).waitFor({ state: 'detached' });
        equal(await page.locator('h1').textContent(), 'Planos', `the page after Back closed the ${name}`);
    }
    await page.evaluate(() => history.back());
    await app.sees('Contratos');
}

async function no_step_left(story) {
    const { page, app, t } = story;
    await in_planos(story);
    const closers = { drawer: '.sidebar', details: '.details', dialog: 'dialog[open]' };
    for (const [name, closer] of Object.entries(closers)) {
        const [selector, open] = layers(t)[name];
        await open(page);
        await page.locator(selector).waitFor();
        await page.locator(closer).getByLabel(t('action.close')).tap();
        await page.locator(selector).waitFor({ state: 'detached' });
        await settle(page);
    }
    await layers(t).drawer[1](page);
    await page.locator('.sidebar.open').waitFor();
    await settle(page);
    await page.reload();
    await page.locator('.bar-more').waitFor();
    await settle(page);
    equal(await page.locator('.sidebar.open').count(), 0, 'drawers after a reload');
    await page.evaluate(() => history.back());
    await app.sees('Contratos');
}

async function one_step(story) {
    const { page, app, t } = story;
    await in_planos(story);
    await page.locator('.bar-more').tap();
    await page.locator('.nav').getByRole('link', { name: t('trash.title') }).tap();
    await page.getByRole('heading', { level: 1, name: t('trash.title') }).waitFor();
    equal(await page.locator('.sidebar.open').count(), 0, 'drawers');
    await page.evaluate(() => history.back());
    await page.getByRole('heading', { level: 1, name: 'Planos' }).waitFor();
    await page.evaluate(() => history.back());
    await app.sees('Contratos');
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

async function select_all({ page, app, t }) {
    await page.goto('/');
    await app.sees('Contratos');
    equal(await page.locator('.phone-bar').isVisible(), true, 'the bottom bar is shown');
    await press_long(page, app.row('Contratos'));
    await page.locator('.bottom-bar').getByLabel(t('action.select_all')).tap();
    await eventually(async () => (await page.locator('.row.on').count()) === 3, 'three are selected');
    equal(await page.locator('.phone-bar').isVisible(), false, 'the bottom bar is shown under the actions');
    await page.setViewportSize({ width: 320, height: 640 });
    await eventually(() => page.evaluate(() => [...document.querySelectorAll('.bottom-bar *')].every((part) => part.getBoundingClientRect().right <= innerWidth)), 'a small phone shows all of the bar', 3000);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.locator('.bottom-bar').getByLabel(t('action.clear_selection')).tap();
    await page.locator('.phone-bar').waitFor();
}

async function no_sheet_on_phone({ page, app }) {
    await page.evaluate(() => localStorage.setItem('bodega.details', 'true'));
    await page.goto('/');
    await app.sees('Contratos');
    equal(await page.locator('.details').count(), 0, 'sheets');
}
