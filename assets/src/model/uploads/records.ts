// What is left to send, kept in IndexedDB so that a reload or a crash loses nothing but the File objects.
import type { Saved } from './item';

const store = 'uploads';
const most = 20_000; // records kept; a bigger drop goes on, its tail is not remembered

let opened: Promise<IDBDatabase> | null = null;

function database(): Promise<IDBDatabase> {
    opened ??= new Promise((resolve, reject) => {
        const request = indexedDB.open('bodega', 1);
        request.onupgradeneeded = () => request.result.createObjectStore(store, { keyPath: 'key' });
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
    return opened;
}

async function within(mode: IDBTransactionMode, work: (records: IDBObjectStore) => void): Promise<void> {
    const transaction = (await database()).transaction(store, mode);
    work(transaction.objectStore(store));
    await new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onerror = () => reject(transaction.error);
        transaction.onabort = () => reject(transaction.error);
    });
}

// Private windows may have no database: uploads then work, and are not remembered.
const not_remembered = (error: unknown): void => console.warn('uploads are not remembered', error);
const best_effort = (work: Promise<void>): void => void work.catch(not_remembered);

export const keep_records = (records: readonly Saved[]): void =>
    best_effort(within('readwrite', (to) => records.slice(0, most).forEach((record) => to.put(record))));

export const forget_records = (keys: readonly string[]): void => best_effort(within('readwrite', (to) => keys.forEach((key) => to.delete(key))));

// Names of files do not stay for the next person at this machine.
export async function forget_user(user: string): Promise<void> {
    const keys = (await all_records()).filter((record) => record.user === user).map((record) => record.key);
    await within('readwrite', (from) => keys.forEach((key) => from.delete(key))).catch(() => undefined); // without a database none is kept
}

export async function all_records(): Promise<Saved[]> {
    let found: Saved[] = [];
    try {
        await within('readonly', (from) => {
            const request = from.getAll() as IDBRequest<Saved[]>;
            request.onsuccess = () => (found = request.result);
        });
    } catch (error) {
        not_remembered(error);
    }
    return found;
}

// Makes those of a page that is gone another's, each only if no other page was faster; gives them as they are then.
export async function claim_records(records: readonly Saved[], tab: string): Promise<Saved[]> {
    const claimed: Saved[] = [];
    const work = within('readwrite', (among) => {
        for (const { key, tab: former } of records) {
            const request = among.get(key) as IDBRequest<Saved | undefined>;
            request.onsuccess = () => {
                const record = request.result;
                if (!record || record.tab !== former) return;
                record.tab = tab;
                claimed.push(record);
                among.put(record);
            };
        }
    });
    await work.catch(not_remembered);
    return claimed;
}
