// Lists follow what their own tab did: after a reload, in search, beside answers that come late.
import { App } from '../support/app.mjs';
import { equal, eventually, truth, visit } from '../support/browser.mjs';
import { make_files } from '../support/files.mjs';
import { start_server } from '../support/server.mjs';
import { words } from '../support/words.mjs';

const soon = 4000; // milliseconds; the open folder asks by itself every 15 s

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
