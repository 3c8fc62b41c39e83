import assert from 'node:assert/strict';
import test, { mock } from 'node:test';
import type { TrashedEntry } from '../../src/api/shapes';
import { Pages, untagged } from '../../src/model/pages';
import { registerTrash, trashChanged } from '../../src/model/trash';
import { pageOf } from '../support/server';

test('the listing of the trash on screen is refreshed, and no other', async () => {
    const fetch = mock.fn(() => Promise.resolve(pageOf<TrashedEntry>([])));
    const pages = new Pages<TrashedEntry>(untagged(fetch));
    await pages.ensure(0);
    trashChanged();
    assert.equal(fetch.mock.callCount(), 1, 'none is shown yet');
    const end = registerTrash(pages);
    trashChanged();
    await pages.refresh();
    assert.equal(fetch.mock.callCount(), 2);
    const other = registerTrash(new Pages<TrashedEntry>(untagged(fetch)));
    end(); // of the listing before: the one that is shown now stays
    trashChanged();
    await new Promise((resolve) => setTimeout(resolve));
    assert.equal(fetch.mock.callCount(), 3);
    other();
    trashChanged();
    assert.equal(fetch.mock.callCount(), 3);
});
