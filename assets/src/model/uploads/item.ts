// One file that is being uploaded.
import { signal, type Signal } from '@preact/signals';

export type State =
    | 'waiting' // for its turn
    | 'sending'
    | 'paused'
    | 'conflict' // its name exists: the user decides
    | 'failed'
    | 'fileless' // from before a reload: the user must choose the file again
    | 'done'
    | 'skipped';

// What a stalled upload waits for.
export type Hold = 'connection' | 'server';

export type ConflictPolicy = 'fail' | 'replace' | 'rename';

// The record that survives a reload (IndexedDB).
export interface Saved {
    key: string;
    tab: string; // the tab that sends it
    user: string;
    name: string;
    folders: string[]; // between the root and the file
    root: string; // id of the folder that it was dropped on
    rootName: string;
    size: number;
    modified: number;
    batch: string;
    conflict: ConflictPolicy;
    parent: string | null; // id of its folder, once that is known
    url: string | null; // of the tus upload, once there is one
    whole: boolean; // the server has all bytes, and waits for a decision about the name
    handle: FileSystemFileHandle | null;
}

export class Item {
    readonly state: Signal<State>;
    readonly sent = signal(0);
    readonly reason = signal<unknown>(null); // why it failed
    readonly hold = signal<Hold | null>(null); // while it is being sent
    readonly hasHandle: Signal<boolean>; // the browser can open the file again, if it is permitted
    begun: boolean; // its creation was sent, and not answered
    movedAt = 0; // when bytes were last sent, milliseconds
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

    // Whether it can continue without the user choosing the file.
    get isReady(): boolean {
        return this.file !== null || this.saved.whole;
    }

    // Unique for each folder: the server makes one upload, however often the creation is sent.
    get creationKey(): string {
        return `${this.saved.key}.${this.saved.parent ?? ''}`;
    }

    get key(): string {
        return this.saved.key;
    }

    // Same name, size, date and folder: the same file, as far as a browser can tell.
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

// Why a file is not sent: the user must choose it again; the user skipped its folder.
export class NoFile extends Error {}
export class LeftOut extends Error {}

export const unfinished: readonly State[] = ['waiting', 'sending', 'paused', 'conflict', 'failed', 'fileless'];
