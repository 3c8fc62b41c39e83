// An error answer of the API (RFC 9457), or the lack of any answer.
import type { Problem } from './shapes';

export class ApiError extends Error {
    readonly status: number; // 0: no answer
    readonly code: string;
    readonly requestId: string | null;
    readonly existingId: string | null;
    readonly username: string | null; // the account that is signed in, if the call named another
    readonly retryAfter: number | null; // seconds

    constructor(status: number, problem: Problem, retryAfter: number | null = null) {
        super(problem.detail || problem.title || `HTTP ${status}`);
        this.status = status;
        this.code = problem.code ?? (status === 0 ? 'unreachable' : 'internal');
        this.requestId = problem.request_id ?? null;
        this.existingId = problem.existing_id ?? null;
        this.username = problem.username ?? null;
        this.retryAfter = retryAfter;
    }
}

export function isApiError(error: unknown, ...codes: string[]): error is ApiError {
    return error instanceof ApiError && (codes.length === 0 || codes.includes(error.code));
}

export const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';

// Retry-After is seconds or a date (RFC 9110, section 10.2.3).
export function retryAfterSeconds(text: string | null, now = Date.now()): number | null {
    if (!text) return null;
    if (/^\d+$/.test(text)) return Number(text);
    const when = Date.parse(text);
    return Number.isNaN(when) ? null : Math.max(0, Math.ceil((when - now) / 1000));
}
