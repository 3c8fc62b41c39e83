// Makes one call of the API: JSON in, JSON or an ApiError out. GETs are retried while the server is unreachable.
import { answered, pauseBefore, waitToRetry } from './connection';
import { urlOf, type ApiPath } from './url';
import { ApiError, isAbort, retryAfterSeconds } from './error';
import type { Problem } from './shapes';

export interface Options {
    body?: unknown;
    signal?: AbortSignal;
    ifMatch?: string | null; // If-Match
    etag?: string | null; // If-None-Match; the answer can then be `unchanged`
    key?: string; // Idempotency-Key
    patient?: boolean; // true: wait for a server that is unreachable (default: GETs only)
}

export interface Answer<T> {
    unchanged: boolean;
    etag: string | null;
    value: T;
}

let keys = 0;

// An Idempotency-Key: a creation that is sent twice with the same key happens once.
export const freshKey = (): string =>
    `${Date.now().toString(36)}-${(keys++).toString(36)}-${crypto.getRandomValues(new Uint32Array(2)).join('-')}`;

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

let signedOut: () => void = () => undefined;
let otherAccount: (username: string) => void = () => undefined;
let account: string | null = null;
let signIns = 0;

// Sets what runs when the server says that the session has ended.
export function onSignedOut(action: () => void): void {
    signedOut = action;
}

// Sets what runs when the browser's session belongs to another account than the one this page shows.
export function onOtherAccount(action: (username: string) => void): void {
    otherAccount = action;
}

// Names the account that all later calls are for; null: the one that is signed in.
export function actAs(userId: string | null): void {
    account = userId;
}

// The header field that names it.
export const accountFields = (): Record<string, string> => (account ? { 'Bodega-User': account } : {});

// Starts a new sign-in: a 401 for a call that began before it no longer ends the session.
export function beginSession(): void {
    signIns++;
}

async function problemOf(response: Response): Promise<ApiError> {
    const problem = ((await response.json().catch(() => null)) ?? {}) as Problem;
    return new ApiError(response.status, problem, retryAfterSeconds(response.headers.get('Retry-After')));
}

async function once<T>(method: Method, path: ApiPath, options: Options): Promise<Answer<T>> {
    const headers: Record<string, string> = { Accept: 'application/json', ...accountFields() };
    if (options.body !== undefined) headers['Content-Type'] = 'application/json';
    if (options.ifMatch) headers['If-Match'] = options.ifMatch;
    if (options.etag) headers['If-None-Match'] = options.etag;
    if (options.key) headers['Idempotency-Key'] = options.key;
    let response: Response;
    try {
        response = await fetch(urlOf(path), {
            method,
            headers,
            body: options.body === undefined ? undefined : JSON.stringify(options.body),
            signal: options.signal,
            credentials: 'same-origin',
            cache: 'no-store', // this module sends conditional requests itself
        });
    } catch (error) {
        if (isAbort(error)) throw error;
        throw new ApiError(0, {});
    }
    const etag = response.headers.get('ETag');
    if (response.status === 304) return { unchanged: true, etag, value: undefined as T };
    if (!response.ok) throw await problemOf(response);
    answered();
    if (response.status === 204) return { unchanged: false, etag, value: undefined as T };
    return { unchanged: false, etag, value: (await response.json()) as T };
}

function reasonToWait(error: unknown): 'offline' | 'unavailable' | 'throttled' | null {
    if (!(error instanceof ApiError)) return null;
    if (error.status === 0) return 'offline';
    if (error.status === 429) return 'throttled';
    return [502, 503, 504].includes(error.status) ? 'unavailable' : null;
}

export async function ask<T>(method: Method, path: ApiPath, options: Options = {}): Promise<Answer<T>> {
    const patient = options.patient ?? method === 'GET';
    const began = signIns;
    for (let attempt = 0; ; attempt++) {
        try {
            const answer = await once<T>(method, path, options);
            answered();
            return answer;
        } catch (error) {
            const why = patient ? reasonToWait(error) : null;
            if (!why) {
                if (error instanceof ApiError && error.code === 'wrong_account') otherAccount(error.username ?? '');
                if (
                    error instanceof ApiError &&
                    error.code === 'unauthenticated' &&
                    path !== 'session' &&
                    began === signIns
                )
                    signedOut();
                throw error;
            }
            await waitToRetry(pauseBefore(attempt, (error as ApiError).retryAfter), why, options.signal);
        }
    }
}

export async function call<T = void>(method: Method, path: ApiPath, options: Options = {}): Promise<T> {
    return (await ask<T>(method, path, options)).value;
}
