// A stand-in for the server: answers by method and path, and the calls that came.
import './timers';
import type { Entry, OpenEntry, Page, SignedIn, Space } from '../../src/api/shapes';

export interface Call {
    method: string;
    path: string; // below /api/v1/, with the query
    body: unknown;
    headers: Headers;
}

type Reply = (call: Call) => unknown;

const replies = new Map<string, Reply>();
export const calls: Call[] = [];

// What is given is the answer's JSON; a function makes it; undefined is 204.
export function answer(method: string, path: string, reply: unknown): void {
    replies.set(`${method} ${path}`, typeof reply === 'function' ? (reply as Reply) : () => reply);
}

export const problem = (status: number, code: string, more: Record<string, unknown> = {}): Response =>
    Response.json({ status, code, ...more }, { status });

export const called = (method: string, path: string): Call[] =>
    calls.filter((call) => call.method === method && call.path === path);

export function forgetCalls(): void {
    calls.length = 0;
}

function replyTo(call: Call): Response {
    const reply =
        replies.get(`${call.method} ${call.path}`) ?? replies.get(`${call.method} ${call.path.split('?')[0]}`);
    if (!reply) return problem(404, 'not_found');
    const value = reply(call);
    if (value instanceof Response) return value;
    return value === undefined ? new Response(null, { status: 204 }) : Response.json(value);
}

globalThis.fetch = async (input, init) => {
    const path = (input as string).replace(/^.*\/api\/v1\//, '');
    const body = typeof init?.body === 'string' ? (JSON.parse(init.body) as unknown) : undefined;
    const call = { method: init?.method ?? 'GET', path, body, headers: new Headers(init?.headers) };
    calls.push(call);
    await Promise.resolve();
    return replyTo(call);
};

let made = 0;
export const freshId = (): string => `01K0ZM5EMXCGXQ97H0EMD${String(++made).padStart(5, '0')}`;

export function entry(name: string, more: Partial<Entry> = {}): Entry {
    const kind = more.kind ?? 'file';
    return {
        id: freshId(),
        parent_id: 'PARENT',
        space_id: 'SPACE',
        kind,
        name,
        size: kind === 'file' ? 10 : 0,
        mime: null,
        sha256: null,
        version: 1,
        created_at: 0,
        modified_at: 0,
        modified_by: null,
        uploaded_at: null,
        ...more,
    };
}

export const openEntry = (name: string, more: Partial<OpenEntry> = {}): OpenEntry => ({
    ...entry(name, more),
    path: [],
    role: 'manager',
    children_count: null,
    ...more,
});

export const folder = (name: string, more: Partial<Entry> = {}): Entry => entry(name, { kind: 'folder', ...more });

export const pageOf = <T>(items: T[], cursor: string | null = null): Page<T> => ({ items, next_cursor: cursor });

export const space = (name: string, more: Partial<Space> = {}): Space => ({
    id: freshId(),
    name,
    kind: 'team',
    root_id: freshId(),
    role: 'manager',
    used_bytes: 0,
    quota_bytes: null,
    created_at: 0,
    ...more,
});

export const signedInAs = (username: string, id = freshId()): SignedIn => ({
    user: {
        id,
        username,
        role: 'member',
        disabled: false,
        quota_bytes: null,
        used_bytes: 0,
        created_at: 0,
        last_seen_at: null,
    },
    session: null,
    server: { version: '1', max_file: 1, password_min_length: 10, trash_keep: 0 },
});
