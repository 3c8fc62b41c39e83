import { setMedia } from '../support/browser';
import assert from 'node:assert/strict';
import test from 'node:test';
import { detailsOpen } from '../../src/model/details';
import { dockedDetails } from '../../src/model/preferences';

test('the choice is kept only where the panel stands beside the list', () => {
    assert.equal(detailsOpen.value, false, 'no page begins with a panel over the list');
    detailsOpen.value = true;
    assert.equal(dockedDetails.value, false);
    setMedia('(min-width: 1200px)', true);
    detailsOpen.value = false;
    detailsOpen.value = true;
    assert.equal(dockedDetails.value, true);
    assert.equal(localStorage.getItem('bodega.details'), 'true');
});
