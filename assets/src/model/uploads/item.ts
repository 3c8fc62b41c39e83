// One file on its way up.
import { signal, type Signal } from '@preact/signals';

export type State =
    | 'waiting' // for its turn
    | 'sending'
    | 'paused'
    | 'conflict' // its name is taken: a person decides
    | 'failed'
    | 'fileless' // from before a reload: the browser needs the file again
    | 'done'
    | 'skipped';

// What a file that is being sent waits for, when nothing moves.
export type Hold = 'connection' | 'server';

export type ConflictPolicy = 'fail' | 'replace' | 'rename';

// What survives a reload (IndexedDB).
export interface Saved {
    key: string;
    tab: string; // whose page it belongs to
    user: string;
    name: string;
    folders: string[]; // between the root and the file
    root: string; // id of the folder that it was dropped in
    rootName: string;
    size: number;
    modified: number;
    batch: string;
    conflict: ConflictPolicy;
    parent: string | null; // id of its folder, once that is known
    url: string | null; // of the tus upload, once there is one
    whole: boolean; // the server has all of it, and waits for a decision about its name
    handle: FileSystemFileHandle | null;
}

export class Item {
    readonly state: Signal<State>;
    readonly sent = signal(0);
    readonly reason = signal<unknown>(null); // why it failed
    readonly hold = signal<Hold | null>(null); // while it is being sent
    readonly hasHandle: Signal<boolean>; // the browser can open the file by itself, if it may
    begun: boolean; // its creation was sent, and the answer did not come
    movedAt = 0; // when bytes last went, milliseconds
    file: File | null;

    constructor(
        readonly saved: Saved,
        file: File | null,
    ) {
        this.file = file;
        this.hasHandle = signal(saved.handle !== null);
        this.begun = saved.parent !== null && saved.url === null;
        this.state = signal<State>(file || saved.whole ? 'waiting' : 'fileless');
    }

    // Whether it can go on without asking for the file.
    get isReady(): boolean {
        return this.file !== null || this.saved.whole;
    }

    // A key of its own in each folder: the server makes one upload of it, however often its creation is sent.
    get creationKey(): string {
        return `${this.saved.key}.${this.saved.parent ?? ''}`;
    }

    get key(): string {
        return this.saved.key;
    }

    // Same name, size, time and place: the same file for all that a browser can tell.
    isFor(file: File, folders: readonly string[], root: string | null): boolean {
        const { name, size, modified, folders: own, root: ownRoot } = this.saved;
        return (
            file.name === name &&
            file.size === size &&
            file.lastModified === modified &&
            (root === null || (root === ownRoot && own.join('/') === folders.join('/')))
        );
    }
}

// Why one is not sent: the browser needs the file again; the person left its folder out.
export class NoFile extends Error {}
export class LeftOut extends Error {}

export const unfinished: readonly State[] = ['waiting', 'sending', 'paused', 'conflict', 'failed', 'fileless'];
