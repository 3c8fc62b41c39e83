// One file on its way up.
import { signal, type Signal } from '@preact/signals';

export type State =
    | 'waiting' // for its turn
    | 'sending'
    | 'paused'
    | 'taken' // its name is taken: a person decides
    | 'failed'
    | 'fileless' // from before a reload: the browser needs the file again
    | 'done'
    | 'skipped';

// What a file that is being sent waits for, when nothing moves.
export type Hold = 'connection' | 'server';

export type Conflict = 'fail' | 'replace' | 'rename';

// What survives a reload (IndexedDB).
export interface Saved {
    key: string;
    tab: string; // whose page it belongs to
    user: string;
    name: string;
    folders: string[]; // between the root and the file
    root: string; // id of the folder that it was dropped in
    root_name: string;
    size: number;
    modified: number;
    batch: string;
    conflict: Conflict;
    url: string | null; // of the tus upload, once there is one
    handle: FileSystemFileHandle | null;
}

export class Item {
    readonly state: Signal<State>;
    readonly sent = signal(0);
    readonly reason = signal<unknown>(null); // why it failed
    readonly hold = signal<Hold | null>(null); // while it is being sent
    moved_at = 0; // when bytes last went, milliseconds
    file: File | null;
    parent: string | null = null; // id of its folder, once that is there

    constructor(readonly saved: Saved, file: File | null) {
        this.file = file;
        this.state = signal<State>(file ? 'waiting' : 'fileless');
    }

    get key(): string {
        return this.saved.key;
    }

    // Same name, size, time and place: the same file for all that a browser can tell.
    is_for(file: File, folders: readonly string[], root: string | null): boolean {
        const { name, size, modified, folders: own, root: own_root } = this.saved;
        return file.name === name && file.size === size && file.lastModified === modified && (root === null || (root === own_root && own.join('/') === folders.join('/')));
    }
}

export const unfinished: readonly State[] = ['waiting', 'sending', 'paused', 'taken', 'failed', 'fileless'];
