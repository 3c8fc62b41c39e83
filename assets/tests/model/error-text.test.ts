import assert from 'node:assert/strict';
import test, { mock } from 'node:test';
import { ApiError } from '../../src/api/error';
import { t } from '../../src/i18n/language';
import { explain } from '../../src/model/error-text';

test('an error is told by its code, and by what it means in this place', () => {
    assert.equal(explain(new ApiError(409, { code: 'name_taken' })), t('error.name_taken'));
    assert.equal(explain(new ApiError(409, { code: 'name_taken' }), { name_taken: 'here' }), 'here');
    assert.equal(explain(new ApiError(0, {})), t('error.unreachable'));
});

test('how long to wait is told in minutes, rounded up', () => {
    assert.equal(explain(new ApiError(429, { code: 'throttled' })), t('error.throttled'));
    assert.equal(explain(new ApiError(429, { code: 'throttled' }, 61)), t('error.throttled_for', { n: 2 }));
    assert.equal(explain(new ApiError(429, { code: 'throttled' }, 1)), t('error.throttled_for', { n: 1 }));
});

test('an unknown code gives the request’s id, for whoever reads the log', () => {
    assert.equal(explain(new ApiError(500, { code: 'new', request_id: 'r1' })), t('error.internal_id', { id: 'r1' }));
    assert.equal(explain(new ApiError(500, { code: 'new' })), t('error.internal'));
});

test('an error of the app itself is logged, and told as such', () => {
    const log = mock.method(console, 'error', () => undefined);
    assert.equal(explain(new TypeError('x is undefined')), t('error.ours'));
    assert.equal(log.mock.callCount(), 1);
});
