// Records of unfinished uploads in IndexedDB: a reload or a crash loses only the File objects.
import type { Saved } from './item';

const store = 'uploads';
const most = 20_000; // records of one drop; further files are uploaded, but do not survive a reload

let opened: Promise<IDBDatabase> | null = null;

function database(): Promise<IDBDatabase> {
    opened ??= new Promise((resolve, reject) => {
        const request = indexedDB.open('bodega', 1);
        request.onupgradeneeded = () => request.result.createObjectStore(store, { keyPath: 'key' });
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('no database'));
    });
    return opened;
}

// Former versions of the app, which may run in another tab, store `rootName` as `root_name`.
type Stored = Omit<Saved, 'rootName'> & Partial<Pick<Saved, 'rootName'> & Record<'root_name', string>>;

export const stored = (record: Saved): Stored => ({ ...record, root_name: record.rootName });
export const loaded = ({ root_name: former = '', rootName = former, ...record }: Stored): Saved => ({
    ...record,
    rootName,
});

async function within(mode: IDBTransactionMode, work: (records: IDBObjectStore) => void): Promise<void> {
    const transaction = (await database()).transaction(store, mode);
    work(transaction.objectStore(store));
    await new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onerror = () => reject(transaction.error ?? new Error('the transaction was aborted'));
        transaction.onabort = () => reject(transaction.error ?? new Error('the transaction was aborted'));
    });
}

// Private windows may have no database: uploads work, but do not survive a reload.
const notRemembered = (error: unknown): void => console.warn('uploads are not remembered', error);
const bestEffort = (work: Promise<void>): void => void work.catch(notRemembered);

export const keepRecords = (records: readonly Saved[]): void =>
    bestEffort(within('readwrite', (to) => records.slice(0, most).forEach((record) => to.put(stored(record)))));

export const forgetRecords = (keys: readonly string[]): void =>
    bestEffort(within('readwrite', (to) => keys.forEach((key) => to.delete(key))));

// Removes a user's records: the next user of this browser must not see the names of files.
export async function forgetUser(user: string): Promise<void> {
    const keys = (await allRecords()).filter((record) => record.user === user).map((record) => record.key);
    await within('readwrite', (from) => keys.forEach((key) => from.delete(key))).catch(() => undefined); // no database: there are no records
}

export async function allRecords(): Promise<Saved[]> {
    let found: Saved[] = [];
    try {
        await within('readonly', (from) => {
            const request = from.getAll() as IDBRequest<Stored[]>;
            request.onsuccess = () => (found = request.result.map(loaded));
        });
    } catch (error) {
        notRemembered(error);
    }
    return found;
}

// Takes over the records of closed tabs, each only if no other tab was faster. Returns the records that were taken.
export async function claimRecords(records: readonly Saved[], tab: string): Promise<Saved[]> {
    const claimed: Saved[] = [];
    const work = within('readwrite', (among) => {
        for (const { key, tab: former } of records) {
            const request = among.get(key) as IDBRequest<Stored | undefined>;
            request.onsuccess = () => {
                if (request.result?.tab !== former) return;
                const record = { ...loaded(request.result), tab };
                claimed.push(record);
                among.put(stored(record));
            };
        }
    });
    await work.catch(notRemembered);
    return claimed;
}
