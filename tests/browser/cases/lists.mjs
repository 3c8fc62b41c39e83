// Lists show the changes of their own tab: after a reload, in search, and with late answers.
import { App } from '../support/app.mjs';
import { equal, eventually, truth, visit } from '../support/browser.mjs';
import { make_files } from '../support/files.mjs';
import { start_server } from '../support/server.mjs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/server.mjs';
import { words } from '../support/words.mjs';

const soon = 4000; // milliseconds; the open folder refreshes by itself every 15 s

export default async function run(counts) {
    const server = await start_server();
    const files = make_files();
    const { page, faults, close } = await visit(server.url);
    const app = new App(page, await words('en'));
    const story = { page, app, t: app.t, files };
    try {
        await page.goto(`/setup?token=${server.token}`);
        await app.sign_in('ana');
        await app.new_folder('Obras');
        await app.open('Obras');
        await page.getByRole('heading', { level: 1, name: 'Obras' }).waitFor();
        for (const [how, arrive] of [['a reload', () => page.reload()], ['a direct link', () => page.goto(page.url())]]) {
            await counts.check(`lists: after ${how}, own changes show at once`, () => own_changes(story, how, arrive));
        }
        await counts.check('lists: a name stands where the server puts it, before and after a reload', () => sorted(story));
        for (const language of ['en', 'es']) {
            await counts.check(`search (${language}): a trashed entry comes back to its place, with its path`, () => undone_in_search(story, language));
        }
        await counts.check('lists: an answer from before an act does not bring a trashed row back', () => late_answer(story));
        await counts.check('undo: a move that kept both gives the old name back', () => undone_move(story));
        await counts.check('undo: what another person changed since is not overwritten', () => undone_too_late(story));
        await counts.check('lists: no script failed and the policy refused nothing', async () => equal(faults, []));
    } finally {
        await close();
        await server.stop();
        files.remove();
    }
}

async function shows(app, ...names) {
    for (const name of names) await eventually(async () => (await app.row(name).count()) === 1, `${name} is listed`, soon);
}

async function own_changes({ page, app, t, files }, how, arrive) {
    const ready = () => page.locator('.new-button').waitFor();
    const folder = `Folder by ${how}`;
    await arrive();
    await ready();
    await app.new_menu('new.folder');
    await page.getByLabel(t('column.name')).fill(folder);
    await page.keyboard.press('Enter');
    await shows(app, folder);

    await arrive();
    await ready();
    await app.choose('new.files', [files.put(`${how}.txt`, how)]);
    await app.uploaded();
    await shows(app, `${how}.txt`);

    await arrive();
    await shows(app, `${how}.txt`);
    await app.select(`${how}.txt`);
    await page.keyboard.press('Control+c');
    await page.keyboard.press('Control+v');
    await shows(app, `${how} (2).txt`);

    await arrive();
    await shows(app, `${how} (2).txt`);
    await app.select(`${how} (2).txt`);
    await page.keyboard.press('Delete');
    await app.sees_not(`${how} (2).txt`);
    await app.undo();
    await shows(app, `${how} (2).txt`);
}

// Calls the API as a signed-in user; returns the answer's JSON.
const api = (page, method, path, body) => page.evaluate(async ([how, where, what]) => {
    const headers = what ? { 'Content-Type': 'application/json' } : {};
    const answer = await fetch(`/api/v1/${where}`, { method: how, headers, body: what && JSON.stringify(what) });
    return answer.status === 204 ? null : answer.json();
}, [method, path, body]);

const here = (page) => new URL(page.url()).pathname.split('/').at(-1);
const home = async (page) => (await api(page, 'GET', 'spaces')).items.find((space) => space.kind === 'personal').root_id;

async function in_folder({ page, app }, name) {
    const made = await api(page, 'POST', `entries/${await home(page)}/folders`, { name });
    await page.goto(`/folders/${made.id}`);
    await page.getByRole('heading', { level: 1, name }).waitFor();
    return made;
}

async function sorted(story) {
    const { page, app } = story;
    if (process.env.BODEGA_BROWSER_SERVER) return; // the mock sorts differently
    const { sorted: names } = JSON.parse(readFileSync(join(root, 'tests/tables/names.json'), 'utf8'));
    await in_folder(story, 'Orden');
    for (const [at, name] of names.entries()) if (at % 3) await api(page, 'POST', `entries/${here(page)}/folders`, { name });
    await page.reload();
    await app.sees(names[1]);
    for (const [at, name] of names.entries()) if (at % 3 === 0) await app.new_folder(name);
    equal(await app.names(), names, 'made here');
    await page.reload();
    await app.sees(names[0]);
    equal(await app.names(), names, 'as the server sorts');
}

