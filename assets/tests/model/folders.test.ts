import assert from 'node:assert/strict';
import test, { beforeEach } from 'node:test';
import type { Entry, Sort } from '../../src/api/shapes';
import {
    allFoldersChanged,
    comparison,
    entriesLeft,
    entryArrived,
    folderChanged,
    foldersInMemory,
    forgetFolders,
    knownName,
    openFolder,
} from '../../src/model/folders';
import { answer, called, entry, folder, forgetCalls, openEntry, pageOf, problem } from '../support/server';

const byName: Sort = { key: 'name', order: 'asc' };

beforeEach(() => {
    forgetFolders();
    forgetCalls();
});

test('entries sort as the server sorts: folders first, accents and case folded', () => {
    const entry = (name: string, kind: 'file' | 'folder', size = 0) =>
        ({ id: name, name, kind, size, mime: null }) as Entry;
    const names = (key: 'name' | 'size', order: 'asc' | 'desc'): string =>
        [entry('zeta', 'folder'), entry('Árbol', 'file', 5), entry('banco', 'file', 1), entry('alfa', 'file', 9)]
            .sort(comparison({ key, order }))
            .map((e) => e.name)
            .join(' ');
    assert.equal(names('name', 'asc'), 'zeta alfa Árbol banco');
    assert.equal(names('name', 'desc'), 'zeta banco Árbol alfa');
    assert.equal(names('size', 'desc'), 'zeta alfa Árbol banco');
    const numbered = [entry('img10', 'file'), entry('img2', 'file'), entry('IMG007', 'file')].sort(
        comparison({ key: 'name', order: 'asc' }),
    );
    assert.deepEqual(
        numbered.map((e) => e.name),
        ['IMG007', 'img2', 'img10'],
    );
});

// A folder that is open, with what the server has in it.
async function visited(...items: Entry[]) {
    const here = openEntry('Informes', { kind: 'folder' });
    for (const item of items) item.parent_id = here.id;
    answer('GET', `entries/${here.id}`, here);
    answer('GET', `entries/${here.id}/children`, pageOf(items));
    const opened = openFolder(here.id, byName);
    await opened.visit();
    const names = (): string => opened.list.pages.items.value.map((item) => item.name).join(' ');
    return { here, opened, names };
}

test('a visit fetches the folder and its listing; what fails is kept for the page', async () => {
    const { here, opened, names } = await visited(entry('b'), folder('a'));
    assert.equal(opened.entry.value?.name, 'Informes');
    assert.equal(names(), 'b a', 'the server’s order');
    answer('GET', `entries/${here.id}`, () => problem(404, 'not_found'));
    await opened.visit();
    assert.ok(opened.error.value instanceof Error);
});

test('the last twelve folders stay in memory, each with its order', () => {
    const first = openFolder('F0', byName);
    for (let i = 1; i < 12; i++) openFolder(`F${i}`, byName);
    assert.equal(openFolder('F0', byName), first, 'used again, so it is the newest');
    openFolder('F0', { key: 'size', order: 'asc' });
    assert.equal(foldersInMemory('F0').length, 2);
    assert.equal(foldersInMemory('F1').length, 0);
});

test('what arrives and leaves shows at once in the listings in memory', async () => {
    const { here, names } = await visited(entry('a'), entry('c'));
    const arrived = entry('b', { parent_id: here.id });
    entryArrived(arrived);
    assert.equal(names(), 'a b c');
    entriesLeft([arrived]);
    assert.equal(names(), 'a c');
    assert.equal(knownName(foldersInMemory(here.id)[0]!.list.pages.items.value[0]!.id), 'a');
    assert.equal(knownName('gone'), null);
});

test('a change elsewhere is fetched, for one folder or for all', async () => {
    const { here } = await visited(entry('a'));
    const listing = `entries/${here.id}/children?limit=200&sort=name&order=asc`;
    folderChanged('another');
    folderChanged(null);
    assert.equal(called('GET', listing).length, 1);
    folderChanged(here.id);
    await new Promise((resolve) => setTimeout(resolve, 5));
    allFoldersChanged();
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(called('GET', listing).length, 3);
});
