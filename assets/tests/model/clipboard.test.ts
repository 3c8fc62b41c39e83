import { page } from '../support/browser';
import assert from 'node:assert/strict';
import test, { mock } from 'node:test';
import { copyText } from '../../src/model/clipboard';

test('text is copied by the clipboard API where there is one', async () => {
    const writeText = mock.fn(() => Promise.resolve());
    Object.assign(navigator, { clipboard: { writeText } });
    assert.equal(await copyText('abc'), true);
    assert.deepEqual(writeText.mock.calls[0]!.arguments, ['abc']);
});

test('elsewhere by a selection, which leaves nothing in the page', async () => {
    Object.assign(navigator, { clipboard: undefined });
    page.execCommand = () => page.body.children[0]?.value === 'abc';
    assert.equal(await copyText('abc'), true);
    assert.equal(page.body.children.length, 0);
    page.execCommand = () => false;
    assert.equal(await copyText('abc'), false);
});