async function undone_in_search(story, language) {
    const { page, app } = story;
    const said = await words(language);
    const folder = await in_folder(story, `Hallazgos ${language}`);
    for (const name of ['uno', 'dos', 'tres']) await api(page, 'POST', `entries/${folder.id}/folders`, { name: `aguja ${language} ${name}` });
    await page.evaluate((chosen) => localStorage.setItem('bodega.language', chosen), language);
    await page.goto(`/search?q=${encodeURIComponent(`aguja ${language}`)}`);
    await app.sees(`aguja ${language} dos`);
    const before = await app.names();
    const middle = before[1];
    await app.select(middle);
    await page.keyboard.press('Delete');
    await app.toast(said('done.trashed_one', { name: middle }));
    await app.undo();
    await shows(app, middle);
    equal(await app.names(), before, 'the order');
    truth((await app.row(middle).textContent()).includes(folder.name), 'the row tells where it is');
    await page.reload();
    await app.sees(middle);
    equal((await app.names()).length, 3, 'found after a reload');
    await page.evaluate(() => localStorage.removeItem('bodega.language'));
}

async function late_answer(story) {
    const { page, app } = story;
    const folder = await in_folder(story, 'Tarde');
    for (const name of ['queda', 'se va']) await api(page, 'POST', `entries/${folder.id}/folders`, { name });
    await page.reload();
    await app.sees('queda', 'se va');
    await api(page, 'POST', `entries/${folder.id}/folders`, { name: 'de otra persona' });
    let go;
    const gone = new Promise((done) => (go = done));
    let asked = 0;
    await page.route(`**/entries/${folder.id}/children*`, async (route) => {
        const answer = await route.fetch();
        if (asked++ === 0) await gone;
        await route.fulfill({ response: answer });
    });
    await page.evaluate(() => window.dispatchEvent(new Event('focus')));
    await eventually(() => asked > 0, 'the list is asked for');
    await app.select('se va');
    await page.keyboard.press('Delete');
    await app.toast('se va');
    await page.waitForTimeout(300);
    const seen = page.evaluate(() => new Promise((done) => {
        let back = false;
        const watch = new MutationObserver(() => (back ||= Boolean(document.querySelector('.name[title="se va"]'))));
        watch.observe(document.querySelector('.items'), { subtree: true, childList: true, attributes: true });
        setTimeout(() => done(back), 1500);
    }));
    go();
    await shows(app, 'de otra persona');
    truth(!(await seen), 'the trashed row was not shown again');
    await page.unroute(`**/entries/${folder.id}/children*`);
}

async function undone_move(story) {
    const { page, app, t } = story;
    const folder = await in_folder(story, 'Mudanza');
    const inner = await api(page, 'POST', `entries/${folder.id}/folders`, { name: 'Dentro' });
    await api(page, 'POST', `entries/${inner.id}/folders`, { name: 'plano' });
    await api(page, 'POST', `entries/${folder.id}/folders`, { name: 'plano' });
    await page.reload();
    await app.select('plano');
    await page.keyboard.press('Control+x');
    await app.open('Dentro');
    await app.sees('plano');
    await page.locator('.items').focus();
    await page.keyboard.press('Control+v');
    await page.getByRole('button', { name: t('conflict.keep') }).click();
    await shows(app, 'plano (2)');
    await app.undo();
    await app.sees_not('plano (2)');
    await page.goto(`/folders/${folder.id}`);
    await shows(app, 'plano');
    equal(await app.names(), ['Dentro', 'plano'], 'names');
}

async function undone_too_late(story) {
    const { page, app, t } = story;
    const folder = await in_folder(story, 'Ajeno');
    const entry = await api(page, 'POST', `entries/${folder.id}/folders`, { name: 'antes' });
    await page.reload();
    await app.select('antes');
    await page.keyboard.press('F2');
    await page.keyboard.type('mío');
    await page.keyboard.press('Enter');
    await app.toast('mío');
    await api(page, 'PATCH', `entries/${entry.id}`, { name: 'suyo' });
    await app.undo();
    await app.toast(t('error.changed'));
    equal((await api(page, 'GET', `entries/${entry.id}`)).name, 'suyo', 'its name');
    await page.reload();
    await shows(app, 'suyo');
}
