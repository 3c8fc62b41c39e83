import assert from 'node:assert/strict';
import test from 'node:test';
import { answered, pauseBefore, trouble, tryNow, waitToRetry } from '../../src/api/connection';

test('waiting before another try: doubling, bounded, the server’s word first', () => {
    assert.equal(pauseBefore(0, null, 0.5), 500);
    assert.equal(pauseBefore(20, null, 0.5), 15_000);
    assert.equal(pauseBefore(0, 7, 0), 7000);
});

test('calls that wait are told, go on at once when asked, and end when they are given up', async () => {
    const stop = new AbortController();
    const waits = [waitToRetry(60_000, 'offline'), waitToRetry(60_000, 'offline', stop.signal)];
    assert.deepEqual(trouble.value, { why: 'offline', waiting: 2 });
    stop.abort();
    await assert.rejects(waits[1]!, { name: 'AbortError' });
    tryNow();
    await waits[0];
    answered();
    assert.equal(trouble.value, null);
});
