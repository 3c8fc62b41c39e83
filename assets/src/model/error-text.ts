// The text of an error: what happened, then what to do.
import { ApiError } from '../api/error';
import { t, type Key } from '../i18n/language';

const known: Record<string, Key> = {
    unreachable: 'error.unreachable',
    unauthenticated: 'error.unauthenticated',
    forbidden: 'error.forbidden',
    cross_site: 'error.cross_site',
    wrong_account: 'error.wrong_account',
    not_found: 'error.not_found',
    gone: 'error.not_found',
    conflict: 'error.conflict',
    name_taken: 'error.name_taken',
    name_invalid: 'error.name_invalid',
    invalid: 'error.invalid',
    precondition_failed: 'error.changed',
    checksum_mismatch: 'error.checksum',
    too_large: 'error.too_large',
    quota_exceeded: 'error.quota',
    no_space: 'error.no_space',
    locked: 'error.locked',
    throttled: 'error.throttled',
    unavailable: 'error.unavailable',
    io: 'error.io',
    unreadable: 'error.unreadable',
};

// `better`: texts for codes that mean something more specific here.
export function explain(error: unknown, better: Partial<Record<string, string>> = {}): string {
    if (!(error instanceof ApiError)) {
        console.error(error);
        return t('error.ours');
    }
    const special = better[error.code];
    if (special) return special;
    const key = known[error.code];
    if (key === 'error.throttled' && error.retryAfter)
        return t('error.throttled_for', { n: Math.max(1, Math.ceil(error.retryAfter / 60)) });
    if (key) return t(key);
    return error.requestId ? t('error.internal_id', { id: error.requestId }) : t('error.internal');
}
