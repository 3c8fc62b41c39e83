import { setMedia } from '../support/browser';
import assert from 'node:assert/strict';
import test from 'node:test';
import { narrow, printing, rail, touch, wide } from '../../src/model/screen';

test('each signal follows its media query', () => {
    const queries = [
        [narrow, 'screen and (max-width: 719px)'],
        [rail, '(min-width: 720px) and (max-width: 879px)'],
        [wide, '(min-width: 1200px)'],
        [printing, 'print'],
        [touch, '(pointer: coarse)'],
    ] as const;
    for (const [signal, query] of queries) {
        assert.equal(signal.value, false, query);
        setMedia(query, true);
        assert.equal(signal.value, true, query);
        setMedia(query, false);
        assert.equal(signal.value, false, query);
    }
});
