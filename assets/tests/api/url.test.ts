import assert from 'node:assert/strict';
import test from 'node:test';
import { contentUrl, versionUrl } from '../../src/api/entries';
import { basePathOf, path, pathInApp, query, urls } from '../../src/api/url';

const id = '01K0ZM5EMXCGXQ97H0EMD59GDW';

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

test('a page’s URL has what it shows, and no more', () => {
    assert.equal(urls.folder(id), `/folders/${id}`);
    assert.equal(urls.trash(id), `/trash/${id}`);
    assert.equal(urls.trash(id, 'F'), `/trash/${id}?in=F`);
    assert.equal(urls.search('a&b', null), '/search?q=a%26b');
    assert.equal(urls.signIn('/search?q=a'), '/sign-in?next=%2Fsearch%3Fq%3Da');
    assert.equal(urls.signIn(), '/sign-in');
    assert.equal(urls.audit({ user: '', action: 'x' }), '/admin/audit?action=x');
});

test('a base path is a path, and nothing that leads away', () => {
    for (const good of ['/', '/files/', '/a/b-c/']) assert.equal(basePathOf(good), good);
    for (const bad of [
        null,
        undefined,
        '',
        'files/',
        '/files',
        '//evil.example/',
        '/a b/',
        'https://evil.example/',
        '/"/',
    ])
        assert.equal(basePathOf(bad), '/', String(bad));
    assert.equal(pathInApp('/folders/x'), '/folders/x');
});
