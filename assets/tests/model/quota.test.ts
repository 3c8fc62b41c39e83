import assert from 'node:assert/strict';
import test from 'node:test';
import { quotaBytes, quotaText } from '../../src/model/quota';

const gib = 2 ** 30;

test('a limit that is shown and saved again is the same limit', () => {
    for (const bytes of [
        null,
        0,
        1,
        1000,
        2 ** 20,
        734003200,
        gib - 1,
        gib,
        gib + 1,
        1.5 * gib,
        10 ** 12,
        4000 * gib + 12345,
    ]) {
        assert.equal(quotaBytes(quotaText(bytes)), bytes, quotaText(bytes));
    }
});

test('limits read short where they are', () => {
    assert.equal(quotaText(2 * gib), '2');
    assert.equal(quotaText(1.5 * gib), '1.5');
    assert.equal(quotaText(null), '');
});

test('what a person writes', () => {
    assert.equal(quotaBytes(' 1,5 '), 1.5 * gib);
    assert.equal(quotaBytes(''), null);
    for (const wrong of ['x', '-1', '1e99']) assert.equal(quotaBytes(wrong), undefined, wrong);
});
