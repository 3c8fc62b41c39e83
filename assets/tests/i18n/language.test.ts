import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { en } from '../../src/i18n/en';
import { es } from '../../src/i18n/es';
import { preferred, t } from '../../src/i18n/language';

type Text = string | { one: string; other: string };
const forms = (text: Text): string[] => (typeof text === 'string' ? [text] : [text.one, text.other]);
const holes = (text: string): string[] => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]!))].sort();
const keys = Object.keys(en) as (keyof typeof en)[];

test('both languages have the same keys and the same kind of text', () => {
    assert.deepEqual(Object.keys(es).sort(), [...keys].sort());
    for (const key of keys) assert.equal(typeof es[key], typeof en[key], key);
});

test('both languages fill in the same values', () => {
    for (const key of keys) {
        const english = forms(en[key]);
        const spanish = forms(es[key]);
        english.forEach((text, i) => {
            const optional = (names: string[]): string[] => names.filter((name) => name !== 'n' && name !== 'name');
            assert.deepEqual(optional(holes(spanish[i]!)), optional(holes(text)), key);
        });
        assert.deepEqual(new Set(english.flatMap(holes)), new Set(spanish.flatMap(holes)), key);
    }
});

test('words follow the house: no exclamation marks, no "oops", no empty text', () => {
    for (const [key, text] of [...Object.entries(en), ...Object.entries(es)]) {
        for (const form of forms(text)) {
            assert.doesNotMatch(form, /[!¡]|oops|vosotr|ordenador|fichero/i, key);
            assert.ok(form.trim().length > 0, key);
        }
    }
});

test('every key is used in the sources', () => {
    const folder = join(process.cwd(), 'src');
    const text = readdirSync(folder, { recursive: true })
        .map(String)
        .filter((name) => /\.tsx?$/.test(name) && !/^i18n\/e[ns]\//.test(name))
        .map((name) => readFileSync(join(folder, name), 'utf8'))
        .join('\n');
    const built = /^(kind|role|recipes|theme|nodestate|audit_\w+)\.|^job\.not_/; // `kind.${…}`
    const unused = keys.filter((key) => !built.test(key) && !text.includes(`'${key}'`));
    assert.deepEqual(unused, []);
});

test('plurals and numbers', () => {
    assert.equal(t('count.items', { n: 1 }), '1 item');
    assert.equal(t('count.items', { n: 12345 }), '12,345 items');
    assert.equal(
        t('trash.erase_ask', { n: 1, name: 'a.txt' }),
        '“a.txt” is deleted for good, with all its versions. This can’t be undone.',
    );
});

test('the browser’s languages choose', () => {
    assert.equal(preferred(['fr', 'es-AR', 'en']), 'es');
    assert.equal(preferred(['pt-BR']), 'en');
    assert.equal(preferred(['en-GB', 'es']), 'en');
});
