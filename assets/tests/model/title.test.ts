import { page } from '../support/browser';
import assert from 'node:assert/strict';
import test from 'node:test';
import { pageTitle, progress, showTitle } from '../../src/model/title';

test('the window’s title is the page’s, with the progress of what is under way', () => {
    showTitle();
    assert.equal(page.title, 'bodega');
    pageTitle.value = 'Informes';
    assert.equal(page.title, 'Informes · bodega');
    progress.value = 0.999;
    assert.equal(page.title, '99% · Informes · bodega', 'what is not done is never 100 %');
    progress.value = null;
    assert.equal(page.title, 'Informes · bodega');
});
