import { settled } from '../support/browser';
import assert from 'node:assert/strict';
import test from 'node:test';
import { broadcastSession, onSessionMessage, type SessionMessage } from '../../src/model/session-channel';

test('tabs hear of each other, and none of itself', async () => {
    const heard: SessionMessage[] = [];
    onSessionMessage((message) => heard.push(message));
    const other = new BroadcastChannel('bodega.session');
    const told: unknown[] = [];
    other.onmessage = ({ data }: MessageEvent<unknown>) => told.push(data);
    broadcastSession({ said: 'in', user: 'U' });
    other.postMessage({ said: 'out' });
    for (let i = 0; i < 100 && !(heard.length && told.length); i++) await settled();
    assert.deepEqual(told, [{ said: 'in', user: 'U' }]);
    assert.deepEqual(heard, [{ said: 'out' }]);
    other.close();
});
