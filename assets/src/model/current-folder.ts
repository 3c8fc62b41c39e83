// The folder that the page stands in: what New, paste, drop and the sidebar refer to.
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
// A list to walk and to look things up in.
export interface EntryList {
    readonly pages: { readonly items: ReadonlySignal<readonly Entry[]> };
    item(id: string): Entry | null;
    select(id: string): void;
}

// The list that is on screen, of a folder or of a search: a preview walks it.
export const visibleList = signal<EntryList | null>(null);
export const currentSpace = signal<string | null>(null); // also on the trash page

// Entries that were cut or copied, to be pasted.
export const entryClipboard = signal<{ entries: readonly Entry[]; cut: boolean; from: Source | null } | null>(null);
