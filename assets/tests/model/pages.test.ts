import assert from 'node:assert/strict';
import test from 'node:test';
import { Pages, type PageRequest } from '../../src/model/pages';

interface Thing {
    id: string;
    name: string;
}
const things = (n: number): Thing[] =>
    Array.from({ length: n }, (_, i) => ({ id: `i${i}`, name: String(i).padStart(6, '0') }));

function served(all: { list: Thing[]; etag: string; calls: number[] }) {
    return async ({ cursor, limit, etag }: PageRequest) => {
        all.calls.push(limit);
        if (etag === all.etag) return { unchanged: true, etag, value: undefined as never };
        const begin = cursor ? Number(cursor) : 0;
        const items = all.list.slice(begin, begin + limit);
        const next = begin + limit < all.list.length ? String(begin + limit) : null;
        return { unchanged: false, etag: all.etag, value: { items, next_cursor: next, total: all.list.length } };
    };
}

const byName = (a: Thing, b: Thing): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

test('pages come on demand; a far row is reached in big steps, each item once', async () => {
    const all = { list: things(10_000), etag: '"1"', calls: [] as number[] };
    const pages = new Pages<Thing>(served(all), byName);
    await pages.ensure(10);
    assert.equal(pages.items.value.length, 200);
    assert.equal(pages.length, 10_000);
    await pages.ensure(9_999);
    assert.equal(pages.items.value.length, 10_000);
    assert.equal(new Set(pages.items.value.map((item) => item.id)).size, 10_000);
    assert.ok(all.calls.length <= 12, String(all.calls.length));
    assert.ok(pages.complete);
});

test('nothing is fetched again while the ETag stands; a change is', async () => {
    const all = { list: things(50), etag: '"1"', calls: [] as number[] };
    const pages = new Pages<Thing>(served(all), byName);
    await pages.ensure(0);
    const before = pages.items.value;
    await pages.refresh();
    assert.equal(pages.items.value, before);
    Object.assign(all, { list: things(51), etag: '"2"' });
    await pages.refresh();
    assert.equal(pages.items.value.length, 51);
    assert.equal(pages.etag, '"2"');
});

test('deep in a big folder a change is announced, not fetched', async () => {
    const all = { list: things(5000), etag: '"1"', calls: [] as number[] };
    const pages = new Pages<Thing>(served(all), byName);
    await pages.ensure(4999);
    all.etag = '"2"';
    await pages.refresh();
    assert.ok(pages.stale.value);
    await pages.refresh(true);
    assert.ok(!pages.stale.value);
    assert.equal(pages.items.value.length, 5000);
});

test('own acts show at once and can be taken back', async () => {
    const all = { list: things(5), etag: '"1"', calls: [] as number[] };
    const pages = new Pages<Thing>(served(all), byName);
    await pages.ensure(0);
    const removal = pages.begin(new Set(['i1', 'i3']));
    assert.deepEqual(
        pages.items.value.map((item) => item.id),
        ['i0', 'i2', 'i4'],
    );
    assert.equal(pages.total.value, 3);
    removal.end(new Set(['i1', 'i3']));
    assert.deepEqual(
        pages.items.value.map((item) => item.id),
        ['i0', 'i1', 'i2', 'i3', 'i4'],
    );
    pages.put({ id: 'new', name: '0000025' });
    assert.equal(pages.items.value[3]!.id, 'new');
    assert.equal(pages.total.value, 6);
    pages.patch('new', { name: 'z' });
    assert.equal(pages.items.value[3]!.name, 'z');
});

// A fetch that answers when it is told to, with what the server had when it was asked.
function held(all: { list: Thing[]; etag: string; calls: number[] }) {
    const waiting: (() => void)[] = [];
    const fetch = served(all);
    const hold = { on: false, letGo: () => waiting.splice(0).forEach((go) => go()) };
    return {
        hold,
        fetch: async (request: PageRequest) => {
            const answer = await fetch(request);
            if (hold.on) await new Promise<void>((go) => waiting.push(go));
            return answer;
        },
    };
}
const turn = () => new Promise((resolve) => setTimeout(resolve, 2));
const ids = (pages: Pages<Thing>) => pages.items.value.map((item) => item.id).join(' ');

