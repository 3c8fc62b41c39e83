import assert from 'node:assert/strict';
import test from 'node:test';
import { scrollToShow, tallest, windowOf } from '../../src/model/virtual-scroll';

const scroll = { rows: 100_000, rowHeight: 40, viewport: 800, scrollTop: 0, overscan: 8 };

test('only the rows near the viewport are drawn', () => {
    const top = windowOf(scroll);
    assert.deepEqual([top.first, top.last, top.height, top.offset], [0, 28, 4_000_000, 0]);
    const middle = windowOf({ ...scroll, scrollTop: 2_000_000 });
    assert.equal(middle.first, 50_000 - 8);
    assert.equal(middle.last, 50_000 + 20 + 8);
});

test('the end shows the last row', () => {
    const end = windowOf({ ...scroll, scrollTop: 4_000_000 - 800 });
    assert.equal(end.last, 100_000);
});

test('an empty and a short list', () => {
    assert.deepEqual(windowOf({ ...scroll, rows: 0 }), { first: 0, last: 0, height: 0, offset: 0 });
    assert.equal(windowOf({ ...scroll, rows: 3 }).last, 3);
});

test('beyond what a browser can lay out, the scroll bar still reaches every row', () => {
    const rows = 1_000_000;
    const end = windowOf({ ...scroll, rows, scrollTop: tallest - 800 });
    assert.equal(end.height, tallest);
    assert.equal(end.last, rows);
    // The last row's bottom is the element's bottom.
    assert.ok(Math.abs(rows * 40 + end.offset - tallest) < 1);
    const half = windowOf({ ...scroll, rows, scrollTop: (tallest - 800) / 2 });
    assert.ok(Math.abs(half.first + 8 - rows / 2) < 20);
});

test('showing a row moves as little as possible', () => {
    assert.equal(scrollToShow(5, scroll), null);
    assert.equal(scrollToShow(20, scroll), 21 * 40 - 800);
    assert.equal(scrollToShow(2, { ...scroll, scrollTop: 400 }), 80);
    assert.equal(scrollToShow(99_999, scroll), 4_000_000 - 800);
    const big = scrollToShow(999_999, { ...scroll, rows: 1_000_000 });
    assert.ok(big !== null && Math.abs(big - (tallest - 800)) < 1);
});
