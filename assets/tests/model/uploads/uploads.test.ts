import '../../support/indexed-db';
import { refusal, requests, resetTus, uploads } from '../../support/tus';
import assert from 'node:assert/strict';
import test, { beforeEach } from 'node:test';
import { t } from '../../../src/i18n/language';
import { dialogs } from '../../../src/model/dialogs';
import { signedIn } from '../../../src/model/session';
import { dismissAll, toasts } from '../../../src/model/toasts';
import type { Drop } from '../../../src/model/uploads/drop';
import { thisTab } from '../../../src/model/uploads/presence';
import { keepRecords, allRecords } from '../../../src/model/uploads/records';
import {
    busy,
    chooseAndUpload,
    folderName,
    forgetUploads,
    giveAgain,
    guardLeaving,
    queue,
    recallUploads,
    unfinishedUploads,
    upload,
} from '../../../src/model/uploads/uploads';
import { settled, until } from '../../support/browser';
import { answer, called, entry, folder, forgetCalls, openEntry, pageOf, signedInAs } from '../../support/server';
import { clearRecords } from '../../support/indexed-db';
import { file, saved } from '../../support/uploads';

const ana = signedInAs('ana');
const target = { id: 'ROOT', name: 'Informes' };
const drop = (...names: string[]): Drop => ({
    files: names.map((name) => ({ file: file(name), folders: [], handle: null })),
    folders: [],
    unreadable: [],
});
const states = (): string => queue.items.value.map((item) => item.state.value).join(' ');

beforeEach(() => {
    queue.drop(() => true);
    resetTus();
    clearRecords();
    dismissAll();
    forgetCalls();
    signedIn(ana);
    answer('GET', 'uploads', pageOf([]));
});

test('a dropped folder is made, its files are sent into it, and no record stays', async () => {
    const obra = folder('Obra');
    answer('POST', 'entries/ROOT/folders', obra);
    upload(
        {
            files: [{ file: file('a'), folders: ['Obra'], handle: null }],
            folders: [['Obra'], ['Obra']],
            unreadable: [],
        },
        target,
    );
    await until(() => states() === 'done');
    assert.equal(called('POST', 'entries/ROOT/folders').length, 1);
    assert.ok(requests[0]!.headers.get('upload-metadata')!.includes(`parent_id ${btoa(obra.id)}`));
    await settled(20);
    assert.deepEqual(await allRecords(), []);
    assert.equal(busy(), false);
});

test('what could not be read is said', () => {
    upload({ ...drop(), unreadable: ['a', 'b'] }, target);
    assert.equal(toasts.value[0]?.text, t('upload.unreadable', { n: 2, names: '“a”, “b”' }));
});

test('a name that exists is asked about with both files', async () => {
    refusal.code = 'name_taken';
    const theirs = openEntry('a', { id: 'THEIRS', size: 7 });
    answer('GET', 'entries/THEIRS', theirs);
    upload(drop('a'), target);
    await until(() => dialogs.value.length > 0);
    const question = dialogs.value[0]!.question;
    assert.ok(question?.kind === 'name-conflict');
    assert.deepEqual([question.of.folder, question.of.ours.size], ['Informes', 10]);
    assert.equal(states(), 'conflict');
    question.answer({ choice: 'skip', all: false });
    await until(() => states() === 'skipped');
    await settled(30);
    assert.equal(uploads.size, 0, 'what the server had of it is deleted');
});

test('after a reload an upload waits for its file, with what the server has; the same file goes on', async () => {
    uploads.set('U', { id: 'U', length: 10, offset: 4, key: '' });
    const record = saved('a', {
        user: ana.user.id,
        tab: 'closed',
        parent: 'P',
        url: '/api/v1/uploads/U',
        rootName: 'Informes',
    });
    keepRecords([record]);
    answer('GET', 'uploads', pageOf([{ id: 'U', parent_id: 'P', filename: 'a', size: 10, offset: 4, whole: false }]));
    await recallUploads();
    assert.equal(states(), 'fileless');
    assert.equal(queue.items.value[0]!.sent.value, 4);
    assert.equal((await allRecords())[0]!.tab, thisTab);
    giveAgain([file('b')]);
    assert.equal(toasts.value.at(-1)?.text, t('upload.another_file', { name: 'b' }));
    giveAgain([file('a')]);
    await until(() => states() === 'done');
    assert.equal(requests.at(-1)!.bytes, 6);
});

test('what the server has whole needs no file', async () => {
    const record = saved('a', { user: ana.user.id, tab: 'closed', parent: 'P', url: '/api/v1/uploads/W', whole: true });
    keepRecords([record]);
    answer('GET', 'uploads', pageOf([{ id: 'W', parent_id: 'P', filename: 'a', size: 10, offset: 10, whole: true }]));
    answer('POST', 'uploads/W/finish', entry('a'));
    await recallUploads();
    await until(() => states() === 'done');
    assert.equal(requests.length, 0);
});

test('another user’s uploads are neither shown nor counted', async () => {
    keepRecords([saved('a', { user: 'luis', tab: 'closed' }), saved('b', { user: ana.user.id, tab: 'closed' })]);
    await recallUploads();
    assert.deepEqual(
        queue.items.value.map((item) => item.saved.name),
        ['b'],
    );
    assert.equal(await unfinishedUploads(ana.user.id), 1);
    await forgetUploads(ana.user.id);
    assert.deepEqual(
        (await allRecords()).map((record) => record.user),
        ['luis'],
    );
    assert.equal(queue.items.value.length, 0);
});

test('a page that sends does not close without a question', async () => {
    guardLeaving();
    const leave = (): boolean => window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
    assert.ok(leave());
    upload(drop('a'), target);
    assert.equal(leave(), false);
    await until(() => states() === 'done');
    assert.ok(leave());
});

test('without a picker the page’s own input is used, and names are told by the nearest folder', async () => {
    let asked = 0;
    await chooseAndUpload(target, () => asked++);
    assert.equal(asked, 1);
    assert.equal(folderName({ folders: ['a', 'b'], rootName: 'r' }), 'b');
    assert.equal(folderName({ folders: [], rootName: 'r' }), 'r');
});
