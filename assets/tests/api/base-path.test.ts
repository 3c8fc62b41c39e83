// A server that serves the app below /files/ says so in the page.
import { browserHistory, FakeElement, page } from '../support/browser';
import assert from 'node:assert/strict';
import test, { before } from 'node:test';
import type * as Url from '../../src/api/url';
import type * as Route from '../../src/model/route';

const id = '01K0ZM5EMXCGXQ97H0EMD59GDW';
let url: typeof Url;
let route: typeof Route;

before(async () => {
    const meta = Object.assign(new FakeElement('meta'), { getAttribute: () => '/files/' });
    page.querySelector = (selector) => (selector === 'meta[name="base-path"]' ? meta : null);
    browserHistory.reset(`/files/folders/${id}`);
    url = await import('../../src/api/url');
    route = await import('../../src/model/route');
});

test('every URL is below the base path', () => {
    const made = [
        url.urls.home,
        url.urls.setup,
        url.urls.folder(id),
        url.urls.search('a', null),
        url.urls.audit(),
        url.urlOf(url.path`uploads`),
    ];
    assert.deepEqual(made, [
        '/files/',
        '/files/setup',
        `/files/folders/${id}`,
        '/files/search?q=a',
        '/files/admin/audit',
        '/files/api/v1/uploads',
    ]);
});

test('the page is what stands below it', () => {
    assert.deepEqual(route.route.value, { page: 'folder', id });
    assert.deepEqual(route.parse('/files/', ''), { page: 'home' });
    assert.deepEqual(route.parse('/files', ''), { page: 'home' });
    assert.deepEqual(route.parse(`/folders/${id}`, ''), { page: 'unknown' });
    assert.equal(route.safePath('/files/profile'), '/files/profile');
    for (const away of ['/profile', '//evil.example/files/', '/filesystem/profile', null])
        assert.equal(route.safePath(away), '/files/');
    assert.deepEqual(['/files/profile', '/files/api/v1/session', '/other'].map(url.isPageUrl), [true, false, false]);
});
