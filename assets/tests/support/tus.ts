// A stand-in for the server's tus 1.0.0, and for the XMLHttpRequest that the app's client speaks it with.
import './browser';

export interface TusRequest {
    method: string;
    path: string;
    headers: Map<string, string>;
    bytes: number;
}

export interface TusUpload {
    id: string;
    length: number;
    offset: number;
    key: string;
}

export const uploads = new Map<string, TusUpload>();
export const requests: TusRequest[] = [];

type Answer = { status: number; headers?: Record<string, string>; body?: unknown };

// What the next requests get instead of an answer; 'lost': none comes.
export const faults: (Answer | 'lost')[] = [];
// The code that refuses a file once all its bytes are there.
export const refusal = { code: null as string | null };

let made = 0;

export function resetTus(): void {
    uploads.clear();
    requests.length = faults.length = 0;
    refusal.code = null;
}

function stateOf(upload: TusUpload, status: number): Answer {
    const headers: Record<string, string> = {
        'upload-offset': String(upload.offset),
        'upload-length': String(upload.length),
    };
    if (status === 201) headers['location'] = `/api/v1/uploads/${upload.id}`;
    if (upload.offset < upload.length) return { status, headers };
    if (refusal.code) return { status: 409, headers, body: { code: refusal.code } };
    return { status, headers: { ...headers, 'bodega-entry-id': `ENTRY-${upload.id}` } };
}

function create({ headers, bytes }: TusRequest): Answer {
    const key = headers.get('idempotency-key') ?? '';
    let upload = [...uploads.values()].find((one) => one.key === key);
    if (!upload) {
        upload = { id: `U${++made}`, length: Number(headers.get('upload-length')), offset: bytes, key };
        uploads.set(upload.id, upload);
    }
    return stateOf(upload, 201);
}

function reply(request: TusRequest): Answer | 'lost' {
    const fault = faults.shift();
    if (fault) return fault;
    if (request.method === 'POST') return create(request);
    const upload = uploads.get(request.path.split('/').at(-1)!);
    if (!upload) return { status: 404, body: { code: 'not_found' } };
    if (request.method === 'DELETE') {
        uploads.delete(upload.id);
        return { status: 204 };
    }
    if (request.method === 'PATCH') upload.offset += request.bytes;
    return request.method === 'HEAD'
        ? { ...stateOf({ ...upload, offset: upload.offset }, 200), status: 200 }
        : stateOf(upload, 204);
}

class FakeXhr {
    upload: { onprogress: ((event: object) => void) | null } = { onprogress: null };
    onload: (() => void) | null = null;
    onerror: ((event: object) => void) | null = null;
    status = 0;
    responseText = '';
    #request: TusRequest = { method: '', path: '', headers: new Map(), bytes: 0 };
    #answer: Answer = { status: 0 };
    #aborted = false;

    open = (method: string, path: string): void => void Object.assign(this.#request, { method, path });
    setRequestHeader = (name: string, value: string): void => void this.#request.headers.set(name.toLowerCase(), value);
    getResponseHeader = (name: string): string | null => this.#answer.headers?.[name.toLowerCase()] ?? null;
    abort = (): void => void (this.#aborted = true);
    send = (body: Blob | null): void => {
        this.#request.bytes = body?.size ?? 0;
        setTimeout(() => this.#end());
    };

    #end(): void {
        if (this.#aborted) return;
        requests.push(this.#request);
        const answer = reply(this.#request);
        if (answer === 'lost') return this.onerror?.({});
        if (this.#request.bytes) this.upload.onprogress?.({ lengthComputable: true, loaded: this.#request.bytes });
        this.#answer = answer;
        this.status = answer.status;
        this.responseText = answer.body === undefined ? '' : JSON.stringify(answer.body);
        this.onload?.();
    }
}

Object.defineProperty(globalThis, 'XMLHttpRequest', { value: FakeXhr, configurable: true });
