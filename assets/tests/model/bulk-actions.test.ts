import { settled } from '../support/browser';
import assert from 'node:assert/strict';
import test, { beforeEach } from 'node:test';
import type { Entry, Job, JobAction, JobItem, JobRequest, JobWithItems } from '../../src/api/shapes';
import { mostIds } from '../../src/api/jobs';
import { t } from '../../src/i18n/language';
import {
    copyMany,
    eraseMany,
    moveMany,
    restoreMany,
    selectionOf,
    showFailed,
    trashMany,
    tryAgain,
} from '../../src/model/bulk-actions';
import { dialogs } from '../../src/model/dialogs';
import { jobs } from '../../src/model/jobs';
import { Pages, untagged } from '../../src/model/pages';
import { dismissAll, toasts } from '../../src/model/toasts';
import { answer, called, entry, forgetCalls, freshId, pageOf, problem } from '../support/server';

const target = { id: 'TO', name: 'Archivo' };
const texts = (): string[] => toasts.value.map((toast) => toast.text);

async function listed(...entries: Entry[]) {
    const pages = new Pages<Entry>(untagged(() => Promise.resolve(pageOf(entries))));
    await pages.ensure(0);
    const names = (): string => pages.items.value.map((one) => one.name).join(' ');
    return { pages, names };
}

// A job that has ended by its answer: these failed, all others are done.
function answerJob(failures: Record<string, string> = {}, more: Partial<Job> = {}): JobRequest[] {
    const requests: JobRequest[] = [];
    answer(
        'POST',
        'entries/batch',
        ({ body }: { body: JobRequest & { ids?: string[]; act: JobAction } }): JobWithItems => {
            requests.push(body);
            const failing = requests.length === 1 ? failures : {};
            const items = (body.ids ?? []).map((id): JobItem => {
                const code = failing[id] ?? null;
                return { id, name: id, state: code ? 'failed' : 'done', code, result_id: null };
            });
            const failed = items.filter((one) => one.code).length;
            return {
                id: freshId(),
                act: body.act,
                state: 'done',
                folder_id: null,
                job_id: null,
                parent_id: body.parent_id ?? null,
                total: items.length,
                done: items.length - failed,
                failed,
                created_at: 0,
                ended_at: 1,
                ...pageOf(items),
                ...more,
            };
        },
    );
    return requests;
}

beforeEach(() => {
    dismissAll();
    forgetCalls();
    jobs.value = [];
});

test('very many are named by their folder and what is left out of it', async () => {
    const entries = Array.from({ length: mostIds + 2 }, (_, i) => entry(String(i)));
    const { pages } = await listed(...entries);
    assert.deepEqual(selectionOf(pages, entries.slice(0, 2)), { ids: entries.slice(0, 2).map((one) => one.id) });
    assert.deepEqual(selectionOf(pages, entries.slice(1)), { folder_id: 'PARENT', except: [entries[0]!.id] });
    assert.ok('ids' in selectionOf(null, entries), 'without a whole list, by their ids');
});

test('many to the trash: one job, and one undo that takes it back', async () => {
    const [a, b] = [entry('a'), entry('b')];
    const { pages, names } = await listed(a, b);
    const requests = answerJob();
    const trashing = trashMany(pages, [a, b]);
    assert.equal(pages.leaving.value.size, 2, 'marked until the job has ended');
    await trashing;
    assert.equal(names(), '');
    assert.deepEqual(texts(), [t('done.trashed', { n: 2 })]);
    toasts.value[0]!.action!.run();
    await settled();
    assert.deepEqual(
        requests.map((one) => one.act),
        ['trash', 'restore'],
    );
    assert.ok('job_id' in requests[1]!);
});

test('what failed stays, and the first reason is told', async () => {
    const [a, b, c] = [entry('a'), entry('b'), entry('c')];
    const { pages, names } = await listed(a, b, c);
    answerJob({ [a.id]: 'locked', [b.id]: 'forbidden' });
    await trashMany(pages, [a, b, c]);
    assert.equal(names(), 'a b');
    assert.ok(texts().includes(t('error.some_failed', { n: 2, why: t('error.locked') })), texts().join());
    assert.equal(jobs.value.length, 1, 'the tray lists them');
});

test('a job that could not be started puts the rows back', async () => {
    const { pages, names } = await listed(entry('a'), entry('b'));
    answer('POST', 'entries/batch', () => problem(403, 'forbidden'));
    await trashMany(pages, pages.items.value);
    assert.equal(names(), 'a b');
    assert.equal(pages.leaving.value.size, 0);
    assert.deepEqual(texts(), [t('error.forbidden')]);
});

test('names that exist are asked about after the rest has moved; one answer can be for all', async () => {
    const [a, b, c] = [entry('a'), entry('b'), entry('c')];
    const { pages, names } = await listed(a, b, c);
    const requests = answerJob({ [a.id]: 'name_taken', [b.id]: 'name_taken' });
    const moving = moveMany(pages, [a, b, c], target);
    await settled();
    assert.equal(names(), 'a b');
    const question = dialogs.value[0]?.question;
    assert.ok(question?.kind === 'name-conflict' && question.of.others);
    question.answer({ choice: 'keep', all: true });
    await moving;
    assert.deepEqual(requests[1], {
        ...requests[1],
        ids: [a.id, b.id],
        act: 'move',
        parent_id: 'TO',
        on_conflict: 'rename',
    });
    assert.equal(names(), '');
});

test('copies beside their sources are numbered by the server', async () => {
    const requests = answerJob();
    const entries = [entry('a'), entry('b')];
    await copyMany(null, entries, { id: 'PARENT', name: 'here' });
    await copyMany(null, entries, target);
    assert.deepEqual(
        requests.map((one) => one.on_conflict),
        ['rename', 'fail'],
    );
});

test('what has lost its folder is restored to one that is chosen', async () => {
    const [a, b] = [entry('a'), entry('b')];
    const requests = answerJob({ [b.id]: 'conflict' });
    const asked: string[] = [];
    await restoreMany(null, [a, b], (homeless) => {
        asked.push(...homeless.map((one) => one.name));
        return Promise.resolve(target);
    });
    assert.deepEqual(asked, ['b']);
    assert.deepEqual(requests[1], { ...requests[1], ids: [b.id], act: 'restore', parent_id: 'TO' });
});

test('what is erased cannot be undone', async () => {
    answerJob();
    await eraseMany(null, [entry('a'), entry('b')]);
    assert.equal(toasts.value[0]?.action, null);
});

test('a retry acts on what failed, and is kept if that fails again', async () => {
    const requests = answerJob({}, { failed: 0, done: 2 });
    const followed = { id: 'J', now: { peek: () => ({ act: 'move' }) }, folder: { peek: () => 'Archivo' } } as never;
    assert.equal(await tryAgain(followed), true);
    assert.deepEqual(requests[0], { ...requests[0], act: 'move', job_id: 'J', failed: true });
    assert.deepEqual(texts(), [t('job.done', { n: 2 })]);
    answer('POST', 'entries/batch', () => problem(403, 'forbidden'));
    assert.equal(await tryAgain(followed), false);
});

test('nothing failed, nothing is said', () => {
    showFailed([]);
    assert.deepEqual(texts(), []);
});

test('each call has a key of its own', async () => {
    answerJob();
    await trashMany(null, [entry('a'), entry('b')]);
    await trashMany(null, [entry('a'), entry('b')]);
    const keys = called('POST', 'entries/batch').map((call) => (call.body as { key: string }).key);
    assert.equal(new Set(keys).size, 2);
});
