// A folder of 100,000 entries stays fast. Always runs on the mock, which has one, because this tests the app.
import { App } from '../support/app.mjs';
import { equal, eventually, truth, visit } from '../support/browser.mjs';
import { start_server } from '../support/server.mjs';
import { words } from '../support/words.mjs';

const entries = 100_000;
const drawn_at_most = 80;

export default async function run(counts) {
    const server = await start_server({ mock: true, more: { MOCK_SEED: 'demo', MOCK_BIG: String(entries) } });
    const { page, faults, close } = await visit(server.url);
    const app = new App(page, await words('en'));
    try {
        await page.goto('/');
        await app.sign_in('ana', 'correct horse battery');
        await page.getByRole('link', { name: 'Taller Central' }).click();
        await counts.check('big: the first page is enough to begin', () => begin(page, app));
        await counts.check('big: scrolling far and to the end', () => scroll(page));
        await counts.check('big: the keyboard reaches the end, letters find, everything can be selected', () => keys(page));
        await counts.check('big: sorted the other way', () => sorted(page));
        await counts.check('big: no script failed and the policy refused nothing', async () => equal(faults, []));
    } finally {
        await close();
        await server.stop();
    }
}

const rows = (page) => page.locator('.row').count();

async function begin(page, app) {
    let fetched = 0;
    page.on('request', (request) => (fetched += /children/.test(request.url()) ? 1 : 0));
    await app.open('Cien mil');
    await app.sees('pieza-000000.txt');
    equal(await page.locator('.items').getAttribute('aria-rowcount'), String(entries + 1), 'aria-rowcount');
    truth((await rows(page)) <= drawn_at_most, 'few rows are drawn');
    truth(fetched <= 2, `few pages are fetched: ${fetched}`);
}

async function scroll(page) {
    const list = page.locator('.items');
    await list.evaluate((grid) => grid.scrollTo(0, grid.scrollHeight / 2));
    await eventually(async () => (await page.locator('.row .name').first().getAttribute('title'))?.startsWith('pieza-0'), 'the middle', 60_000);
    await page.locator('.name[title="pieza-050000.txt"]').waitFor({ timeout: 60_000 });
    await list.evaluate((grid) => grid.scrollTo(0, grid.scrollHeight));
    await page.locator('.name[title="pieza-099999.txt"]').waitFor({ timeout: 60_000 });
    truth((await rows(page)) <= drawn_at_most, 'few rows are drawn');
    // The best of many steps, to measure only the app, however busy the machine is.
    const best = await list.evaluate(async (grid) => {
        let least = Infinity;
        for (let i = 0; i < 60; i++) {
            const begin = performance.now();
            grid.scrollTop -= 1200;
            grid.dispatchEvent(new Event('scroll'));
            await new Promise((done) => setTimeout(done));
            least = Math.min(least, performance.now() - begin);
        }
        return least;
    });
    truth(best < 50, `a step of scrolling takes less than 50 ms: ${best.toFixed(0)} ms`);
}

async function keys(page) {
    const list = page.locator('.items');
    const active = () => list.evaluate((grid) => document.getElementById(grid.getAttribute('aria-activedescendant') ?? '')?.querySelector('.name')?.title ?? null);
    await list.focus();
    await page.keyboard.press('Home');
    await eventually(async () => (await active()) === 'pieza-000000.txt', 'the first');
    await page.keyboard.press('End');
    await eventually(async () => (await active()) === 'pieza-099999.txt', 'the last');
    await page.keyboard.type('pieza-0765');
    await eventually(async () => (await active()) === 'pieza-076500.txt', 'by letters');
    await page.keyboard.press('Control+a');
    await page.locator('.chosen-text', { hasText: '100,000' }).waitFor();
    await page.keyboard.press('Escape');
}

async function sorted(page) {
    await page.locator('.sorter', { hasText: 'Name' }).click();
    await page.locator('.name[title="pieza-099999.txt"]').waitFor();
    await page.keyboard.press('Escape');
}
