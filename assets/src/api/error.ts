// What the server answered instead of what was asked for (RFC 9457), or that no answer came.

export interface Problem {
    status?: number;
    code?: string;
    title?: string;
    detail?: string;
    request_id?: string;
    existing_id?: string;
    username?: string;
}

export class Refusal extends Error {
    readonly status: number; // 0: no answer at all
    readonly code: string;
    readonly request_id: string | null;
    readonly existing_id: string | null;
    readonly username: string | null; // who is signed in, for a call that meant somebody else
    readonly retry_after: number | null; // seconds

    constructor(status: number, problem: Problem, retry_after: number | null = null) {
        super(problem.detail || problem.title || `HTTP ${status}`);
        this.status = status;
        this.code = problem.code ?? (status === 0 ? 'unreachable' : 'internal');
        this.request_id = problem.request_id ?? null;
        this.existing_id = problem.existing_id ?? null;
        this.username = problem.username ?? null;
        this.retry_after = retry_after;
    }
}

export function is_refusal(error: unknown, ...codes: string[]): error is Refusal {
    return error instanceof Refusal && (codes.length === 0 || codes.includes(error.code));
}

export const is_abort = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';

// Retry-After is seconds or a date (RFC 9110, section 10.2.3).
export function retry_after_seconds(text: string | null, now = Date.now()): number | null {
    if (!text) return null;
    if (/^\d+$/.test(text)) return Number(text);
    const when = Date.parse(text);
    return Number.isNaN(when) ? null : Math.max(0, Math.ceil((when - now) / 1000));
}
