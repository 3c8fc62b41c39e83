// A stand-in for IndexedDB: one store whose key is the records' field `key`.
const stored = new Map<string, unknown>();

export const records = (): unknown[] => [...stored.values()];

export function putRaw(record: { key: string }): void {
    stored.set(record.key, structuredClone(record));
}

export const clearRecords = (): void => stored.clear();

type Handler = (() => void) | null;

class Request<T> {
    onsuccess: Handler = null;
    result: T;
    constructor(result: T) {
        this.result = result;
        queueMicrotask(() => this.onsuccess?.());
    }
}

const store = {
    put: (record: { key: string }) => new Request(putRaw(record)),
    get: (key: string) => new Request(structuredClone(stored.get(key))),
    getAll: () => new Request(structuredClone(records())),
    delete: (key: string) => new Request(stored.delete(key)),
};

class Transaction {
    oncomplete: Handler = null;
    constructor() {
        setTimeout(() => this.oncomplete?.()); // after all requests
    }
    objectStore = () => store;
}

class OpenRequest extends Request<object> {
    onupgradeneeded: Handler = null;
    constructor() {
        super({ createObjectStore: () => store, transaction: () => new Transaction() });
        queueMicrotask(() => this.onupgradeneeded?.());
    }
}

Object.defineProperty(globalThis, 'indexedDB', { value: { open: () => new OpenRequest() }, configurable: true });
