import assert from 'node:assert/strict';
import test from 'node:test';
import { ApiError } from '../../src/api/error';
import { explain } from '../../src/model/error-text';
import { reportError } from '../../src/model/report-error';
import { dismissAll, toasts } from '../../src/model/toasts';

test('an error is shown, but not the end of the session, which leads to the sign-in page', () => {
    const broken = new ApiError(500, { code: 'internal' });
    for (const error of [
        new ApiError(401, { code: 'unauthenticated' }),
        new ApiError(403, { code: 'wrong_account' }),
        broken,
    ])
        reportError(error);
    assert.deepEqual(
        toasts.value.map((toast) => toast.text),
        [explain(broken)],
    );
    dismissAll();
});
