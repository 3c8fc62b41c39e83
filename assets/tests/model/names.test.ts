import assert from 'node:assert/strict';
import test from 'node:test';
import table from '../../../tests/tables/names.json';
import { comparison } from '../../src/model/folders';
import { nameError, nameHalves, nextName, splitName } from '../../src/model/names';
import type { Entry } from '../../src/api/shapes';
import { fileKind, previewKind } from '../../src/model/kinds';
import { recipesFor } from '../../src/views/details/recipes';

test('names are split at their extension', () => {
    assert.deepEqual(splitName('Informe.pdf'), ['Informe', '.pdf']);
    assert.deepEqual(splitName('respaldo.tar.gz'), ['respaldo', '.tar.gz']);
    assert.deepEqual(splitName('.bashrc'), ['.bashrc', '']);
    assert.deepEqual(splitName('v1.2 final sin extension'), ['v1.2 final sin extension', '']);
    assert.deepEqual(splitName('punto.'), ['punto.', '']);
});

test('a taken name gets a number before its extension', () => {
    assert.equal(nextName('Informe.pdf'), 'Informe (2).pdf');
    assert.equal(nextName('Informe (2).pdf'), 'Informe (3).pdf');
    assert.equal(nextName('respaldo.tar.gz'), 'respaldo (2).tar.gz');
    assert.equal(nextName('v1.2', true), 'v1.2 (2)');
    assert.equal(nextName('Obra (9)', true), 'Obra (10)');
});

test('taken names get their numbers by the table', () => {
    for (const [name, kind, next] of table.numbered) assert.equal(nextName(name!, kind === 'folder'), next);
});

test('names sort by the table, from wherever they come', () => {
    const entries = table.sorted.map((name) => ({ id: name, name, kind: 'file', size: 0, mime: null }) as Entry);
    for (const mixed of [[...entries].reverse(), [...entries.slice(7), ...entries.slice(0, 7)]]) {
        assert.deepEqual(
            mixed.sort(comparison({ key: 'name', order: 'asc' })).map((entry) => entry.name),
            table.sorted,
        );
    }
});

test('a proposed name never passes 255 bytes, and no letter is cut in two', () => {
    const long = '木'.repeat(84) + '.pdf'; // 256 bytes
    const next = nextName(long);
    assert.ok(new TextEncoder().encode(next).length <= 255);
    assert.match(next, /^木+ \(2\)\.pdf$/);
});

test('what the server would refuse is told before', () => {
    assert.equal(nameError(''), 'empty');
    assert.equal(nameError('..'), 'dots');
    assert.equal(nameError('a/b'), 'characters');
    assert.equal(nameError('a\tb'), 'characters');
    assert.equal(nameError('ñ'.repeat(128)), 'long');
    assert.equal(nameError('año – café.bin'), null);
});

test('a name gives way in its middle', () => {
    assert.deepEqual(nameHalves('Presupuesto final.xlsx'), ['Presupuesto f', 'inal.xlsx']);
    // Letters that join stay together, and what one sees as one letter, too.
    assert.deepEqual(nameHalves('تقرير نهائي 2026.pdf'), ['تقرير نهائي 2026', '.pdf']);
    assert.deepEqual(nameHalves('مشروع البناء', true), ['مشروع البناء', '']);
    assert.deepEqual(nameHalves('Informe تقرير.txt'), ['Informe تقرير', '.txt']);
    assert.deepEqual(nameHalves('प्रस्तुति अंतिम.odp'), ['प्रस्तुति अंतिम', '.odp']);
    assert.deepEqual(nameHalves('Vacaciones de e\u0301e\u0301e\u0301e\u0301e\u0301'), [
        'Vacaciones de e\u0301',
        'e\u0301e\u0301e\u0301e\u0301',
    ]);
    assert.equal(nameHalves('corto.md').join(''), 'corto.md');
    assert.equal(nameHalves('Fotos 🏡🏡🏡🏡🏡🏡.png').join(''), 'Fotos 🏡🏡🏡🏡🏡🏡.png');
});

test('kinds and previews; what can run is not shown', () => {
    const file = (name: string, mime: string | null, size = 10) => ({ kind: 'file' as const, name, mime, size });
    assert.equal(fileKind(file('a.xlsx', null)), 'sheet');
    assert.equal(fileKind(file('sin extension', 'video/mp4')), 'video');
    assert.equal(previewKind(file('a.png', 'image/png')), 'image');
    assert.equal(previewKind(file('a.svg', 'image/svg+xml')), null);
    assert.equal(previewKind(file('a.md', 'text/markdown; charset=utf-8')), 'text');
    assert.equal(previewKind(file('big.log', 'text/plain', 50 << 20)), 'text'); // its beginning
    for (const name of [
        'Makefile',
        'Dockerfile',
        '.bashrc',
        '.gitignore',
        '.env',
        'LICENSE',
        'README',
        'CMakeLists.txt',
    ])
        assert.equal(previewKind(file(name, 'application/octet-stream')), 'text', name);
    assert.equal(previewKind(file('programa', 'application/octet-stream')), null);
    assert.equal(previewKind(file('a.zip', 'application/zip')), null);
});

test('curl recipes survive a shell', () => {
    const lines = recipesFor({ id: 'F', kind: 'file', name: "l'año.txt", parent_id: 'P' }, 'https://x', true);
    assert.equal(
        lines[0]![1],
        `curl -o 'l'\\''año.txt' -H "Authorization: Bearer $BODEGA_TOKEN" 'https://x/api/v1/entries/F/content'`,
    );
    assert.match(lines[1]![1], /files\/l'\\''a%C3%B1o\.txt'$/);
    assert.equal(recipesFor({ id: 'F', kind: 'file', name: 'a', parent_id: 'P' }, 'https://x', false).length, 1);
});
