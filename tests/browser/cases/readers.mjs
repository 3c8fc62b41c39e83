// The list for screen readers, forced colours, right-to-left names, and print.
import { App } from '../support/app.mjs';
import { equal, eventually, truth, visit } from '../support/browser.mjs';
import { start_server } from '../support/server.mjs';
import { words } from '../support/words.mjs';

const arabic = ['مشروع البناء الجديد', 'تقرير نهائي.pdf', 'سبتمبر.txt'];
const short = 'z.html';
const many = 90; // entries: more than the window shows

export default async function run(counts) {
    const server = await start_server();
    try {
        for (const language of ['en', 'es']) {
            const { page, faults, close } = await visit(server.url, { language, dark: language === 'es' });
            const app = new App(page, await words(language));
            const story = { page, app, t: app.t };
            const check = (name, work) => counts.check(`readers (${language}): ${name}`, () => work(story));
            await page.goto(language === 'en' ? `/setup#token=${server.token}` : '/sign-in');
            await app.sign_in('ana');
            await page.locator('.layout').waitFor();
            if (language === 'en') await fill(page);
            await page.goto('/');
            await app.sees('Contratos');
            await check('a screen reader hears folder or file, in the list and in the grid', kinds);
            if (language === 'en') {
                await check('forced colours show bars and choices', forced);
                await check('Arabic names begin where the others do, and their letters join', letters);
            }
            await check('on paper there is only the list, in light colours', paper);
            await check('no script failed and the policy refused nothing', async () => equal(faults, []));
            await close();
        }
    } finally {
        await server.stop();
    }
}

const fill = (page) => page.evaluate(async ([names, last]) => {
    const call = (method, path, body, type = 'application/json') => fetch(`/api/v1/${path}`, { method, headers: type ? { 'Content-Type': type } : {}, body });
    const { items } = await call('GET', 'spaces').then((answer) => answer.json());
    const { root_id } = items.find((space) => space.kind === 'personal');
    const { user } = await call('GET', 'session').then((answer) => answer.json());
    await call('PATCH', `users/${user.id}`, JSON.stringify({ quota_bytes: 2 ** 20 }));
    await call('POST', `entries/${root_id}/folders`, JSON.stringify({ name: 'Contratos' }));
    const files = [...names, 'Acta.pdf', ...Array.from({ length: last }, (_, at) => `hoja ${String(at).padStart(3, '0')}.csv`)];
    for (const name of files) await call('PUT', `entries/${root_id}/files/${encodeURIComponent(name)}`, 'x'.repeat(400), '');
}, [[...arabic, short], many]);

async function kinds({ page, app, t }) {
    for (const [name, key] of [['Contratos', 'kind.folder'], ['Acta.pdf', 'kind.pdf']]) {
        equal(await page.getByRole('gridcell', { name: `${name}, ${t(key)}` }).count(), 1, `cells that say ${name}, ${t(key)}`);
    }
    await page.getByLabel(t('view.grid')).click();
    await page.reload();
    await app.sees('Contratos');
    equal(await page.getByRole('gridcell', { name: new RegExp(`Contratos.*${t('kind.folder')}`) }).count(), 1, 'tiles of folders');
    equal(await page.getByRole('gridcell', { name: new RegExp(`Acta.pdf, ${t('kind.pdf')}`) }).count(), 1, 'tiles of files');
    await page.getByLabel(t('view.list')).click();
    await page.locator('.row').first().waitFor();
}

