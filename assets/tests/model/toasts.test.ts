import assert from 'node:assert/strict';
import test, { beforeEach, mock } from 'node:test';
import { dismiss, dismissAll, hold, offerUndo, release, showError, showMessage, toasts } from '../../src/model/toasts';

const texts = (): string => toasts.value.map((toast) => toast.text).join(' ');

beforeEach(() => {
    dismissAll();
    mock.timers.reset();
    mock.timers.enable({ apis: ['setTimeout'] });
});

test('a message goes after five seconds, an undo and an error after eight', () => {
    showMessage('plain');
    offerUndo('undo', 'Undo', () => undefined);
    showError('error');
    mock.timers.tick(5000);
    assert.equal(texts(), 'undo error');
    mock.timers.tick(3000);
    assert.equal(texts(), '');
});

test('at most three are shown, the newest last', () => {
    for (const text of ['a', 'b', 'c', 'd']) showMessage(text);
    assert.equal(texts(), 'b c d');
});

test('they stay while they are held', () => {
    showMessage('a');
    hold();
    mock.timers.tick(60_000);
    assert.equal(texts(), 'a');
    release();
    mock.timers.tick(60_000);
    assert.equal(texts(), '');
});

test('one that is dismissed is gone, and its action is kept until then', () => {
    let ran = 0;
    const id = offerUndo('done', 'Undo', () => ran++);
    toasts.value[0]!.action!.run();
    assert.equal(ran, 1);
    dismiss(id);
    assert.equal(texts(), '');
});
