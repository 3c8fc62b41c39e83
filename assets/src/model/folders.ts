// Open folders, each with its entry, listing and selection. The last few are kept in memory, so that going back is
// instant.
import { signal } from '@preact/signals';
import * as api from '../api/entries';
import { isAbort } from '../api/error';
import type { Entry, OpenEntry, Sort } from '../api/shapes';
import { compareKeys, sortKey } from './names';
import { Pages } from './pages';
import { ListState } from './list-state';

const remembered = 12;

export function comparison({ key, order }: Sort): (a: Entry, b: Entry) => number {
    const sign = order === 'desc' ? -1 : 1;
    const by = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);
    // Folders have no size or type: they are sorted by name.
    const field = (entry: Entry): string | number =>
        key === 'modified_at'
            ? entry.modified_at
            : entry.kind === 'folder' || key === 'name'
              ? ''
              : key === 'size'
                ? entry.size
                : (entry.mime ?? '');
    return (a, b) =>
        by(Number(a.kind === 'file'), Number(b.kind === 'file')) ||
        sign * by(field(a), field(b)) ||
        sign * compareKeys(sortKey(a.name), sortKey(b.name)) ||
        sign * compareKeys(a.name, b.name);
}

export class Folder {
    readonly entry = signal<OpenEntry | null>(null);
    readonly error = signal<unknown>(null);
    readonly list: ListState;

    constructor(
        readonly id: string,
        readonly sort: Sort,
    ) {
        this.list = new ListState(new Pages((request) => api.children(id, { ...request, sort }), comparison(sort)));
    }

    // Fetches what is missing, and refreshes the rest.
    async visit(): Promise<void> {
        const entry = api.openEntry(this.id).then(
            (found) => {
                this.entry.value = found;
                this.error.value = null;
            },
            (error: unknown) => {
                if (!isAbort(error)) this.error.value = error;
            },
        );
        await Promise.all([entry, this.list.pages.refresh()]);
    }
}

const open = new Map<string, Folder>();

export function openFolder(id: string, sort: Sort): Folder {
    const key = `${id} ${sort.key} ${sort.order}`;
    const folder = open.get(key) ?? new Folder(id, sort);
    open.delete(key);
    open.set(key, folder);
    for (const old of open.keys()) if (open.size > remembered) open.delete(old);
    return folder;
}

// The folder's name from a listing in memory, to show until the folder is fetched.
export function knownName(id: string): string | null {
    for (const folder of open.values()) {
        const name = folder.list.item(id)?.name;
        if (name) return name;
    }
    return null;
}

export const foldersInMemory = (id: string): Folder[] => [...open.values()].filter((folder) => folder.id === id);

export function forgetFolders(): void {
    open.clear();
}

// Refreshes a folder in memory after a change that was made elsewhere (an upload, a move, an undo).
export function folderChanged(id: string | null): void {
    if (id) for (const folder of foldersInMemory(id)) void folder.list.pages.changed();
}

// Refreshes all of them, for a change that does not name its folder.
export function allFoldersChanged(): void {
    for (const folder of open.values()) void folder.list.pages.changed();
}

// Removes entries that were moved or trashed from the listings in memory.
export function entriesLeft(entries: readonly Entry[]): void {
    const ids = new Set(entries.map((entry) => entry.id));
    for (const parent of new Set(entries.map((entry) => entry.parent_id)))
        for (const folder of foldersInMemory(parent ?? '')) folder.list.pages.begin(ids).end();
}

export function entryArrived(entry: Entry): void {
    if (entry.parent_id) for (const folder of foldersInMemory(entry.parent_id)) folder.list.pages.put(entry);
}
