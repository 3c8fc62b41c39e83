// The folder that the page stands in: what New, paste, drop and the sidebar refer to.
import { signal, type ReadonlySignal } from '@preact/signals';
import type { Entry, Role } from '../api/shapes';
import type { Source, Target } from './actions';
import type { Pane } from './list-state';

export interface Place {
    spaceId: string;
    folder: Target;
    role: Role;
    pane: Pane;
}

export const place = signal<Place | null>(null);
// A list to walk and to look things up in.
export interface Listed {
    readonly pages: { readonly items: ReadonlySignal<readonly Entry[]> };
    item(id: string): Entry | null;
    select(id: string): void;
}

// The list that is on screen, of a folder or of a search: a preview walks it.
export const listed = signal<Listed | null>(null);
export const currentSpace = signal<string | null>(null); // also on the trash page

// Entries that were cut or copied, to be pasted.
export const clip = signal<{ entries: readonly Entry[]; cut: boolean; from: Source | null } | null>(null);
