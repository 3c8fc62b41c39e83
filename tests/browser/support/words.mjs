// The app's dictionaries, so that tests look for the texts that users see.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './server.mjs';

const { buildSync } = createRequire(join(root, 'assets/package.json'))('esbuild');

const texts_of = new Map();

async function dictionary(language) {
    if (!texts_of.has(language)) texts_of.set(language, await read(language));
    return texts_of.get(language);
}

async function read(language) {
    const { outputFiles } = buildSync({ entryPoints: [join(root, `assets/src/i18n/${language}/index.ts`)], bundle: true, format: 'esm', write: false });
    const code = outputFiles[0].text;
    return (await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`))[language];
}

// words('es') returns t(key, values), as in the app.
export async function words(language) {
    const texts = await dictionary(language);
    return (key, values = {}) => {
        const text = texts[key];
        if (text === undefined) throw new Error(`no such text: ${key}`);
        const form = typeof text === 'string' ? text : values.n === 1 ? text.one : text.other;
        return form.replace(/\{(\w+)\}/g, (whole, name) => (values[name] === undefined ? whole : String(values[name])));
    };
}