// The contrast of bars, ticks and selections as painted: a colour against its background, or an outline.
const painted = () => {
    const at = (selector, part) => getComputedStyle(document.querySelector(selector), part);
    const bar = document.body.appendChild(document.createElement('div'));
    bar.className = 'progress';
    bar.append(document.createElement('div'));
    const seen = {
        meter: at('.meter > div').backgroundColor !== at('.meter').backgroundColor,
        progress: getComputedStyle(bar.firstChild).backgroundColor !== getComputedStyle(bar).backgroundColor,
        tick: at('.row.on .tick').backgroundColor !== at('.row:not(.on) .tick').backgroundColor && at('.row:not(.on) .tick .icon').visibility === 'hidden',
        row: at('.row.on', '::before').outlineStyle !== 'none' && at('.row:not(.on)', '::before').outlineStyle === 'none',
        place: at('.nav-link[aria-current]').outlineStyle !== 'none',
    };
    bar.remove();
    return Object.entries(seen).filter(([, told]) => !told).map(([name]) => name);
};

async function forced({ page, app }) {
    await page.emulateMedia({ forcedColors: 'active' });
    await page.locator('.meter').waitFor();
    await app.select('Contratos');
    await page.locator('.row.on').waitFor();
    equal(await page.evaluate(painted), [], 'told by colour alone');
    await page.emulateMedia({ forcedColors: 'none' });
    await page.locator('.items').focus();
    await page.keyboard.press('Escape');
}

// The width of a name on screen, and of the same letters in one piece.
const widths_of = (name) => {
    const shown = document.querySelector(`.row .name[title="${name}"]`);
    const whole = document.body.appendChild(document.createElement('span'));
    whole.textContent = name;
    Object.assign(whole.style, { position: 'absolute', whiteSpace: 'pre', font: getComputedStyle(shown).font });
    const widths = [shown.getBoundingClientRect().width, whole.getBoundingClientRect().width];
    whole.remove();
    const cut = [...shown.querySelectorAll('[aria-hidden]')].filter((part) => part.scrollWidth > part.clientWidth + 1).length;
    return { widths, cut, left: shown.getBoundingClientRect().left };
};

async function letters({ page, app }) {
    const { left } = await page.evaluate(widths_of, 'Contratos');
    await page.locator('.items').focus();
    await page.keyboard.press('End');
    await app.sees(short, ...arabic);
    for (const name of [short, ...arabic]) {
        const found = await page.evaluate(widths_of, name);
        truth(Math.abs(found.left - left) < 1, `${name} begins at ${found.left}, the others at ${left}`);
        truth(Math.abs(found.widths[0] - found.widths[1]) < 1.5, `${name} is ${found.widths[0]} wide, in one piece ${found.widths[1]}`);
        equal(found.cut, 0, `parts of ${name} that are cut`);
    }
    await page.keyboard.press('Home');
}

// Visible elements outside of the list.
const besides = () => [...document.querySelectorAll('button, a, h1, h2, p, input, svg, span, time')]
    .filter((one) => !one.closest('.items, .unseen') && !one.matches('.unseen') && one.checkVisibility({ visibilityProperty: true }) && one.getBoundingClientRect().height > 0)
    .map((one) => `${one.tagName} ${one.className?.baseVal ?? one.className}`);

async function paper({ page, app }) {
    await app.sees('Contratos');
    await page.emulateMedia({ media: 'print' });
    await eventually(async () => (await page.locator('.row').count()) >= many, 'every row is there');
    equal(await page.evaluate(besides), [], 'beside the list');
    const [last, sheet, colour, behind] = await page.evaluate(() => {
        const rows = [...document.querySelectorAll('.row')];
        return [rows.at(-1).getBoundingClientRect().bottom + scrollY, document.documentElement.scrollHeight, getComputedStyle(rows[0].querySelector('.name')).color, getComputedStyle(document.querySelector('.items')).backgroundColor];
    });
    truth(last <= sheet + 1 && sheet > many * 30, `the last row ends at ${last}, the paper at ${sheet}`);
    equal([colour, behind], ['rgb(42, 38, 34)', 'rgba(0, 0, 0, 0)'], 'ink and paper');
    await page.emulateMedia({ media: 'screen' });
    await eventually(async () => (await page.locator('.row').count()) < many, 'the window’s rows');
}
