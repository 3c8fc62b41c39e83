// The listing of the trash that is on screen, if any: told when entries go to the trash or leave it elsewhere.
import type { TrashedEntry } from '../api/shapes';
import type { Pages } from './pages';

let shown: Pages<TrashedEntry> | null = null;

// Returns what ends it.
export function registerTrash(pages: Pages<TrashedEntry>): () => void {
    shown = pages;
    return () => {
        if (shown === pages) shown = null;
    };
}

export function trashChanged(): void {
    void shown?.changed();
}
