import assert from 'node:assert/strict';
import test, { beforeEach } from 'node:test';
import type { Entry } from '../../../src/api/shapes';
import { LeftOut } from '../../../src/model/uploads/item';
import { folderFor, forgetFolder, knowFolder, type TargetFolder } from '../../../src/model/uploads/tree';
import { answer, called, entry, folder, forgetCalls, openEntry, pageOf, problem } from '../../support/server';

let batch = 0;
const target = (...folders: string[]): TargetFolder => ({
    batch: `b${batch}`,
    root: 'ROOT',
    rootName: 'root',
    folders,
});

function listener(choice: 'keep' | 'skip' = 'skip') {
    const arrived: string[] = [];
    const asked: string[] = [];
    return {
        arrived,
        asked,
        of: {
            arrived: (one: Entry) => void arrived.push(one.name),
            ask: (_target: TargetFolder, file: Entry) => (asked.push(file.name), Promise.resolve(choice)),
        },
    };
}

const made = (parent: string, name: string): Entry => {
    const one = folder(name, { parent_id: parent });
    answer('POST', `entries/${parent}/folders`, one);
    return one;
};

beforeEach(() => {
    batch++;
    forgetCalls();
});

test('each folder of a drop is made once, however many files ask for it', async () => {
    const a = made('ROOT', 'a');
    const b = made(a.id, 'b');
    const { of, arrived } = listener();
    const ids = await Promise.all([
        folderFor(target('a', 'b'), of),
        folderFor(target('a', 'b'), of),
        folderFor(target('a'), of),
        folderFor(target(), of),
    ]);
    assert.deepEqual(ids, [b.id, b.id, a.id, 'ROOT']);
    assert.deepEqual(arrived, ['a', 'b']);
    assert.equal(called('POST', 'entries/ROOT/folders').length, 1);
});

test('a folder that is there already is used', async () => {
    const there = openEntry('a', { kind: 'folder' });
    answer('GET', `entries/${there.id}`, there);
    answer('POST', 'entries/ROOT/folders', () => problem(409, 'name_taken', { existing_id: there.id }));
    assert.equal(await folderFor(target('a'), listener().of), there.id);
    answer('POST', 'entries/ROOT/folders', () => problem(409, 'name_taken'));
    answer('GET', 'entries/ROOT/children', pageOf([there]));
    batch++;
    assert.equal(await folderFor(target('a'), listener().of), there.id, 'found by its name');
});

test('a file of that name is asked about: the folder is left out, or numbered', async () => {
    const file = openEntry('a', entry('a'));
    answer('GET', `entries/${file.id}`, file);
    const numbered = folder('a (2)');
    answer('POST', 'entries/ROOT/folders', ({ body }: { body: { name: string } }) =>
        body.name === 'a' ? problem(409, 'name_taken', { existing_id: file.id }) : numbered,
    );
    const skipping = listener('skip');
    await assert.rejects(folderFor(target('a'), skipping.of), LeftOut);
    await assert.rejects(folderFor(target('a', 'b'), skipping.of), LeftOut);
    assert.deepEqual(skipping.asked, ['a'], 'once, for all below');
    batch++;
    assert.equal(await folderFor(target('a'), listener('keep').of), numbered.id);
});

test('a failure is tried again, and a folder that is gone is made again with all below', async () => {
    answer('POST', 'entries/ROOT/folders', () => problem(403, 'forbidden'));
    await assert.rejects(folderFor(target('a'), listener().of));
    const a = made('ROOT', 'a');
    const b = made(a.id, 'b');
    assert.equal(await folderFor(target('a', 'b'), listener().of), b.id);
    forgetFolder(target('a'));
    const again = made('ROOT', 'a');
    const below = made(again.id, 'b');
    assert.equal(await folderFor(target('a', 'b'), listener().of), below.id);
});

test('what is known from before a reload is not made', async () => {
    knowFolder(target('a'), 'KNOWN');
    knowFolder(target('a'), 'LATER');
    assert.equal(await folderFor(target('a'), listener().of), 'KNOWN');
    assert.equal(called('POST', 'entries/ROOT/folders').length, 0);
});