test('a refresh that was asked before an act and answered after it does not bring the row back', async () => {
    const all = { list: things(4), etag: '"1"', calls: [] as number[] };
    const { hold, fetch } = held(all);
    const pages = new Pages<Thing>(fetch, byName);
    await pages.ensure(0);
    all.etag = '"2"';
    hold.on = true;
    const refresh = pages.refresh();
    await turn();
    const removal = pages.begin(new Set(['i1']));
    Object.assign(all, { list: all.list.filter((item) => item.id !== 'i1'), etag: '"3"' });
    removal.end();
    hold.on = false;
    hold.letGo();
    assert.equal(ids(pages), 'i0 i2 i3');
    await refresh;
    assert.equal(ids(pages), 'i0 i2 i3');
    assert.equal(pages.etag, '"3"');
});

test('refreshes that are asked during an act wait for its end', async () => {
    const all = { list: things(4), etag: '"1"', calls: [] as number[] };
    const pages = new Pages<Thing>(served(all), byName);
    await pages.ensure(0);
    const removal = pages.begin(new Set(['i1', 'i2']));
    Object.assign(all, { list: all.list.filter((item) => item.id !== 'i1'), etag: '"2"' });
    await pages.refresh();
    assert.equal(ids(pages), 'i0 i3');
    Object.assign(all, {
        list: [...all.list.filter((item) => item.id !== 'i2'), { id: 'theirs', name: '9' }],
        etag: '"3"',
    });
    removal.end();
    await turn();
    assert.equal(ids(pages), 'i0 i3 theirs');
});

test('a first page that was asked before a folder was made has it, in its place', async () => {
    const all = { list: things(3), etag: '"1"', calls: [] as number[] };
    const { hold, fetch } = held(all);
    const pages = new Pages<Thing>(fetch, byName);
    hold.on = true;
    const loading = pages.ensure(0);
    await turn();
    const mine = { id: 'mine', name: '000001b' };
    all.list = [...all.list, mine].sort(byName);
    pages.put(mine);
    hold.on = false;
    hold.letGo();
    await loading;
    assert.equal(ids(pages), 'i0 i1 mine i2');
});

test('late pages double no row, and hold none that an act took out', async () => {
    const all = { list: things(450), etag: '"1"', calls: [] as number[] };
    const pages = new Pages<Thing>(served(all), byName);
    await pages.ensure(0);
    const moved = all.list.shift()!; // by somebody else, from the first page into a later one
    all.list.splice(300, 0, { ...moved, name: '000300b' });
    const removal = pages.begin(new Set(['i250']));
    await pages.ensure(449);
    removal.end();
    await turn();
    assert.equal(new Set(pages.items.value.map((item) => item.id)).size, pages.items.value.length);
    assert.equal(pages.items.value.find((item) => item.id === 'i0')!.name, '000300b');
});

test('in a list without an order, rows come back to where they stood', async () => {
    const all = { list: things(6), etag: '"1"', calls: [] as number[] };
    const pages = new Pages<Thing>(served(all));
    await pages.ensure(0);
    const removal = pages.begin(new Set(['i1', 'i3', 'i4']));
    removal.end(new Set(['i3']));
    assert.equal(ids(pages), 'i0 i2 i3 i5');
    removal.back([{ id: 'i4', name: 'again' }]);
    removal.back([{ id: 'i1', name: 'again' }]);
    assert.equal(ids(pages), 'i0 i1 i2 i3 i4 i5');
    assert.equal(pages.total.value, 6);
});

test('left while loading and come back to: it loads', async () => {
    const all = { list: things(30), etag: '"1"', calls: [] as number[] };
    const fetch = served(all);
    let first = true;
    const pages = new Pages<Thing>(async (request) => {
        if (!first) return fetch(request);
        first = false;
        return new Promise((_, fail) =>
            request.signal.addEventListener('abort', () => fail(new DOMException('left', 'AbortError'))),
        );
    }, byName);
    void pages.ensure(0);
    pages.pause();
    await pages.refresh();
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(pages.items.value.length, 30);
});

test('a failure is told, and trying again recovers', async () => {
    let broken = true;
    const all = { list: things(3), etag: '"1"', calls: [] as number[] };
    const fetch = served(all);
    const pages = new Pages<Thing>(
        async (request) => (broken ? Promise.reject(new Error('away')) : fetch(request)),
        byName,
    );
    await pages.ensure(0);
    assert.equal(pages.phase.value, 'failed');
    broken = false;
    await pages.refresh(true);
    assert.equal(pages.phase.value, 'ready');
    assert.equal(pages.items.value.length, 3);
});
