import { browserHistory, loads, until } from '../support/browser';
import assert from 'node:assert/strict';
import test, { beforeEach } from 'node:test';
import { call } from '../../src/api/call';
import { path } from '../../src/api/url';
import { t } from '../../src/i18n/language';
import { dialogs, show } from '../../src/model/dialogs';
import { address, followHistory, route } from '../../src/model/route';
import { enter, leave, me, onAccountChange, server, signedIn, signedOutBy, start } from '../../src/model/session';
import { toasts } from '../../src/model/toasts';
import { answer, called, forgetCalls, freshId, problem, signedInAs } from '../support/server';

const folder = `/folders/${freshId()}`;
const ana = signedInAs('ana');
const luis = signedInAs('luis');
const tabs = new BroadcastChannel('bodega.session');
const told: unknown[] = [];
tabs.onmessage = ({ data }: MessageEvent<unknown>) => told.push(data);

followHistory();

function at(url: string): void {
    browserHistory.reset(url);
    address.value = { path: location.pathname, search: location.search };
}

beforeEach(() => {
    told.length = loads.length = 0;
    forgetCalls();
    at(folder);
});

test('a page without a session leads to the sign-in page, and knows the way back', async () => {
    answer('GET', 'session', () => problem(401, 'unauthenticated'));
    await start();
    assert.equal(me.value, null);
    assert.deepEqual(route.value, { page: 'sign-in', next: folder });
    assert.equal(signedOutBy.value, null, 'there was none before');
});

test('after signing in the page goes on where it was, and tells the other tabs', async () => {
    at(`/sign-in?next=${encodeURIComponent(folder)}`);
    answer('GET', 'session', { ...ana, server: { ...ana.server, password_min_length: 12 } });
    await enter(ana, folder);
    assert.equal(me.value?.username, 'ana');
    assert.equal(location.pathname, folder);
    assert.equal(server.value.password_min_length, 12, 'the limits come with GET');
    await until(() => told.length > 0);
    assert.deepEqual(told, [{ said: 'in', user: ana.user.id }]);
    assert.equal(called('GET', 'session')[0]!.headers.get('Bodega-User'), ana.user.id);
});

test('a session that has ended closes what is open, and says why', async () => {
    void show(() => 'a dialog');
    answer('GET', 'anything', () => problem(401, 'unauthenticated'));
    await assert.rejects(call('GET', path`anything`));
    assert.equal(me.value, null);
    assert.equal(dialogs.value.length, 0);
    assert.equal(signedOutBy.value, 'end');
    assert.deepEqual(route.value, { page: 'sign-in', next: folder });
});

test('another account starts with a page that remembers nothing', async () => {
    signedIn(ana);
    await enter(luis, folder);
    assert.deepEqual(loads, [folder]);
    assert.equal(me.value?.username, 'ana', 'until the page is loaded');
});

test('another tab that signs out takes this one along', async () => {
    signedIn(ana);
    let stopped = 0;
    onAccountChange(() => stopped++);
    tabs.postMessage({ said: 'in', user: ana.user.id });
    tabs.postMessage({ said: 'out' });
    await until(() => me.value === null);
    assert.equal(signedOutBy.value, 'tab');
    assert.equal(stopped, 1);
});

test('another account in another tab loads this one again', async () => {
    signedIn(ana);
    tabs.postMessage({ said: 'in', user: luis.user.id });
    await until(() => loads.length > 0);
    assert.deepEqual(loads, [folder]);
});

test('a call for an account that is not signed in any more loads the page, which then says whose it is', async () => {
    signedIn(ana);
    answer('GET', 'anything', () => problem(403, 'wrong_account', { username: 'luis' }));
    await assert.rejects(call('GET', path`anything`));
    assert.deepEqual(loads, [folder]);
    answer('GET', 'session', luis);
    await start();
    assert.equal(toasts.value.at(-1)?.text, t('session.now', { name: 'luis' }));
});

test('signing out ends the session for all tabs, and gives no reason', async () => {
    signedIn(ana);
    answer('DELETE', 'session', undefined);
    await leave();
    assert.equal(me.value, null);
    assert.equal(location.pathname + location.search, '/sign-in');
    assert.equal(signedOutBy.value, null);
    await until(() => told.length > 0);
    assert.deepEqual(told, [{ said: 'out' }]);
    assert.equal(localStorage.getItem('bodega.signed_in'), null);
});

test('a sign-out that the server refuses leaves the session', async () => {
    signedIn(ana);
    answer('DELETE', 'session', () => problem(500, 'internal'));
    await assert.rejects(leave());
    assert.equal(me.value?.username, 'ana');
});
