import assert from 'node:assert/strict';
import test, { mock } from 'node:test';
import { t } from '../../src/i18n/language';
import {
    canWrite,
    loadSpaces,
    personal,
    refreshSpaces,
    spaceById,
    spaceName,
    spaces,
    spacesChanged,
} from '../../src/model/spaces';
import { dismissAll, toasts } from '../../src/model/toasts';
import { answer, called, pageOf, problem, space } from '../support/server';

const mine = space('ana', { kind: 'personal' });
const team = space('Taller');

test('all pages of the spaces are loaded, and found by id', async () => {
    answer('GET', 'spaces?limit=200', pageOf([mine], 'more'));
    answer('GET', 'spaces?limit=200&cursor=more', pageOf([team]));
    await loadSpaces();
    assert.equal(spaces.value?.length, 2);
    assert.equal(personal.value?.id, mine.id);
    assert.equal(spaceById(team.id)?.name, 'Taller');
    assert.equal(spaceById('other'), null);
    assert.deepEqual([spaceName(mine), spaceName(team)], [t('space.personal'), 'Taller']);
});

test('a refresh that fails is shown, and leaves the spaces', async () => {
    answer('GET', 'spaces?limit=200', () => problem(500, 'internal'));
    const before = spaces.value;
    refreshSpaces();
    await new Promise((settled) => setImmediate(settled));
    assert.equal(toasts.value.length, 1);
    assert.equal(spaces.value, before);
    dismissAll();
});

test('many changes ask once, a moment later', async () => {
    const before = called('GET', 'spaces?limit=200').length;
    mock.timers.enable({ apis: ['setTimeout'] });
    for (let i = 0; i < 5; i++) spacesChanged();
    assert.equal(called('GET', 'spaces?limit=200').length, before);
    mock.timers.tick(1200);
    mock.timers.reset();
    assert.equal(called('GET', 'spaces?limit=200').length, before + 1);
});

test('editors and managers write, viewers and strangers do not', () => {
    const roles = ['manager', 'editor', 'viewer', null, undefined] as const;
    assert.deepEqual(roles.map(canWrite), [true, true, false, false, false]);
});
