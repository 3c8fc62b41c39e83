import assert from 'node:assert/strict';
import test from 'node:test';
import type { Fleet, FleetNode } from '../../src/api/shapes';
import { lines, totals } from '../../src/model/fleet';

const node = (name: string, more: Partial<FleetNode>): FleetNode => ({
    id: name,
    name,
    version: '1',
    address: '',
    state: 'ready',
    asked: null,
    started_at: 0,
    seen_at: 100_000,
    stats: null,
    drain_asked_at: null,
    ...more,
});
const fleet = (...items: FleetNode[]): Fleet => ({
    items,
    now: 100_000,
    drains: [],
    leases: [],
    uploads: { open: 0, active: 0, received_bytes: 0, length_bytes: 0 },
    storage: { used_bytes: null, free_bytes: null, total_bytes: null },
});

test('samples of nodes that beat at different moments share one axis', () => {
    const seen = lines(
        fleet(
            node('a', { stats: { every: 5000, rate: [1, 2, 3] } }),
            node('b', { seen_at: 106_900, stats: { every: 5000, rate: [7, null] } }),
        ),
        'rate',
    );
    assert.deepEqual(seen.times, [90, 95, 100, 105]);
    assert.deepEqual(
        seen.lines.map((line) => line.values),
        [
            [1, 2, 3, null],
            [null, null, 7, null],
        ],
    );
});

test('what is gone draws no line, what is silent does; a node without samples is an empty line', () => {
    const seen = lines(
        fleet(
            node('gone', { state: 'gone', stats: { rate: [9] } }),
            node('lost', { state: 'lost', seen_at: 50_000, stats: { rate: [1] } }),
            node('old', {}),
        ),
        'rate',
    );
    assert.deepEqual(
        seen.lines.map((line) => [line.name, line.values]),
        [
            ['lost', [1]],
            ['old', [null]],
        ],
    );
    assert.deepEqual(lines(fleet(node('old', {})), 'rate'), { times: [], lines: [] });
});

test('tints go round, and a second round is dashed', () => {
    const seen = lines(fleet(...Array.from({ length: 8 }, (_, i) => node(`n${i}`, { stats: { rate: [i] } }))), 'rate');
    assert.deepEqual(seen.lines.map((line) => [line.tint, line.dashed]).slice(5), [
        [5, false],
        [0, true],
        [1, true],
    ]);
});

test('totals add up what is up, and say when nothing is known', () => {
    const all = fleet(
        node('a', { stats: { rate: [1, 10], errors: [0, 1], p99: [5, 20] } }),
        node('b', { state: 'draining', stats: { rate: [2.5], errors: [0], p99: [null] } }),
        node('c', { state: 'lost', stats: { rate: [100] } }),
        node('d', { state: 'gone' }),
    );
    assert.deepEqual(totals(all), { ready: 1, nodes: 3, rate: 12.5, errors: 1, p99: 20 });
    assert.deepEqual(totals(fleet(node('a', {}))), { ready: 1, nodes: 1, rate: null, errors: null, p99: null });
});
