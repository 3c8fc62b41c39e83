import assert from 'node:assert/strict';
import test from 'node:test';
import type { Entry } from '../../src/api/shapes';
import { ListState } from '../../src/model/list-state';
import { Pages, untagged } from '../../src/model/pages';
import { entry, pageOf } from '../support/server';

async function list(...names: string[]) {
    const entries = names.map((name) => entry(name));
    const state = new ListState<Entry>(new Pages<Entry>(untagged(() => Promise.resolve(pageOf(entries)))));
    await state.pages.ensure(0);
    const selected = (): string => state.selected.value.map((one) => one.name).join(' ');
    const id = (name: string): string => entries.find((one) => one.name === name)!.id;
    return { state, selected, id };
}

test('what is selected is given in the order of the list', async () => {
    const { state, selected, id } = await list('a', 'b', 'c');
    state.selection.value = { ids: new Set([id('c'), id('a'), 'gone']), anchor: null, focus: null };
    assert.equal(selected(), 'a c');
    assert.equal(state.item(id('b'))?.name, 'b');
    assert.equal(state.item('gone'), null);
});

test('a row that leaves the list leaves the selection, and its neighbour gets the focus', async () => {
    const { state, selected, id } = await list('a', 'b', 'c');
    state.select(id('b'));
    assert.equal(state.shown.value, 1);
    state.pages.begin(new Set([id('b')])).end();
    assert.equal(selected(), '');
    assert.equal(state.selection.value.focus, id('c'));
});

test('rows that a running action removes are not selected any more', async () => {
    const { state, selected, id } = await list('a', 'b');
    await state.selectAll();
    const leaving = state.pages.leave(new Set([id('a')]));
    assert.equal(selected(), 'b');
    leaving.end(new Set([id('a')]));
    assert.equal(selected(), 'a b', 'it was refused');
});

test('typing leads to a name, accents and case aside', async () => {
    const { state, selected } = await list('Álamo', 'Alerce', 'Banco');
    assert.equal(state.typing, false);
    state.type('a');
    assert.equal(selected(), 'Álamo');
    state.type('l');
    state.type('e');
    assert.equal(selected(), 'Alerce');
    assert.equal(state.typing, true);
    state.type('z');
    assert.equal(selected(), 'Alerce', 'no name begins so');
});
