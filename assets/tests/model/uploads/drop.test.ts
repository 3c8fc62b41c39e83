import '../../support/browser';
import assert from 'node:assert/strict';
import test from 'node:test';
import { fileBehind, hasPicker, pickFiles, readDrop, readInput } from '../../../src/model/uploads/drop';
import { file } from '../../support/uploads';

test('a chosen folder tells its folders once and leaves clutter out', () => {
    const inside = (path: string): File => Object.assign(file(path.split('/').pop()!), { webkitRelativePath: path });
    const drop = readInput([inside('Obra/a.txt'), inside('Obra/Fotos/b.png'), inside('Obra/.DS_Store')]);
    assert.deepEqual(drop.folders, [['Obra'], ['Obra', 'Fotos']]);
    assert.deepEqual(
        drop.files.map((found) => [...found.folders, found.file.name].join('/')),
        ['Obra/a.txt', 'Obra/Fotos/b.png'],
    );
});

interface FakeEntry {
    name: string;
    isDirectory: boolean;
}

const fileEntry = (name: string, broken = false): FakeEntry =>
    Object.assign(
        { name, isDirectory: false },
        {
            file: (done: (found: File) => void, failed: (error: Error) => void) =>
                broken ? failed(new Error('io')) : done(file(name)),
        },
    );

// A directory that is read some entries at a time, as browsers do.
const directory = (name: string, ...parts: FakeEntry[][]): FakeEntry =>
    Object.assign(
        { name, isDirectory: true },
        {
            createReader: () => {
                const rest = [...parts];
                return { readEntries: (done: (some: FakeEntry[]) => void) => done(rest.shift() ?? []) };
            },
        },
    );

const transfer = (...entries: FakeEntry[]): DataTransfer =>
    ({
        items: entries.map((one) => ({
            kind: 'file',
            webkitGetAsEntry: () => one,
            getAsFile: () => (one.isDirectory ? null : file(one.name)),
            getAsFileSystemHandle: () => Promise.resolve({ kind: 'file', name: one.name }),
        })),
    }) as unknown as DataTransfer;

test('a dropped folder is read to its end, with empty folders and without clutter', async () => {
    const photos = directory('Fotos', [fileEntry('b.png'), fileEntry('.DS_Store')], [fileEntry('c.png')]);
    const met: number[] = [];
    const drop = await readDrop(transfer(directory('Obra', [fileEntry('a.txt'), photos], [directory('Vacía')])), (n) =>
        met.push(n),
    );
    assert.deepEqual(drop.folders, [['Obra'], ['Obra', 'Fotos'], ['Obra', 'Vacía']]);
    assert.deepEqual(
        drop.files.map((found) => [...found.folders, found.file.name].join('/')),
        ['Obra/a.txt', 'Obra/Fotos/b.png', 'Obra/Fotos/c.png'],
    );
    assert.equal(met.at(-1), 3);
});

test('what the browser cannot read is named, and the rest is taken', async () => {
    const drop = await readDrop(transfer(directory('Obra', [fileEntry('bad', true), fileEntry('good')])));
    assert.deepEqual(drop.unreadable, ['Obra/bad']);
    assert.equal(drop.files.length, 1);
});

test('a file has its handle, where the browser gives one', async () => {
    const drop = await readDrop(transfer(fileEntry('a')));
    assert.equal(drop.files[0]!.handle?.name, 'a');
});

test('a picker gives files with handles, or nothing', async () => {
    assert.equal(hasPicker(), false);
    const handle = (name: string, gone = false) => ({
        name,
        getFile: () => (gone ? Promise.reject(new Error('gone')) : Promise.resolve(file(name))),
    });
    Object.assign(window, { showOpenFilePicker: () => Promise.resolve([handle('a'), handle('b', true)]) });
    assert.equal(hasPicker(), true);
    const drop = await pickFiles();
    assert.deepEqual([drop?.files.map((found) => found.file.name), drop?.unreadable], [['a'], ['b']]);
    Object.assign(window, { showOpenFilePicker: () => Promise.reject(new DOMException('', 'AbortError')) });
    assert.equal(await pickFiles(), null);
});

test('a stored handle is asked for only where a person allows it', async () => {
    const asked: string[] = [];
    const handle = (state: string) =>
        ({
            queryPermission: () => Promise.resolve(state),
            requestPermission: () => (asked.push('asked'), Promise.resolve('granted')),
            getFile: () => Promise.resolve(file('a')),
        }) as unknown as FileSystemFileHandle;
    assert.equal((await fileBehind(handle('granted'), false))?.name, 'a');
    assert.equal(await fileBehind(handle('prompt'), false), null);
    assert.deepEqual(asked, []);
    assert.equal((await fileBehind(handle('prompt'), true))?.name, 'a');
    assert.deepEqual(asked, ['asked']);
    assert.equal(await fileBehind({} as FileSystemFileHandle, true), null);
});
