import assert from 'node:assert/strict';
import test from 'node:test';
import {
    TypeAhead,
    allOf,
    cleared,
    extended,
    kept,
    nothing,
    only,
    stepped,
    toggled,
    type Selection,
} from '../../src/model/selection';

const order = ['a', 'b', 'c', 'd', 'e'];
const ids = (selection: Selection): string => [...selection.ids].sort().join('');
const down = { by: 1, extend: false, keep: false };

test('click selects one, ctrl toggles, shift extends from the anchor', () => {
    let now = only('b');
    assert.equal(ids(now), 'b');
    now = toggled(now, 'd');
    assert.equal(ids(now), 'bd');
    now = toggled(now, 'b');
    assert.equal(ids(now), 'd');
    now = extended(only('b'), order, 'd');
    assert.equal(ids(now), 'bcd');
    assert.equal(ids(extended(now, order, 'a')), 'ab');
    assert.equal(now.anchor, 'b');
});

test('shift with ctrl keeps what was selected', () => {
    const now = extended({ ...only('a'), anchor: 'c' }, order, 'd', true);
    assert.equal(ids(now), 'acd');
});

test('arrows move, stop at the ends, and start at an end', () => {
    assert.equal(stepped(nothing, order, down).focus, 'a');
    assert.equal(stepped(nothing, order, { ...down, by: -1 }).focus, 'e');
    assert.equal(stepped(nothing, order, { ...down, by: -Infinity }).focus, 'a');
    assert.equal(stepped(nothing, order, { ...down, by: Infinity }).focus, 'e');
    assert.equal(stepped(only('e'), order, down).focus, 'e');
    assert.equal(stepped(only('b'), order, { ...down, by: Infinity }).focus, 'e');
    assert.equal(stepped(only('d'), order, { ...down, by: -Infinity }).focus, 'a');
    assert.equal(ids(stepped(only('b'), order, down)), 'c');
});

test('shift and an arrow extend and shrink, ctrl and an arrow only move', () => {
    let now = stepped(only('b'), order, { ...down, extend: true });
    now = stepped(now, order, { ...down, extend: true });
    assert.equal(ids(now), 'bcd');
    now = stepped(now, order, { by: -1, extend: true, keep: false });
    assert.equal(ids(now), 'bc');
    now = stepped(only('b'), order, { ...down, keep: true });
    assert.equal(ids(now), 'b');
    assert.equal(now.focus, 'c');
});

test('clearing keeps the focus; all is all', () => {
    assert.equal(ids(allOf(order, only('c'))), 'abcde');
    const now = cleared(only('c'));
    assert.equal(now.ids.size, 0);
    assert.equal(now.focus, 'c');
});

test('when rows go, the focus goes to a neighbour', () => {
    const now = kept({ ids: new Set(['c', 'd']), anchor: 'c', focus: 'c' }, order, ['a', 'b', 'd', 'e']);
    assert.equal(ids(now), 'd');
    assert.equal(now.focus, 'd');
    assert.equal(kept(only('e'), order, ['a', 'b']).focus, 'b');
    assert.equal(kept(only('a'), order, []).focus, null);
});

test('an empty list has nowhere to step', () => assert.equal(stepped(nothing, [], down), nothing));

test('type-ahead finds by what is typed, and one letter again finds the next', () => {
    const names = ['alamo', 'arce', 'cedro', 'caoba', 'cerezo'];
    const typed = new TypeAhead();
    assert.equal(typed.press('c', names, 0, 0), 2);
    assert.equal(typed.press('e', names, 2, 100), 2);
    assert.equal(typed.press('r', names, 2, 200), 4);
    assert.equal(typed.press('c', names, 4, 5000), 2);
    assert.equal(typed.press('c', names, 2, 5100), 3);
    assert.equal(typed.press('z', names, 3, 9000), -1);
});
