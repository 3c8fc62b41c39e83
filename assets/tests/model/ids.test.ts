import assert from 'node:assert/strict';
import test from 'node:test';
import { parseId } from '../../src/model/ids';

const id = '01K0ZM5EMXCGXQ97H0EMD59GDW';

test('an id is 26 digits of Crockford’s base32 and nothing else', () => {
    assert.equal(parseId(id), id);
    assert.equal(parseId(id.toLowerCase()), id);
    const others = [
        null,
        undefined,
        '',
        id + 'A',
        id.slice(1),
        `8${id.slice(1)}`,
        `${id} `,
        `${id}\n`,
        `${id.slice(0, 25)}I`,
        `${id.slice(0, 20)}/../..`,
        `${id}/content?disposition=inline&x=`,
    ];
    for (const other of others) assert.equal(parseId(other), null, String(other));
});
