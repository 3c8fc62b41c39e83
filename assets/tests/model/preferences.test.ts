import { page, setMedia } from '../support/browser';
import assert from 'node:assert/strict';
import test, { before } from 'node:test';
import type * as Preferences from '../../src/model/preferences';

let preferences: typeof Preferences;

before(async () => {
    localStorage.setItem('bodega.view', '"grid"');
    localStorage.setItem('bodega.theme', '"neon"');
    localStorage.setItem('bodega.sort', '{"key":');
    preferences = await import('../../src/model/preferences');
});

test('what was chosen is read again, and what is invalid is not', () => {
    assert.equal(preferences.view.value, 'grid');
    assert.equal(preferences.theme.value, 'system');
    assert.deepEqual(preferences.sort.value, { key: 'name', order: 'asc' });
});

test('a choice is written at once', () => {
    preferences.sort.value = { key: 'size', order: 'desc' };
    assert.equal(localStorage.getItem('bodega.sort'), '{"key":"size","order":"desc"}');
});

test('the theme is the choice, or else the system’s', () => {
    preferences.applyTheme();
    assert.equal(page.documentElement.dataset.theme, 'light');
    setMedia('(prefers-color-scheme: dark)', true);
    assert.equal(page.documentElement.dataset.theme, 'dark');
    preferences.theme.value = 'light';
    assert.equal(page.documentElement.dataset.theme, 'light');
});
