import assert from 'node:assert/strict';
import test from 'node:test';
import { contentUrl, versionUrl } from '../../src/api/entries';
import { path, query } from '../../src/api/url';
import { parseId } from '../../src/model/ids';
import { address, parse, previewed, safePath } from '../../src/model/route';

const id = '01K0ZM5EMXCGXQ97H0EMD59GDW';

test('addresses lead to pages', () => {
    assert.deepEqual(parse(`/folders/${id}`, ''), { page: 'folder', id });
    assert.deepEqual(parse(`/files/${id.toLowerCase()}`, ''), { page: 'file', id });
    assert.deepEqual(parse('/admin/users/', ''), { page: 'users' });
    assert.deepEqual(parse('/search', '?q=a%20b'), { page: 'search', q: 'a b', space: null });
    assert.deepEqual(parse('/search', `?q=a&space=${id}`), { page: 'search', q: 'a', space: id });
    assert.deepEqual(parse('/search', '?q=a&space=../users'), { page: 'search', q: 'a', space: null });
    for (const other of [
        '/folders/../x',
        '/folders/',
        `/folders/${id}/x`,
        `/folders/${id.slice(1)}`,
        `/folders/${id.replace('K', 'U')}`,
        `/folders/${id.slice(0, 23)}%2f`,
    ])
        assert.deepEqual(parse(other, ''), { page: 'unknown' }, other);
});

test('an id is 26 digits of Crockford’s base32 and nothing else', () => {
    assert.equal(parseId(id), id);
    assert.equal(parseId(id.toLowerCase()), id);
    for (const other of [
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
    ])
        assert.equal(parseId(other), null, String(other));
});

test('a preview is of an id, or of nothing', () => {
    for (const [search, wanted] of [
        [`?preview=${id}`, id],
        [`?preview=${id}/content?disposition=inline%26x=`, null],
        [`?preview=${id}%2Fcontent%3Fdisposition%3Dinline%26x%3D`, null],
        ['?preview=..', null],
        ['?preview=', null],
        ['', null],
    ] as const) {
        address.value = { path: '/', search };
        assert.equal(previewed.value, wanted, search);
    }
});

test('after signing in nobody leaves the site', () => {
    assert.equal(safePath(`/folders/${id}`), `/folders/${id}`);
    assert.equal(safePath(`/folders/${id}?preview=${id}`), `/folders/${id}?preview=${id}`);
    assert.equal(safePath('/search?q=a%20b'), '/search?q=a%20b');
    assert.deepEqual(parse('/sign-in', '?next=%2Fprofile'), { page: 'sign-in', next: '/profile' });
    for (const away of [
        null,
        '',
        'profile',
        '//evil.example',
        '/\\evil.example',
        '\\\\evil.example',
        '/\t/evil.example',
        '/\n/evil.example',
        '/\r\n//evil.example',
        '\t//evil.example',
        ' //evil.example',
        '/profile/..//evil.example',
        '/.//evil.example',
        '/%2e//evil.example',
        'https://evil.example/',
        'javascript:alert(1)',
        '/api/v1/session',
        '/nothing',
        '//',
        '/\\/evil.example',
    ])
        assert.equal(safePath(away), '/', JSON.stringify(away));
    assert.deepEqual(parse('/sign-in', '?next=/%09/evil.example'), { page: 'sign-in', next: '/' });
    assert.deepEqual(parse('/sign-in', '?next=%2F%2Fevil.example'), { page: 'sign-in', next: '/' });
});

test('a value is one segment of an API path', () => {
    assert.equal(
        path`entries/${id}/children${query({ limit: 2, cursor: null, q: 'a&b' })}`,
        `entries/${id}/children?limit=2&q=a%26b`,
    );
    assert.equal(path`spaces/${'a/b'}/members/${'c?d#e'}`, 'spaces/a%2Fb/members/c%3Fd%23e');
    assert.equal(path`session`, 'session');
    for (const none of ['', '.', '..']) assert.throws(() => path`entries/${none}`, RangeError);
    assert.equal(
        contentUrl({ id: 'x/content?disposition=inline&y=', version: 1 }, 'attachment'),
        '/api/v1/entries/x%2Fcontent%3Fdisposition%3Dinline%26y%3D/content?disposition=attachment&v=1',
    );
    assert.equal(versionUrl(id, 3), `/api/v1/entries/${id}/versions/3/content?disposition=attachment`);
});
