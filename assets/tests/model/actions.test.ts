import '../support/browser';
import assert from 'node:assert/strict';
import test, { beforeEach } from 'node:test';
import type { Entry } from '../../src/api/shapes';
import { t } from '../../src/i18n/language';
import {
    copyEntries,
    downloadEntries,
    keyByName,
    moveEntries,
    newFolder,
    renameEntry,
    trashEntries,
    withFreeName,
} from '../../src/model/actions';
import { dialogs, type Choice } from '../../src/model/dialogs';
import { ListState } from '../../src/model/list-state';
import { Pages } from '../../src/model/pages';
import { dismissAll, toasts } from '../../src/model/toasts';
import { page, settled } from '../support/browser';
import { answer, called, entry, folder, forgetCalls, openEntry, pageOf, problem } from '../support/server';

const byName = (a: Entry, b: Entry): number => (a.name < b.name ? -1 : 1);
const target = { id: 'TO', name: 'Archivo' };

async function listed(...entries: Entry[]) {
    const fetch = () => Promise.resolve({ unchanged: false, etag: null, value: pageOf(entries) });
    const list = new ListState<Entry>(new Pages<Entry>(fetch, byName));
    await list.pages.ensure(0);
    const names = (): string => list.pages.items.value.map((one) => one.name).join(' ');
    return { list, names };
}

const toast = () => toasts.value.at(-1);
const refuse = (): Response => problem(409, 'locked');

async function answerConflict(choice: Choice): Promise<void> {
    await settled();
    const question = dialogs.value[0]?.question;
    assert.ok(question?.kind === 'name-conflict');
    question.answer({ choice, all: false });
}

beforeEach(() => {
    dismissAll();
    forgetCalls();
});

test('a rename shows at once, and is undone with the tag of what it left', async () => {
    const a = entry('a');
    const { list, names } = await listed(a, entry('m'));
    answer('PATCH', `entries/${a.id}`, ({ body }: { body: { name: string } }) => ({ ...a, ...body }));
    const renaming = renameEntry(list, a, 'z');
    assert.equal(names(), 'z m', 'at once, and where it stood');
    await renaming;
    assert.equal(names(), 'm z');
    answer('GET', `entries/${a.id}`, () =>
        Response.json(openEntry('z', { ...a, name: 'z' }), { headers: { ETag: '"7"' } }),
    );
    toast()!.action!.run();
    await settled();
    assert.equal(names(), 'a m');
    assert.equal(called('PATCH', `entries/${a.id}`)[1]!.headers.get('If-Match'), '"7"');
});

test('a rename that is refused is taken back, and can be tried again', async () => {
    const a = entry('a');
    const { list, names } = await listed(a);
    answer('PATCH', `entries/${a.id}`, () => problem(409, 'name_taken'));
    await renameEntry(list, a, 'b', 'Informes');
    assert.equal(names(), 'a');
    assert.equal(toast()?.text, t('error.name_taken_in', { name: 'b', folder: 'Informes' }));
    toast()!.action!.run();
    assert.equal(list.renaming.value, a.id);
});

test('an undo does not overwrite what somebody else did since', async () => {
    const a = entry('a');
    const { list } = await listed(a);
    answer('PATCH', `entries/${a.id}`, { ...a, name: 'b' });
    await renameEntry(list, a, 'b');
    answer('GET', `entries/${a.id}`, openEntry('theirs', { ...a, name: 'theirs' }));
    forgetCalls();
    toast()!.action!.run();
    await settled();
    assert.equal(called('PATCH', `entries/${a.id}`).length, 0);
    assert.equal(toast()?.text, t('error.changed'));
});

test('what is trashed leaves the list at once; refused, it comes back with a reason', async () => {
    const a = entry('a');
    const { list, names } = await listed(a, entry('b'));
    answer('DELETE', `entries/${a.id}`, refuse);
    const trashing = trashEntries(list.pages, [a]);
    assert.equal(names(), 'b');
    await trashing;
    assert.equal(names(), 'a b');
    assert.equal(toast()?.tone, 'bad');
});

