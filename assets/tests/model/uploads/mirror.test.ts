import { settled, until } from '../../support/browser';
import assert from 'node:assert/strict';
import test, { before } from 'node:test';
import { signal } from '@preact/signals';
import { me, signedIn } from '../../../src/model/session';
import { askTab, mirrorUploads, mirrors, type Snapshot } from '../../../src/model/uploads/mirror';
import { signedInAs } from '../../support/server';

const ana = signedInAs('ana');
const open = signal(0);
const obeyed: string[] = [];
const other = new BroadcastChannel('bodega.uploads');
const heard: Record<string, unknown>[] = [];
other.onmessage = ({ data }: MessageEvent<Record<string, unknown>>) => heard.push(data);

const snapshot = (more: Partial<Snapshot> = {}): object => ({
    said: 'uploads',
    tab: 'other',
    user: ana.user.id,
    at: 0,
    open: 2,
    all: 2,
    part: 0.5,
    headline: 'Uploading',
    rows: [],
    ...more,
});

before(() => {
    signedIn(ana);
    mirrorUploads(
        'mine',
        () => ({ open: open.value, all: 1, part: 0, headline: '', rows: [] }),
        (key, command) => obeyed.push(`${command} ${key}`),
    );
});

test('a tab that is opened asks the others, and one with nothing to send says nothing', async () => {
    await until(() => heard.some((message) => message['said'] === 'asked'));
    other.postMessage({ said: 'asked' });
    await settled(30);
    assert.ok(!heard.some((message) => message['said'] === 'uploads'));
});

test('what it sends is told as it changes, and to those that ask', async () => {
    open.value = 1;
    await until(() => heard.some((message) => message['said'] === 'uploads' && message['open'] === 1));
    heard.length = 0;
    other.postMessage({ said: 'asked' });
    await until(() => heard.some((message) => message['tab'] === 'mine' && message['user'] === ana.user.id));
});

test('another tab’s uploads are shown until it has none, and only those of this account', async () => {
    other.postMessage(snapshot());
    await until(() => mirrors.value.length === 1);
    assert.equal(mirrors.value[0]!.part, 0.5);
    other.postMessage(snapshot({ tab: 'stranger', user: 'somebody' }));
    other.postMessage(snapshot({ open: 0 }));
    await until(() => mirrors.value.length === 0);
});

test('a command is obeyed by the tab that it names', async () => {
    other.postMessage({ said: 'do', tab: 'another', key: 'K', command: 'cancel' });
    other.postMessage({ said: 'do', tab: 'mine', key: 'K', command: 'pause' });
    await until(() => obeyed.length > 0);
    assert.deepEqual(obeyed, ['pause K']);
    askTab('other', 'K2', 'resume');
    await until(() =>
        heard.some((message) => message['said'] === 'do' && message['key'] === 'K2' && message['command'] === 'resume'),
    );
});

test('a tab that closes says that its uploads are gone', async () => {
    heard.length = 0;
    window.dispatchEvent(new Event('pagehide'));
    await until(() => heard.some((message) => message['open'] === 0));
    assert.equal(me.value?.id, ana.user.id);
});
