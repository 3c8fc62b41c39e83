// The folder that the page shows: the target of New, paste and drop.
import { signal, type ReadonlySignal } from '@preact/signals';
import type { Entry, Role } from '../api/shapes';
import type { Source, Target } from './transfer';
import type { ListState } from './list-state';

export interface CurrentFolder {
    spaceId: string;
    folder: Target;
    role: Role;
    list: ListState;
}

export const currentFolder = signal<CurrentFolder | null>(null);
// A list that a preview can step through.
export interface EntryList {
    readonly pages: { readonly items: ReadonlySignal<readonly Entry[]> };
    item(id: string): Entry | null;
    select(id: string): void;
}

// The list on screen, of a folder or a search.
export const visibleList = signal<EntryList | null>(null);
export const currentSpace = signal<string | null>(null); // set on the trash page, too

// Entries that were cut or copied.
export const entryClipboard = signal<{ entries: readonly Entry[]; cut: boolean; from: Source | null } | null>(null);