test('undoing a trash restores the entry where it stood', async () => {
    const a = entry('a');
    const { list, names } = await listed(a, entry('b'));
    answer('DELETE', `entries/${a.id}`, undefined);
    answer('POST', `entries/${a.id}/restore`, a);
    await trashEntries(list.pages, [a]);
    assert.equal(names(), 'b');
    toast()!.action!.run();
    await settled();
    assert.equal(names(), 'a b');
});

test('a move against a name that exists asks; keeping both numbers it', async () => {
    const a = entry('a.txt');
    const { list, names } = await listed(a);
    const tried: (string | undefined)[] = [];
    answer('PATCH', `entries/${a.id}`, ({ body }: { body: { name?: string } }) => {
        tried.push(body.name);
        return body.name === 'a (3).txt' ? { ...a, name: body.name, parent_id: 'TO' } : problem(409, 'name_taken');
    });
    const moving = moveEntries(list.pages, [a], target);
    await answerConflict('keep');
    await moving;
    assert.deepEqual(tried, [undefined, 'a (2).txt', 'a (3).txt']);
    assert.equal(names(), '');
    assert.equal(toast()?.text, t('done.moved_one', { name: 'a (3).txt', folder: 'Archivo' }));
});

test('a move that is skipped leaves the entry, and one to its own folder is none', async () => {
    const a = entry('a');
    const { list, names } = await listed(a);
    answer('PATCH', `entries/${a.id}`, () => problem(409, 'name_taken'));
    const moving = moveEntries(list.pages, [a], target);
    await answerConflict('skip');
    await moving;
    assert.equal(names(), 'a');
    forgetCalls();
    await moveEntries(list.pages, [a], { id: a.parent_id!, name: '' });
    await moveEntries(list.pages, [a], { id: a.id, name: '' });
    assert.equal(called('PATCH', `entries/${a.id}`).length, 0);
});

test('a copy beside its source gets a number without a question', async () => {
    const a = entry('a');
    answer('POST', `entries/${a.id}/copies`, ({ body }: { body: { name?: string } }) => ({
        ...a,
        id: 'COPY',
        ...body,
    }));
    await copyEntries([a], { id: a.parent_id!, name: 'Informes' });
    assert.deepEqual(called('POST', `entries/${a.id}/copies`)[0]!.body, { parent_id: a.parent_id, name: 'a (2)' });
    answer('DELETE', 'entries/COPY', undefined);
    answer('GET', 'entries/COPY', openEntry('a (2)', { ...a, id: 'COPY', name: 'a (2)' }));
    toast()!.action!.run();
    await settled();
    assert.equal(called('DELETE', 'entries/COPY').length, 1, 'undone');
});

test('a free name is looked for a hundred times, and other errors end the search', async () => {
    let tries = 0;
    const taken = { status: 409 };
    answer('POST', 'entries/X/copies', () => problem(taken.status, taken.status === 409 ? 'name_taken' : 'gone'));
    await assert.rejects(
        withFreeName({ name: 'a', kind: 'file' }, (name) => {
            tries++;
            return Promise.reject(new Error(name));
        }),
        /a \(2\)/,
    );
    assert.equal(tries, 1);
});

test('a retry of the same name makes no second folder', async () => {
    const key = keyByName();
    assert.equal(key('a'), key('a'));
    assert.notEqual(key('a'), key('b'));
    const made = folder('Nueva');
    const { list } = await listed(made);
    answer('POST', 'entries/TO/folders', made);
    await newFolder(target, 'Nueva', list, 'KEY');
    assert.equal(called('POST', 'entries/TO/folders')[0]!.headers.get('Idempotency-Key'), 'KEY');
    assert.deepEqual([...list.selection.value.ids], [made.id]);
});

test('files are downloaded one after the other, folders are left out and said', async () => {
    page.made.length = 0;
    const files = [entry('a'), entry('b')];
    await downloadEntries([...files, folder('c')]);
    assert.deepEqual(
        page.made.map((link) => [link.download, link.clicks]),
        [
            ['a', 1],
            ['b', 1],
        ],
    );
    assert.equal(toast()?.text, t('done.folders_left_out', { n: 1 }));
    await downloadEntries([folder('c')]);
    assert.equal(toast()?.text, t('error.folders_not_downloaded'));
});
