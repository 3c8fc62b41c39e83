// Previews of texts of any encoding and size, and of files that are text by their name.
import { App } from '../support/app.mjs';
import { accessible, equal, eventually, visit } from '../support/browser.mjs';
import { make_files } from '../support/files.mjs';
import { start_server } from '../support/server.mjs';
import { words } from '../support/words.mjs';

const said = 'El año – “roble” a 14 €\n';
const cp1252 = { '–': 0x96, '“': 0x93, '”': 0x94, '€': 0x80 };
const western = Buffer.from([...said].map((letter) => cp1252[letter] ?? letter.charCodeAt(0)));
const utf16 = Buffer.from('\ufeff' + said, 'utf16le');
const large = Buffer.from('línea de registro\n'.repeat(300_000)); // 5.4 MiB

const contents = {
    'mark.txt': utf16,
    'swapped.txt': Buffer.from(utf16).swap16(),
    'western.txt': western,
    Makefile: Buffer.from('all: año\n'),
    Dockerfile: Buffer.from('FROM debian\n'),
    '.gitignore': Buffer.from('build/\n'),
    'registro.log': large,
};

export default async function run(counts) {
    const server = await start_server();
    const files = make_files();
    let first = true;
    try {
        for (const language of ['en', 'es']) {
            const { page, faults, close } = await visit(server.url, { language });
            const app = new App(page, await words(language));
            const story = { page, app, t: app.t };
            await page.goto(first ? `/setup?token=${server.token}` : '/sign-in');
            await app.sign_in('ana');
            await page.locator('.items, .empty').first().waitFor();
            if (first) {
                await app.choose('new.files', Object.entries(contents).map(([name, bytes]) => files.put(`Textos/${name}`, bytes)));
                await app.uploaded();
            }
            await app.sees(...Object.keys(contents));
            for (const [name, encoding] of [['western.txt', 'Windows-1252'], ['mark.txt', 'UTF-16 LE'], ['swapped.txt', 'UTF-16 BE']]) {
                await counts.check(`texts (${language}): ${encoding} is detected and can be changed`, () => encoded(story, name, encoding));
            }
            await counts.check(`texts (${language}): a long one shows its beginning`, () => beginning(story));
            await counts.check(`texts (${language}): files that are text by their name`, () => named(story));
            await counts.check(`texts (${language}): no script failed and the policy refused nothing`, async () => equal(faults, []));
            await close();
            first = false;
        }
    } finally {
        await server.stop();
        files.remove();
    }
}

const shows = (page, text) => eventually(async () => (await page.locator('.preview-text').textContent().catch(() => null)) === text, `it reads ${text}`, 8000);

async function leave(page) {
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
}

async function encoded({ page, app, t }, name, encoding) {
    await app.open(name);
    await shows(page, said);
    const choice = page.getByLabel(t('preview.encoding'));
    equal(await choice.locator('option:checked').textContent(), t('preview.detected', { encoding }), 'encoding');
    await page.reload();
    await shows(page, said);
    await choice.selectOption('iso-8859-15');
    await eventually(async () => (await page.locator('.preview-text').textContent()) !== said, 'another encoding reads otherwise');
    await accessible(page);
    await leave(page);
}

async function beginning({ page, app, t }) {
    await app.open('registro.log');
    const [note] = t('preview.beginning', { size: '\u0000', all: '' }).split('\u0000');
    await page.locator('.preview-bar p').getByText(note).waitFor();
    const text = await page.locator('.preview-text').textContent();
    equal(Buffer.byteLength(text), 4 << 20, 'bytes that are shown');
    equal(text.slice(0, 18), 'línea de registro\n', 'its first line');
    await leave(page);
}

async function named({ page, app }) {
    for (const name of ['Makefile', 'Dockerfile', '.gitignore']) {
        await app.open(name);
        await shows(page, contents[name].toString());
        await leave(page);
    }
}
