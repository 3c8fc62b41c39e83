// The trash listing on screen, if any: refreshed when entries are trashed or restored elsewhere.
import type { TrashedEntry } from '../api/shapes';
import type { Pages } from './pages';

let shown: Pages<TrashedEntry> | null = null;

// Call the result when the listing is no longer shown.
export function registerTrash(pages: Pages<TrashedEntry>): () => void {
    shown = pages;
    return () => {
        if (shown === pages) shown = null;
    };
}

export function trashChanged(): void {
    void shown?.changed();
}
