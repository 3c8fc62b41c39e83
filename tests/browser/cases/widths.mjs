// Lists and paths at the widths between a phone and a laptop: nothing is cut off, names and the last folder stay readable.
import { App } from '../support/app.mjs';
import { equal, truth, visit } from '../support/browser.mjs';
import { start_server } from '../support/server.mjs';
import { words } from '../support/words.mjs';

const widths = [720, 800, 900, 1024, 1150, 1280];

export default async function run(counts) {
    const server = await start_server();
    let first = true;
    try {
        for (const language of ['en', 'es']) {
            const { page, faults, close } = await visit(server.url, { language });
            const app = new App(page, await words(language));
            await page.goto(first ? `/setup?token=${server.token}` : '/sign-in');
            await app.sign_in('ana');
            await page.locator('.items, .empty').first().waitFor();
            if (first) await make_tree({ app, page });
            const story = { page, app, t: app.t };
            await counts.check(`widths (${language}): a folder, with details and without`, () => folder(story));
            await counts.check(`widths (${language}): found and deleted entries`, () => others(story));
            await counts.check(`widths (${language}): no script failed and the policy refused nothing`, async () => equal(faults, []));
            await close();
            first = false;
        }
    } finally {
        await server.stop();
    }
}

const deep = ['Proyectos y presupuestos', 'Casa de la calle Mayor', 'Planos definitivos'];

async function make_tree({ app, page }) {
    for (const name of deep) {
        await app.new_folder(name);
        await app.open(name);
        await page.getByRole('heading', { level: 1, name }).waitFor();
    }
    for (const name of ['Entrega de noviembre', 'Entrega vieja']) await app.new_folder(name);
    await app.select('Entrega vieja');
    await page.keyboard.press('Delete');
    await app.sees_not('Entrega vieja');
}

// The layout errors of the shown list; '' if none.
const faults_of = (page) => page.evaluate(() => {
    const list = document.querySelector('.items');
    const edge = list.getBoundingClientRect();
    const cells = [...list.querySelectorAll('.head .cell, .row .cell')].filter((cell) => cell.offsetWidth > 0);
    const cut = cells.filter((cell) => cell.getBoundingClientRect().right > edge.right + 0.5).map((cell) => cell.className);
    const short = cells.filter((cell) => cell.classList.contains('called') && cell.offsetWidth < 200).map((cell) => `${cell.className} ${cell.offsetWidth}`);
    const title = document.querySelector('.breadcrumbs h1');
    const hidden = title && title.offsetWidth < Math.min(title.scrollWidth, 80) ? [`path ${title.offsetWidth}`] : [];
    const wide = list.scrollWidth > list.clientWidth + 1 || document.documentElement.scrollWidth > innerWidth ? ['scrolls sideways'] : [];
    const crossed = [...document.querySelectorAll('.breadcrumbs li')].filter((step) => step.scrollWidth > step.clientWidth + 1).map((step) => `path step ${step.textContent}`);
    return [...cut, ...short, ...hidden, ...wide, ...crossed].join(', ');
});

async function at_all_widths(page, sees, what) {
    const wrong = [];
    for (const width of widths) {
        await page.setViewportSize({ width, height: 800 });
        await page.waitForTimeout(120);
        const fault = await faults_of(page);
        if (fault) wrong.push(`${what} at ${width}: ${fault}`);
    }
    await page.reload();
    await sees();
    equal(wrong, [], 'faults');
}

async function folder({ page, app, t }) {
    await page.goto('/');
    for (const name of deep) {
        await app.open(name);
        await page.getByRole('heading', { level: 1, name }).waitFor();
    }
    const sees = () => app.sees('Entrega de noviembre');
    await sees();
    await at_all_widths(page, sees, 'folder');
    const toggle = page.locator('.view-controls').getByLabel(t('details.title'));
    await toggle.click();
    await page.locator('.details').waitFor();
    await at_all_widths(page, sees, 'folder with details');
    await page.locator('.details').waitFor();
    for (const width of [760, 1000, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        await toggle.click(); // they do not cover the element that opened them
        await page.locator('.details').waitFor({ state: 'detached' });
        if (width < 1280) await toggle.click();
    }
    truth((await page.locator('.row .cell.size').count()) > 0, 'with room, all columns are there');
}

async function others({ page, app, t }) {
    await page.goto('/search?q=Entrega');
    await app.sees('Entrega de noviembre');
    await at_all_widths(page, () => app.sees('Entrega de noviembre'), 'search');
    await page.getByRole('link', { name: t('trash.title') }).click();
    await app.sees('Entrega vieja');
    await at_all_widths(page, () => app.sees('Entrega vieja'), 'trash');
}
