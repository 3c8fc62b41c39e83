import assert from 'node:assert/strict';
import test from 'node:test';
import { fileKind, hasThumbnail, previewKind, textLimit } from '../../src/model/kinds';
import { entry, folder } from '../support/server';

test('the kind of a file is told by its name before its media type', () => {
    const kinds: [name: string, mime: string | null, kind: string][] = [
        ['Informe.PDF', 'application/octet-stream', 'pdf'],
        ['respaldo.tar.gz', null, 'archive'],
        ['main.cpp', 'text/plain', 'code'],
        ['Makefile', null, 'code'],
        ['README', null, 'text'],
        ['.bashrc', null, 'text'],
        ['sin extensión', 'video/mp4', 'video'],
        ['sin extensión', 'application/pdf', 'pdf'],
        ['sin extensión', null, 'other'],
    ];
    for (const [name, mime, kind] of kinds) assert.equal(fileKind(entry(name, { mime })), kind, name);
    assert.equal(fileKind(folder('Fotos.zip')), 'folder');
});

test('what can run is not shown: SVG and HTML are no pictures, and HTML is shown as text', () => {
    assert.equal(previewKind(entry('a.svg', { mime: 'image/svg+xml' })), null);
    assert.equal(previewKind(entry('a.html', { mime: 'text/html' })), 'text');
    assert.equal(previewKind(entry('a.png', { mime: 'image/png' })), 'image');
    assert.equal(previewKind(entry('a.md', { mime: 'text/markdown; charset=utf-8' })), 'text');
    assert.equal(previewKind(entry('a.zip', { mime: 'application/zip' })), null);
    assert.equal(previewKind(folder('a')), null);
    assert.ok(textLimit > 0);
});

test('thumbnails are of pictures that are not empty and not too large', () => {
    const picture = (size: number) => entry('a.jpg', { mime: 'image/jpeg', size });
    assert.deepEqual(
        [0, 1, 3 << 20, (3 << 20) + 1].map((size) => hasThumbnail(picture(size))),
        [false, true, true, false],
    );
});
