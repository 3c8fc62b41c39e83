import { settled } from '../../support/browser';
import assert from 'node:assert/strict';
import test from 'node:test';
import { holdTab, openTabs, thisTab } from '../../../src/model/uploads/presence';

test('without locks, tabs are told by their timestamps and by their answers', async () => {
    holdTab();
    localStorage.setItem('bodega-tab-recent', String(Date.now() - 10_000));
    localStorage.setItem('bodega-tab-crashed', String(Date.now() - 80_000));
    const other = new BroadcastChannel('bodega.tabs');
    const heard: unknown[] = [];
    other.onmessage = ({ data }: MessageEvent<unknown>) => {
        heard.push(data);
        if (data === 'who') other.postMessage('bodega-tab-answering');
    };
    const tabs = await openTabs();
    assert.deepEqual([...tabs].sort(), [thisTab, 'bodega-tab-answering', 'bodega-tab-recent'].sort());
    other.postMessage('who');
    for (let i = 0; i < 100 && !heard.includes(thisTab); i++) await settled();
    assert.ok(heard.includes(thisTab), 'it answers others');
    other.close();
});

test('a tab that closes takes its timestamp along', () => {
    assert.ok(localStorage.getItem(thisTab));
    window.dispatchEvent(new Event('pagehide'));
    assert.equal(localStorage.getItem(thisTab), null);
});

test('with locks, the tabs are those that hold one, or wait for one', async () => {
    const requested: string[] = [];
    const locks = {
        request: (name: string) => (requested.push(name), new Promise(() => undefined)),
        query: () => Promise.resolve({ held: [{ name: 'bodega-tab-a' }], pending: [{ name: 'bodega-tab-b' }] }),
    };
    Object.assign(navigator, { locks });
    holdTab();
    assert.deepEqual(requested, [thisTab]);
    assert.deepEqual([...(await openTabs())].sort(), [thisTab, 'bodega-tab-a', 'bodega-tab-b'].sort());
});
