import assert from 'node:assert/strict';
import test from 'node:test';
import { ApiError, isApiError, retryAfterSeconds } from '../../src/api/error';

test('Retry-After is seconds or a date', () => {
    assert.equal(retryAfterSeconds('12'), 12);
    assert.equal(retryAfterSeconds('Tue, 24 Nov 2026 03:04:10 GMT', Date.parse('2026-11-24T03:04:05Z')), 5);
    assert.equal(retryAfterSeconds('soon'), null);
});

test('an error is asked for by its codes; none given is any', () => {
    const error = new ApiError(409, { code: 'name_taken', existing_id: 'E' });
    assert.equal(error.existingId, 'E');
    assert.ok(isApiError(error) && isApiError(error, 'gone', 'name_taken'));
    assert.ok(!isApiError(error, 'gone') && !isApiError(new Error('x')));
    assert.equal(new ApiError(0, {}).code, 'unreachable');
    assert.equal(new ApiError(500, {}).code, 'internal');
});
