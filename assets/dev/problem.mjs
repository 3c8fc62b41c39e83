// An error as the API tells it: application/problem+json.
const statuses = {
    invalid: 400,
    name_invalid: 422,
    unauthenticated: 401,
    forbidden: 403,
    cross_site: 403,
    not_found: 404,
    gone: 410,
    conflict: 409,
    name_taken: 409,
    offset_mismatch: 409,
    precondition_failed: 412,
    checksum_mismatch: 460,
    too_large: 413,
    quota_exceeded: 507,
    unsupported_version: 412,
    locked: 423,
    throttled: 429,
    unavailable: 503,
    internal: 500,
};

export class Problem extends Error {
    constructor(code, detail = '', more = {}) {
        super(detail || code);
        Object.assign(this, { code, status: statuses[code], more });
    }

    body() {
        const title = this.code.replaceAll('_', ' ');
        return {
            type: 'about:blank',
            title,
            status: this.status,
            detail: this.message,
            code: this.code,
            request_id: 'mock',
            ...this.more,
        };
    }
}
