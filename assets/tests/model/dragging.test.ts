import { FakeElement, page, settled } from '../support/browser';
import assert from 'node:assert/strict';
import test, { beforeEach } from 'node:test';
import type { Entry } from '../../src/api/shapes';
import { t } from '../../src/i18n/language';
import { currentFolder } from '../../src/model/current-folder';
import { beginDrag, dragged, promise, watchDragging } from '../../src/model/dragging';
import { Pages, untagged } from '../../src/model/pages';
import { me } from '../../src/model/session';
import { dismissAll, toasts } from '../../src/model/toasts';
import { queue } from '../../src/model/uploads/uploads';
import { answer, called, entry, forgetCalls, pageOf, signedInAs } from '../support/server';

watchDragging();
me.value = signedInAs('ana').user;

const pages = new Pages<Entry>(untagged(() => Promise.resolve(pageOf([]))));
const target = Object.assign(new FakeElement(), { dataset: { drop: 'TO', dropName: 'Archivo' } });

class Transfer {
    types: string[] = [];
    items: unknown[] = [];
    dropEffect = '';
    effectAllowed = '';
    data = new Map<string, string>();
    setData = (type: string, text: string): void => void this.data.set(type, text);
    setDragImage = (): void => undefined;
}

function fire(type: string, on: FakeElement | null, transfer: Transfer, keys: { ctrlKey?: boolean } = {}): Event {
    const event = new Event(type, { cancelable: true });
    Object.assign(event, { dataTransfer: transfer, ctrlKey: false, altKey: false, relatedTarget: null, ...keys });
    Object.defineProperty(event, 'target', { value: on });
    page.dispatchEvent(event);
    return event;
}

function drag(...entries: Entry[]): Transfer {
    const transfer = new Transfer();
    beginDrag({ dataTransfer: transfer } as unknown as DragEvent, entries, pages);
    return transfer;
}

const files = (): Transfer => Object.assign(new Transfer(), { types: ['Files'] });

beforeEach(() => {
    dismissAll();
    forgetCalls();
    fire('dragend', null, new Transfer());
});

test('entries are moved to a folder, copied with a key held, and not onto themselves', () => {
    const a = entry('a');
    const transfer = drag(a);
    fire('dragover', target, transfer);
    assert.deepEqual(promise.value, { action: 'move', folder: 'Archivo', n: 1 });
    assert.equal(transfer.dropEffect, 'move');
    assert.ok(target.hasAttribute('data-lit'));
    fire('dragover', target, transfer, { ctrlKey: true });
    assert.equal(promise.value?.action, 'copy');
    const itself = Object.assign(new FakeElement(), { dataset: { drop: a.id, dropName: 'a' } });
    fire('dragover', itself, transfer);
    assert.equal(promise.value, null);
    assert.equal(transfer.dropEffect, 'none');
    fire('dragend', null, transfer);
    assert.equal(dragged.value, null);
});

test('a drop moves what was dragged', async () => {
    const a = entry('a');
    answer('PATCH', `entries/${a.id}`, { ...a, parent_id: 'TO' });
    fire('drop', target, drag(a));
    await settled();
    assert.deepEqual(called('PATCH', `entries/${a.id}`)[0]?.body, { parent_id: 'TO' });
    assert.equal(promise.value, null);
});

test('a file that is dragged out is one that Chromium can save', () => {
    const transfer = drag(entry('a:b.txt', { mime: 'text/plain' }));
    assert.match(transfer.data.get('DownloadURL')!, /^text\/plain:a_b\.txt:https:\/\/bodega\.test\/api\/v1\/entries\//);
    assert.equal(drag(entry('a'), entry('b')).data.get('text/plain'), 'a\nb');
});

test('files from outside are uploaded to the folder that they are dropped on', async () => {
    const file = Object.assign(new Blob(['x']), { name: 'x.txt', lastModified: 1 });
    const transfer = files();
    transfer.items = [{ kind: 'file', webkitGetAsEntry: () => null, getAsFile: () => file }];
    fire('dragover', target, transfer);
    assert.equal(promise.value?.action, 'upload');
    fire('drop', target, transfer);
    await settled();
    assert.deepEqual(
        queue.items.value.map((item) => [item.saved.name, item.saved.root]),
        [['x.txt', 'TO']],
    );
    queue.cancelAll();
});

test('files that nothing takes are refused with a reason, and the browser does not open them', () => {
    const event = fire('drop', new FakeElement(), files());
    assert.ok(event.defaultPrevented);
    assert.equal(toasts.value.at(-1)?.text, t('drop.nowhere'));
    currentFolder.value = { spaceId: 'S', folder: { id: 'F', name: 'Lectura' }, role: 'viewer', list: {} as never };
    fire('drop', new FakeElement(), files());
    assert.equal(toasts.value.at(-1)?.text, t('drop.viewer', { folder: 'Lectura' }));
    currentFolder.value = null;
});
