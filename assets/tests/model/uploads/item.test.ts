import assert from 'node:assert/strict';
import test from 'node:test';
import { Item } from '../../../src/model/uploads/item';
import { file, item, saved } from '../../support/uploads';

test('without its file an upload waits for it, unless the server has all bytes', () => {
    assert.equal(item('a').state.value, 'waiting');
    const fileless = new Item(saved('a'), null);
    assert.deepEqual([fileless.state.value, fileless.isReady], ['fileless', false]);
    const whole = new Item(saved('a', { whole: true }), null);
    assert.deepEqual([whole.state.value, whole.isReady], ['waiting', true]);
});

test('a file is the same by its name, size, date and folder', () => {
    const one = item('a', { folders: ['x', 'y'] });
    assert.ok(one.isFor(file('a'), ['x', 'y'], 'ROOT'));
    assert.ok(one.isFor(file('a'), [], null), 'chosen again: wherever it was meant for');
    assert.ok(!one.isFor(file('a'), ['x'], 'ROOT'));
    assert.ok(!one.isFor(file('a'), ['x', 'y'], 'OTHER'));
    assert.ok(!one.isFor(file('b'), [], null));
    assert.ok(!one.isFor(file('a', 11), [], null));
    assert.ok(!one.isFor(Object.assign(file('a'), { lastModified: 8 }), [], null));
});

test('a creation has a key for each folder, and one that was not answered has begun', () => {
    const one = item('a', { key: 'K' });
    assert.equal(one.creationKey, 'K.');
    one.saved.parent = 'P';
    assert.equal(one.creationKey, 'K.P');
    assert.deepEqual(
        [one.begun, item('a', { parent: 'P' }).begun, item('a', { parent: 'P', url: '/u' }).begun],
        [false, true, false],
    );
});
