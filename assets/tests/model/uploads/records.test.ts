import '../../support/indexed-db';
import assert from 'node:assert/strict';
import test, { beforeEach } from 'node:test';
import { allRecords, claimRecords, forgetRecords, forgetUser, keepRecords } from '../../../src/model/uploads/records';
import { clearRecords, putRaw, records } from '../../support/indexed-db';
import { saved } from '../../support/uploads';

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
const keys = async (): Promise<string[]> => (await allRecords()).map((record) => record.key);

beforeEach(clearRecords);

test('a record is read as it was written', async () => {
    const record = saved('a', { key: 'A', folders: ['x'], rootName: 'Informes', url: '/u' });
    keepRecords([record]);
    assert.deepEqual(await allRecords(), [record]);
    forgetRecords(['A']);
    assert.deepEqual(await keys(), []);
});

test('former versions of the app read them, and theirs are read', async () => {
    keepRecords([saved('a', { rootName: 'Informes' })]);
    await settled();
    assert.equal((records()[0] as Record<string, unknown>)['root_name'], 'Informes');
    clearRecords();
    const { rootName, ...former } = saved('b', { rootName: 'Obra' });
    putRaw({ ...former, root_name: rootName } as { key: string });
    assert.deepEqual(
        (await allRecords()).map((record) => [record.name, record.rootName]),
        [['b', 'Obra']],
    );
});

test('a closed tab’s records are taken once, by the tab that was first', async () => {
    const left = [saved('a', { key: 'A', tab: 'closed' }), saved('b', { key: 'B', tab: 'closed' })];
    keepRecords(left);
    const first = await claimRecords(left, 'one');
    const second = await claimRecords(left, 'two');
    assert.deepEqual(
        [first.map((record) => [record.key, record.tab]), second],
        [
            [
                ['A', 'one'],
                ['B', 'one'],
            ],
            [],
        ],
    );
    assert.deepEqual(
        (await allRecords()).map((record) => record.tab),
        ['one', 'one'],
    );
});

test('a sign-out leaves nothing of that user, and all of others', async () => {
    keepRecords([saved('a', { key: 'A', user: 'ana' }), saved('b', { key: 'B', user: 'luis' })]);
    await forgetUser('ana');
    assert.deepEqual(await keys(), ['B']);
});

test('of a very large drop the beginning is remembered', async () => {
    keepRecords(Array.from({ length: 20_001 }, (_, i) => saved('a', { key: `K${i}` })));
    assert.equal((await keys()).length, 20_000);
});
