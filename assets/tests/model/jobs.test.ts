import '../support/browser';
import assert from 'node:assert/strict';
import test, { beforeEach } from 'node:test';
import type { Job, JobItem, JobWithItems } from '../../src/api/shapes';
import {
    beginJob,
    dismissJob,
    failedItems,
    inverseOf,
    isOpen,
    isUndone,
    jobs,
    keepJob,
    recallJobs,
    stopJob,
} from '../../src/model/jobs';
import { me, signedIn } from '../../src/model/session';
import { answer, called, freshId, openEntry, pageOf, signedInAs } from '../support/server';

const job = (more: Partial<Job> = {}): Job => ({
    id: freshId(),
    act: 'move',
    state: 'running',
    folder_id: null,
    job_id: null,
    parent_id: 'TO',
    total: 4,
    done: 1,
    failed: 0,
    created_at: Date.now(),
    ended_at: null,
    ...more,
});
const ended = (one: Job, more: Partial<Job> = {}): Job => ({
    ...one,
    state: 'done',
    done: one.total,
    ended_at: Date.now(),
    ...more,
});
const withItems = (one: Job, items: JobItem[] = []): JobWithItems => ({ ...one, ...pageOf(items) });
const item = (id: string): JobItem => ({ id, name: id, state: 'failed', code: 'locked', result_id: null });

beforeEach(() => {
    me.value = null;
    signedIn(signedInAs('ana'));
});

test('a job that is under way is listed, and its end is told to who began it', async () => {
    const running = job();
    answer('POST', 'entries/batch', withItems(running));
    const followed = await beginJob({ act: 'move', ids: ['A'], parent_id: 'TO' }, 'Informes');
    assert.equal(jobs.value[0], followed);
    assert.equal(followed.folder.value, 'Informes');
    answer('GET', 'jobs', pageOf([ended(running)]));
    const end = await followed.ended;
    assert.equal(end.done, 4);
    assert.ok(!isOpen(followed.now.value));
    dismissJob(followed);
    assert.equal(jobs.value.length, 0);
});

test('one that has ended with the answer is not listed, unless it is kept', async () => {
    answer('POST', 'entries/batch', withItems(ended(job())));
    const followed = await beginJob({ act: 'move', ids: ['A'], parent_id: 'TO' });
    await followed.ended;
    assert.equal(jobs.value.length, 0);
    keepJob(followed);
    keepJob(followed);
    assert.equal(jobs.value.length, 1);
});

test('one that the server has no more is done', async () => {
    answer('POST', 'entries/batch', withItems(job()));
    const followed = await beginJob({ act: 'trash', ids: ['A'] });
    answer('GET', 'jobs', pageOf([]));
    assert.equal((await followed.ended).state, 'done');
});

test('stopping asks the server, and looks at once', async () => {
    const running = job();
    answer('POST', 'entries/batch', withItems(running));
    const followed = await beginJob({ act: 'move', ids: ['A'], parent_id: 'TO' });
    answer('DELETE', `jobs/${running.id}`, undefined);
    answer('GET', 'jobs', pageOf([ended(running, { state: 'cancelled', done: 1 })]));
    await stopJob(followed);
    assert.equal((await followed.ended).state, 'cancelled');
    assert.equal(called('DELETE', `jobs/${running.id}`).length, 1);
});

test('what a page finds when it is loaded: running jobs, and those that ended a moment ago', async () => {
    const running = job({ act: 'copy' });
    const justNow = ended(job(), { created_at: Date.now() - 2000 });
    const longAgo = ended(job(), { created_at: 0, ended_at: 1000 });
    answer('GET', 'jobs', pageOf([running, justNow, longAgo]));
    answer('GET', 'entries/TO', openEntry('Archivo'));
    await recallJobs();
    assert.deepEqual(
        jobs.value.map((one) => one.id),
        [running.id, justNow.id],
    );
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(jobs.value[0]!.folder.value, 'Archivo');
    await recallJobs();
    assert.equal(jobs.value.length, 2, 'each once');
});

test('undo: what takes an action back, and whether a job was', async () => {
    assert.deepEqual(
        ['trash', 'restore', 'copy', 'move', 'erase'].map((act) => inverseOf(act as Job['act'])),
        ['restore', 'trash', 'trash', 'move', undefined],
    );
    const moved = ended(job());
    const again = ended(job({ job_id: moved.id }));
    const undone = ended(job({ job_id: moved.id, parent_id: null }));
    answer('POST', 'entries/batch', withItems(moved));
    const followed = await beginJob({ act: 'move', ids: ['A'], parent_id: 'TO' });
    for (const [other, wanted] of [
        [again, false],
        [undone, true],
    ] as const) {
        answer('POST', 'entries/batch', withItems(other));
        keepJob(await beginJob({ act: 'move', job_id: moved.id }));
        assert.equal(isUndone(followed), wanted);
    }
});

test('all that failed is read, page by page', async () => {
    const failed = job();
    const pages = [pageOf([item('A')], 'more'), pageOf([item('B')])];
    answer('GET', `jobs/${failed.id}`, () => ({ ...failed, ...pages.shift() }));
    assert.deepEqual(
        (await failedItems(failed.id)).map((one) => one.id),
        ['A', 'B'],
    );
});

test('another account sees none of them', async () => {
    answer('POST', 'entries/batch', withItems(job()));
    await beginJob({ act: 'trash', ids: ['A'] });
    assert.equal(jobs.value.length, 1);
    me.value = null;
    assert.equal(jobs.value.length, 0);
});
