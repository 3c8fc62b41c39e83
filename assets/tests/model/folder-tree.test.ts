import assert from 'node:assert/strict';
import test from 'node:test';
import {
    addInside,
    fetchInner,
    keyStep,
    openAt,
    spaceBranches,
    unfold,
    visibleBranches,
} from '../../src/model/folder-tree';
import { spaces } from '../../src/model/spaces';
import { answer, called, entry, folder, openEntry, pageOf, space } from '../support/server';

const team = space('Taller');
const children = (id: string): string => `entries/${id}/children`;
const names = (branches: readonly { name: string }[]): string => branches.map((one) => one.name).join(' ');

test('the tops are the spaces that may be written to', () => {
    spaces.value = [team, space('Lectura', { role: 'viewer' }), space('Ajeno', { role: null })];
    assert.equal(names(spaceBranches()), 'Taller');
});

test('folders are fetched page by page, up to the first file', async () => {
    spaces.value = [team];
    const [root] = spaceBranches();
    const pages = [pageOf([folder('a'), folder('b')], 'more'), pageOf([folder('c'), entry('file')], 'files')];
    answer('GET', children(team.root_id), () => pages.shift());
    await unfold(root!);
    assert.equal(names(visibleBranches([root!])), 'Taller a b');
    assert.equal(root!.more.value, 'more');
    await fetchInner(root!);
    assert.equal(names(visibleBranches([root!])), 'Taller a b c');
    assert.equal(root!.more.value, null, 'what follows is files');
    await unfold(root!);
    assert.equal(called('GET', `${children(team.root_id)}?limit=200&sort=name&order=asc`).length, 1, 'fetched once');
});

test('it opens where the user is, and else at the first space', async () => {
    spaces.value = [team];
    const roots = spaceBranches();
    const [outer, inner] = [folder('Informes'), folder('2026')];
    answer('GET', children(team.root_id), pageOf([outer]));
    answer('GET', children(outer.id), pageOf([inner]));
    answer('GET', children(inner.id), pageOf([]));
    const path = [
        { id: team.root_id, name: '' },
        { id: outer.id, name: outer.name },
    ];
    answer('GET', `entries/${inner.id}`, openEntry('2026', { ...inner, path }));
    const found = await openAt(roots, { id: inner.id, name: '' });
    assert.equal(found?.name, '2026');
    assert.equal(names(visibleBranches(roots)), 'Taller Informes 2026');
    assert.equal((await openAt(roots, { id: 'gone', name: '' }))?.name, 'Taller');
    assert.equal((await openAt(roots, null))?.name, 'Taller');
});

test('a folder that is made there is shown there, once', async () => {
    spaces.value = [team];
    const [root] = spaceBranches();
    answer('GET', children(team.root_id), pageOf([folder('a')]));
    await unfold(root!);
    const made = folder('Nueva');
    answer('POST', `entries/${team.root_id}/folders`, made);
    assert.equal((await addInside(root!, 'Nueva', 'key')).id, made.id);
    assert.equal(names(visibleBranches([root!])), 'Taller a Nueva');
    assert.equal(called('POST', `entries/${team.root_id}/folders`)[0]!.headers.get('Idempotency-Key'), 'key');
});

test('keys walk the branches that are shown', async () => {
    spaces.value = [team];
    const [root] = spaceBranches();
    answer('GET', children(team.root_id), pageOf([folder('a'), folder('b')]));
    assert.equal(keyStep('ArrowRight', [root!], root!), 'unfold');
    await unfold(root!);
    const [top, a, b] = visibleBranches([root!]);
    const step = (key: string, chosen = a!) => {
        const to = keyStep(key, [top!, a!, b!], chosen);
        return to && typeof to === 'object' ? to.name : to;
    };
    assert.deepEqual(
        ['ArrowDown', 'ArrowUp', 'Home', 'End', 'ArrowLeft'].map((key) => step(key)),
        ['b', 'Taller', 'Taller', 'b', 'Taller'],
    );
    assert.equal(step('ArrowDown', b), null, 'the key is the tree’s, at its end, too');
    assert.deepEqual([step('ArrowRight', top), step('ArrowLeft', top), step('Enter')], ['a', 'fold', 'accept']);
    assert.equal(step('x'), undefined);
    assert.equal(keyStep('Enter', [top!], null), undefined);
});
