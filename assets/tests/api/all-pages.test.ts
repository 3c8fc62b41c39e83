import assert from 'node:assert/strict';
import test from 'node:test';
import { allPages } from '../../src/api/all-pages';
import type { Page } from '../../src/api/shapes';

test('a list that is wanted whole is read to its last page, each page once', async () => {
    const pages: Record<string, Page<number>> = {
        '': { items: [1, 2], next_cursor: 'a' },
        a: { items: [3], next_cursor: 'b' },
        b: { items: [], next_cursor: null },
    };
    const asked: (string | null)[] = [];
    const items = await allPages<number>(async (cursor) => {
        asked.push(cursor);
        return pages[cursor ?? '']!;
    });
    assert.deepEqual(items, [1, 2, 3]);
    assert.deepEqual(asked, [null, 'a', 'b']);
});
