// Open folders: each with its entry, its listing and its selection; the last few stay in memory, so
// that going back is instant.
import { signal } from '@preact/signals';
import * as api from '../api/entries';
import { is_abort } from '../api/error';
import type { Entry, OpenEntry, Sort } from '../api/shapes';
import { compare_keys, sort_key } from './names';
import { Pages } from './pages';
import { Pane } from './list-state';

const remembered = 12;

export function comparison({ key, order }: Sort): (a: Entry, b: Entry) => number {
    const sign = order === 'desc' ? -1 : 1;
    const by = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);
    // Folders have neither size nor type: they stay by name.
    const field = (entry: Entry): string | number => (key === 'modified_at' ? entry.modified_at : entry.kind === 'folder' || key === 'name' ? '' : key === 'size' ? entry.size : (entry.mime ?? ''));
    return (a, b) => by(Number(a.kind === 'file'), Number(b.kind === 'file')) || sign * by(field(a), field(b)) || sign * compare_keys(sort_key(a.name), sort_key(b.name)) || sign * compare_keys(a.name, b.name);
}

export class Folder {
    readonly entry = signal<OpenEntry | null>(null);
    readonly fault = signal<unknown>(null);
    readonly pane: Pane;

    constructor(readonly id: string, readonly sort: Sort) {
        this.pane = new Pane(new Pages((request) => api.children(id, { ...request, sort }), comparison(sort)));
    }

    // Fetches what is missing and asks whether the rest changed.
    async visit(): Promise<void> {
        const entry = api.open_entry(this.id).then(
            (found) => {
                this.entry.value = found;
                this.fault.value = null;
            },
            (error: unknown) => {
                if (!is_abort(error)) this.fault.value = error;
            },
        );
        await Promise.all([entry, this.pane.pages.refresh()]);
    }
}

const open = new Map<string, Folder>();

export function open_folder(id: string, sort: Sort): Folder {
    const key = `${id} ${sort.key} ${sort.order}`;
    const folder = open.get(key) ?? new Folder(id, sort);
    open.delete(key);
    open.set(key, folder);
    for (const old of open.keys()) if (open.size > remembered) open.delete(old);
    return folder;
}

// What a folder is called, if a listing in memory tells: shown until the folder itself has come.
export function known_name(id: string): string | null {
    for (const folder of open.values()) {
        const name = folder.pane.item(id)?.name;
        if (name) return name;
    }
    return null;
}

export const folders_in_memory = (id: string): Folder[] => [...open.values()].filter((folder) => folder.id === id);

export function forget_folders(): void {
    open.clear();
}

// What a change elsewhere (a finished upload, a move, an undo) means for folders in memory.
export function folder_changed(id: string | null): void {
    if (id) for (const folder of folders_in_memory(id)) void folder.pane.pages.changed();
}

// The same for all of them: it is not known what a change elsewhere was about.
export function all_folders_changed(): void {
    for (const folder of open.values()) void folder.pane.pages.changed();
}

// Gone from where they were: into the trash or to another folder.
export function entries_left(entries: readonly Entry[]): void {
    const ids = new Set(entries.map((entry) => entry.id));
    for (const parent of new Set(entries.map((entry) => entry.parent_id))) for (const folder of folders_in_memory(parent ?? '')) folder.pane.pages.begin(ids).end();
}

export function entry_arrived(entry: Entry): void {
    if (entry.parent_id) for (const folder of folders_in_memory(entry.parent_id)) folder.pane.pages.put(entry);
}
