import assert from 'node:assert/strict';
import test from 'node:test';
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
