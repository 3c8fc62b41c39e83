import assert from 'node:assert/strict';
import test from 'node:test';
import table from '../../../tests/tables/names.json';
import { comparison } from '../../src/model/folders';
import { name_fault, name_halves, next_name, split_name } from '../../src/model/names';
import type { Entry } from '../../src/api/shapes';
import { file_kind, preview_kind } from '../../src/model/kinds';
import { recipes_for } from '../../src/views/details/recipes';

test('names are split at their extension', () => {
    assert.deepEqual(split_name('Informe.pdf'), ['Informe', '.pdf']);
    assert.deepEqual(split_name('respaldo.tar.gz'), ['respaldo', '.tar.gz']);
    assert.deepEqual(split_name('.bashrc'), ['.bashrc', '']);
    assert.deepEqual(split_name('v1.2 final sin extension'), ['v1.2 final sin extension', '']);
    assert.deepEqual(split_name('punto.'), ['punto.', '']);
});

test('a taken name gets a number before its extension', () => {
    assert.equal(next_name('Informe.pdf'), 'Informe (2).pdf');
    assert.equal(next_name('Informe (2).pdf'), 'Informe (3).pdf');
    assert.equal(next_name('respaldo.tar.gz'), 'respaldo (2).tar.gz');
    assert.equal(next_name('v1.2', true), 'v1.2 (2)');
    assert.equal(next_name('Obra (9)', true), 'Obra (10)');
});

test('taken names get their numbers by the table', () => {
    for (const [name, kind, next] of table.numbered) assert.equal(next_name(name!, kind === 'folder'), next);
});

test('names sort by the table, from wherever they come', () => {
    const entries = table.sorted.map((name) => ({ id: name, name, kind: 'file', size: 0, mime: null }) as Entry);
    for (const mixed of [[...entries].reverse(), [...entries.slice(7), ...entries.slice(0, 7)]]) {
        assert.deepEqual(mixed.sort(comparison({ key: 'name', order: 'asc' })).map((entry) => entry.name), table.sorted);
    }
});

test('a proposed name never passes 255 bytes, and no letter is cut in two', () => {
    const long = '木'.repeat(84) + '.pdf'; // 256 bytes
    const next = next_name(long);
    assert.ok(new TextEncoder().encode(next).length <= 255);
    assert.match(next, /^木+ \(2\)\.pdf$/);
});

test('what the server would refuse is told before', () => {
    assert.equal(name_fault(''), 'empty');
    assert.equal(name_fault('..'), 'dots');
    assert.equal(name_fault('a/b'), 'characters');
    assert.equal(name_fault('a\tb'), 'characters');
    assert.equal(name_fault('ñ'.repeat(128)), 'long');
    assert.equal(name_fault('año – café.bin'), null);
});

test('a name gives way in its middle', () => {
    assert.deepEqual(name_halves('Presupuesto final.xlsx'), ['Presupuesto f', 'inal.xlsx']);
    // Letters that join stay together, and what one sees as one letter, too.
    assert.deepEqual(name_halves('تقرير نهائي 2026.pdf'), ['تقرير نهائي 2026', '.pdf']);
    assert.deepEqual(name_halves('مشروع البناء', true), ['مشروع البناء', '']);
    assert.deepEqual(name_halves('Informe تقرير.txt'), ['Informe تقرير', '.txt']);
    assert.deepEqual(name_halves('प्रस्तुति अंतिम.odp'), ['प्रस्तुति अंतिम', '.odp']);
    assert.deepEqual(name_halves('Vacaciones de e\u0301e\u0301e\u0301e\u0301e\u0301'), ['Vacaciones de e\u0301', 'e\u0301e\u0301e\u0301e\u0301']);
    assert.equal(name_halves('corto.md').join(''), 'corto.md');
    assert.equal(name_halves('Fotos 🏡🏡🏡🏡🏡🏡.png').join(''), 'Fotos 🏡🏡🏡🏡🏡🏡.png');
});

test('kinds and previews; what can run is not shown', () => {
    const file = (name: string, mime: string | null, size = 10) => ({ kind: 'file' as const, name, mime, size });
    assert.equal(file_kind(file('a.xlsx', null)), 'sheet');
    assert.equal(file_kind(file('sin extension', 'video/mp4')), 'video');
    assert.equal(preview_kind(file('a.png', 'image/png')), 'image');
    assert.equal(preview_kind(file('a.svg', 'image/svg+xml')), null);
    assert.equal(preview_kind(file('a.md', 'text/markdown; charset=utf-8')), 'text');
    assert.equal(preview_kind(file('big.log', 'text/plain', 50 << 20)), 'text'); // its beginning
    for (const name of ['Makefile', 'Dockerfile', '.bashrc', '.gitignore', '.env', 'LICENSE', 'README', 'CMakeLists.txt']) assert.equal(preview_kind(file(name, 'application/octet-stream')), 'text', name);
    assert.equal(preview_kind(file('programa', 'application/octet-stream')), null);
    assert.equal(preview_kind(file('a.zip', 'application/zip')), null);
});

test('curl recipes survive a shell', () => {
    const lines = recipes_for({ id: 'F', kind: 'file', name: "l'año.txt", parent_id: 'P' }, 'https://x', true);
    assert.equal(lines[0]![1], `curl -o 'l'\\''año.txt' -H "Authorization: Bearer $BODEGA_TOKEN" 'https://x/api/v1/entries/F/content'`);
    assert.match(lines[1]![1], /files\/l'\\''a%C3%B1o\.txt'$/);
    assert.equal(recipes_for({ id: 'F', kind: 'file', name: 'a', parent_id: 'P' }, 'https://x', false).length, 1);
});
