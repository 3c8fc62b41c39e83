import { browserHistory, settled, until } from '../support/browser';
import assert from 'node:assert/strict';
import test, { beforeEach } from 'node:test';
import { busyThen, cover, dropStaleEntry, onBack, takeEntries } from '../../src/model/layers';

const grace = 70; // milliseconds: a little more than a closed layer's entry is kept for another

window.addEventListener('popstate', () => onBack());
beforeEach(() => browserHistory.reset('/folders/x'));

test('a layer has an entry in the history, which goes when the layer is closed', async () => {
    const end = cover({ close: () => assert.fail('closed by Back') });
    assert.deepEqual(browserHistory.state, { layer: true });
    end();
    await until(() => browserHistory.at === 0);
});

test('Back closes the topmost layer, and the page stays', async () => {
    const closed: string[] = [];
    cover({ close: () => closed.push('drawer') });
    cover({ close: () => closed.push('dialog') });
    browserHistory.back();
    await until(() => closed.length === 1);
    browserHistory.back();
    await until(() => closed.length === 2);
    assert.deepEqual(closed, ['dialog', 'drawer']);
    assert.equal(browserHistory.at, 0);
});

test('a layer that opens as another closes takes over its entry', async () => {
    cover({ close: () => undefined })();
    const end = cover({ close: () => undefined });
    await settled(grace);
    assert.equal(browserHistory.at, 1);
    end();
    await until(() => browserHistory.at === 0);
});

test('a page that is gone to from layers is one step, whatever lay above', async () => {
    cover({ close: () => undefined });
    cover({ close: () => undefined });
    const went = takeEntries(() => browserHistory.replaceState({ depth: 1 }, '', '/folders/y'), 1);
    assert.ok(went);
    assert.ok(
        busyThen(() => undefined),
        'entries are being removed',
    );
    await until(() => location.pathname === '/folders/y');
    assert.equal(browserHistory.at, 1);
    assert.equal(
        takeEntries(() => assert.fail('there are no layers'), 1),
        false,
    );
});

test('the entry of a layer that a reload closed is removed', async () => {
    browserHistory.pushState({ layer: true }, '');
    dropStaleEntry();
    await until(() => browserHistory.at === 0);
});
