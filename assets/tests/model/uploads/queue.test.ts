import assert from 'node:assert/strict';
import test from 'node:test';
import { ApiError } from '../../../src/api/error';
import { Item } from '../../../src/model/uploads/item';
import { Queue, type QueueHandlers } from '../../../src/model/uploads/queue';
import { file, item } from '../../support/uploads';

interface Sent {
    item: Item;
    done: (id: string | null) => void;
    failed: (reason: unknown) => void;
    stopped: boolean;
}

function bench(answer: Awaited<ReturnType<QueueHandlers['ask']>> = { choice: 'skip', all: false }) {
    const sent: Sent[] = [];
    const kept = new Set<string>();
    const asked: string[] = [];
    const discarded: string[] = [];
    const handlers: QueueHandlers = {
        send(one, done, failed) {
            const entry = { item: one, done, failed, stopped: false };
            sent.push(entry);
            return () => (entry.stopped = true);
        },
        discard: (one) => discarded.push(one.key),
        keep: (items) => items.forEach((one) => kept.add(one.key)),
        forget: (keys) => keys.forEach((key) => kept.delete(key)),
        arrived: () => undefined,
        ask: async (one) => (asked.push(one.saved.name), answer),
    };
    const queue = new Queue(handlers, 3);
    const states = (): string => queue.items.value.map((one) => one.state.value).join(' ');
    return { queue, sent, kept, asked, discarded, states };
}

const conflict = (): ApiError => new ApiError(409, { code: 'name_taken' });
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

test('three at once, in order; the next starts when one ends', () => {
    const { queue, sent, states } = bench();
    queue.add(['a', 'b', 'c', 'd', 'e'].map((name) => item(name)));
    assert.equal(states(), 'sending sending sending waiting waiting');
    sent[1]!.done('E1');
    assert.equal(states(), 'sending done sending sending waiting');
    assert.deepEqual(
        sent.map((s) => s.item.saved.name),
        ['a', 'b', 'c', 'd'],
    );
});

test('a pause stops the transfer and lets another start; going on continues it', () => {
    const { queue, sent, states } = bench();
    queue.add(['a', 'b', 'c', 'd'].map((name) => item(name)));
    queue.pause(queue.items.value[0]!);
    assert.ok(sent[0]!.stopped);
    assert.equal(states(), 'paused sending sending sending');
    sent[0]!.done('late'); // what comes after a pause changes nothing
    assert.equal(states(), 'paused sending sending sending');
    queue.resume(queue.items.value[0]!);
    assert.equal(states(), 'waiting sending sending sending');
    sent[3]!.done('E');
    assert.equal(states(), 'sending sending sending done');
});

test('a failure can be tried again', () => {
    const { queue, sent, states } = bench();
    queue.add([item('a')]);
    sent[0]!.failed(new ApiError(507, { code: 'quota_exceeded' }));
    assert.equal(states(), 'failed');
    queue.resume(queue.items.value[0]!);
    sent[1]!.done('E');
    assert.equal(states(), 'done');
});

test('records last until an upload is done or given up', () => {
    const { queue, sent, kept, discarded } = bench();
    queue.add([item('a'), item('b')]);
    assert.equal(kept.size, 2);
    sent[0]!.done('E');
    assert.equal(kept.size, 1);
    queue.items.value[1]!.saved.url = '/api/v1/uploads/U';
    queue.cancel(queue.items.value[1]!);
    assert.equal(kept.size, 0);
    assert.equal(discarded.length, 1);
    assert.equal(queue.items.value.length, 1);
});

test('a taken name is asked about once when the answer is for all', async () => {
    const { queue, sent, asked, states } = bench({ choice: 'keep', all: true });
    queue.add(['a', 'b', 'c', 'd'].map((name) => item(name)));
    sent[0]!.failed(conflict());
    sent[1]!.failed(conflict());
    await settle();
    assert.deepEqual(asked, ['a']);
    assert.equal(sent.filter((s) => s.item.saved.conflict === 'rename').length >= 2, true);
    sent.slice(2).forEach((s) => s.done('E'));
    await settle();
    sent.slice(2).forEach((s) => s.done('E'));
    assert.equal(states(), 'done done done done');
});

test('an answer for one asks again for the next; skipping sends nothing', async () => {
    const { queue, sent, asked, states } = bench({ choice: 'skip', all: false });
    queue.add([item('a'), item('b')]);
    sent[0]!.failed(conflict());
    sent[1]!.failed(conflict());
    await settle();
    assert.deepEqual(asked, ['a', 'b']);
    assert.equal(states(), 'skipped skipped');
    assert.equal(sent.length, 2);
});

test('another batch is asked about for itself', async () => {
    const { queue, sent, asked } = bench({ choice: 'replace', all: true });
    queue.add([item('a', { batch: 'one' })]);
    sent[0]!.failed(conflict());
    await settle();
    queue.add([item('b', { batch: 'two' })]);
    sent.at(-1)!.failed(conflict());
    await settle();
    assert.deepEqual(asked, ['a', 'b']);
});

test('after a reload: the same file goes on, another does not', () => {
    const { queue, sent, states } = bench();
    const lost = new Item(item('plano.pdf').saved, null);
    queue.add([lost]);
    assert.equal(states(), 'fileless');
    assert.equal(sent.length, 0);
    assert.ok(lost.isFor(file('plano.pdf'), [], 'ROOT'));
    assert.ok(!lost.isFor(file('plano.pdf', 11), [], 'ROOT'));
    assert.ok(!lost.isFor(file('plano.pdf'), ['otra'], 'R'));
    assert.ok(!lost.isFor(file('plano.pdf'), [], 'other root'));
    assert.ok(lost.isFor(file('plano.pdf'), [], null));
    queue.give(lost, file('plano.pdf'));
    assert.equal(states(), 'sending');
});

test('totals follow', () => {
    const { queue, sent } = bench();
    queue.add([item('a'), item('b')]);
    sent[0]!.done('E');
    queue.items.value[1]!.sent.value = 4;
    queue.countNow();
    assert.deepEqual([queue.totals.value.size, queue.totals.value.sent, queue.totals.value.counts.done], [20, 14, 1]);
});
