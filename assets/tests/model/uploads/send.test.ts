import { faults, refusal, requests, resetTus, uploads } from '../../support/tus';
import assert from 'node:assert/strict';
import test, { beforeEach } from 'node:test';
import { ApiError } from '../../../src/api/error';
import { Item, type Hold, type Saved } from '../../../src/model/uploads/item';
import { discardUpload, discarded, sendFile } from '../../../src/model/uploads/send';
import { settled } from '../../support/browser';
import { answer, called, entry, problem } from '../../support/server';
import { file, saved } from '../../support/uploads';

interface Seen {
    item: Item;
    stands: [string | null, boolean][];
    sent: number[];
    held: Hold[];
    stop: () => void;
    end: Promise<string | null>; // the entry's id; rejected by what failed
}

function send(more: Partial<Saved> = {}, content: File | null = file('a.txt')): Seen {
    const item = new Item(saved('a.txt', { parent: 'P', ...more }), content);
    const seen: Seen = { item, stands: [], sent: [], held: [], stop: () => undefined, end: Promise.resolve(null) };
    seen.end = new Promise((done, failed) => {
        seen.stop = sendFile(item, content, {
            parent: Promise.resolve('P'),
            stands: (url, whole) => {
                seen.stands.push([url, whole]);
                Object.assign(item.saved, { url, whole });
            },
            progress: (sent) => seen.sent.push(sent),
            held: (by) => seen.held.push(by),
            done,
            failed,
        });
    });
    return seen;
}

const methods = (): string => requests.map((request) => request.method).join(' ');
const codeOf =
    (code: string) =>
    (error: unknown): boolean =>
        error instanceof ApiError && error.code === code;

beforeEach(resetTus);

test('a small file goes up with its creation, and becomes an entry', async () => {
    const seen = send();
    assert.match((await seen.end)!, /^ENTRY-/);
    assert.equal(methods(), 'POST');
    const [{ headers }] = requests as [(typeof requests)[0]];
    const metadata = headers.get('upload-metadata')!;
    assert.ok(metadata.includes(`filename ${btoa('a.txt')}`) && metadata.includes(`lastModified ${btoa('7')}`));
    assert.equal(headers.get('idempotency-key'), seen.item.creationKey);
});

test('an upload goes on from the server’s offset', async () => {
    uploads.set('U', { id: 'U', length: 10, offset: 4, key: '' });
    const seen = send({ url: '/api/v1/uploads/U' });
    assert.equal(await seen.end, 'ENTRY-U');
    assert.equal(methods(), 'HEAD PATCH');
    assert.equal(requests[1]!.bytes, 6);
    assert.equal(seen.sent.at(-1), 10);
});

for (const [what, fault, held] of [
    ['is lost', 'lost', 'connection'],
    ['says that the server is away', { status: 503, body: { code: 'unavailable' } }, 'server'],
] as const)
    test(`an answer that ${what} is waited out, and the file is sent once`, async () => {
        faults.push(fault);
        const seen = send();
        assert.match((await seen.end)!, /^ENTRY-/);
        assert.deepEqual(seen.held, [held]);
        assert.equal(uploads.size, 1);
    });

test('a refusal that will not pass ends it', async () => {
    faults.push({ status: 507, body: { code: 'quota_exceeded' } });
    const seen = send();
    await assert.rejects(seen.end, codeOf('quota_exceeded'));
    assert.equal(seen.item.begun, false, 'no upload was made');
});

test('a file that cannot be read any more is said to be that', async () => {
    faults.push('lost');
    const gone = Object.assign(file('a.txt'), {
        slice: () => ({ size: 10, arrayBuffer: () => Promise.reject(new Error('gone')) }),
    });
    await assert.rejects(send({}, gone).end, codeOf('unreadable'));
});

test('a name that exists leaves the bytes on the server; the decision alone is sent', async () => {
    refusal.code = 'name_taken';
    const seen = send();
    await assert.rejects(seen.end, codeOf('name_taken'));
    const [url, whole] = seen.stands.at(-1)!;
    assert.ok(whole);
    const id = url!.split('/').at(-1)!;
    answer('POST', `uploads/${id}/finish`, entry('a (2).txt', { id: 'E' }));
    requests.length = 0;
    assert.equal(await send({ url, whole, conflict: 'rename' }, null).end, 'E');
    assert.deepEqual(called('POST', `uploads/${id}/finish`)[0]!.body, { on_conflict: 'rename' });
    assert.equal(methods(), '');
});

test('bytes that the server has not, after all, are sent', async () => {
    uploads.set('W', { id: 'W', length: 10, offset: 8, key: '' });
    answer('POST', 'uploads/W/finish', () => problem(409, 'offset_mismatch'));
    const seen = send({ url: '/api/v1/uploads/W', whole: true });
    assert.equal(await seen.end, 'ENTRY-W');
    assert.equal(methods(), 'HEAD PATCH');
});

test('what is stopped says nothing more', async () => {
    const seen = send();
    let ended = false;
    void seen.end.finally(() => (ended = true));
    seen.stop();
    await settled(30);
    assert.equal(ended, false);
});

test('an upload that is given up is deleted, also one whose creation was not answered', async () => {
    uploads.set('U', { id: 'U', length: 10, offset: 4, key: '' });
    discardUpload(new Item(saved('a', { url: '/api/v1/uploads/U' }), null));
    await discarded();
    assert.equal(uploads.size, 0);
    const begun = new Item(saved('b', { parent: 'P' }), null);
    uploads.set('V', { id: 'V', length: 10, offset: 0, key: begun.creationKey });
    discardUpload(begun);
    await discarded();
    assert.equal(uploads.size, 0);
    requests.length = 0;
    discardUpload(new Item(saved('c'), file('c')));
    await discarded();
    assert.equal(methods(), '', 'nothing was sent of it');
});
