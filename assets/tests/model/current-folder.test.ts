import assert from 'node:assert/strict';
import test from 'node:test';
import { currentFolder, visibleList } from '../../src/model/current-folder';
import { ListState } from '../../src/model/list-state';
import { Pages, untagged } from '../../src/model/pages';
import { entry, pageOf } from '../support/server';

test('a folder’s list serves New and paste, and a preview that steps through it', async () => {
    const files = [entry('a'), entry('b')];
    const list = new ListState(new Pages(untagged(() => Promise.resolve(pageOf(files)))));
    await list.pages.ensure(0);
    currentFolder.value = { spaceId: 'S', folder: { id: 'F', name: 'Informes' }, role: 'editor', list };
    visibleList.value = list;
    visibleList.value.select(files[1]!.id);
    assert.deepEqual(
        currentFolder.value.list.selected.value.map((one) => one.name),
        ['b'],
    );
    assert.equal(visibleList.value.item(files[0]!.id)?.name, 'a');
});
