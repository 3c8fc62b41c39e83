// Makes the folders of a dropped tree, each once, level by level. Folders are cached by drop, since a folder of the
// same path may be renamed between two drops.
import { call } from '../../api/call';
import { path } from '../../api/url';
import { makeFolder, openEntry } from '../../api/entries';
import { ApiError, isApiError } from '../../api/error';
import type { Entry } from '../../api/shapes';
import { nextName } from '../names';
import { LeftOut } from './item';

export interface TargetFolder {
    batch: string; // the drop
    root: string; // id of the folder that it was dropped on
    rootName: string;
    folders: readonly string[]; // names below the root
}

export interface Listener {
    arrived: (folder: Entry) => void;
    // A file with the folder's name exists.
    ask(target: TargetFolder, file: Entry): Promise<'keep' | 'skip'>;
}

const made = new Map<string, Promise<string>>();
const keyOf = ({ batch, root, folders }: TargetFolder): string => [batch, root, ...folders].join('/');
const above = (target: TargetFolder): TargetFolder => ({ ...target, folders: target.folders.slice(0, -1) });

const atOnce = 3; // calls that make folders at the same time
let running = 0;
const line: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running < atOnce) running++;
    else await new Promise<void>((go) => line.push(go)); // continues in the slot of the call that ends
    try {
        return await work();
    } finally {
        const next = line.shift();
        if (next) next();
        else running--;
    }
}

// The id of root/folders[0]/folders[1]/…; existing folders are used.
export function folderFor(target: TargetFolder, listener: Listener): Promise<string> {
    if (!target.folders.length) return Promise.resolve(target.root);
    const key = keyOf(target);
    const known = made.get(key);
    if (known) return known;
    const id = folderFor(above(target), listener).then((parent) => folderIn(parent, target, listener));
    made.set(key, id);
    id.catch((error: unknown) => error instanceof LeftOut || made.delete(key)); // failures are not cached
    return id;
}

// Caches the id of a folder from before a reload.
export function knowFolder(target: TargetFolder, id: string): void {
    if (target.folders.length && !made.has(keyOf(target))) made.set(keyOf(target), Promise.resolve(id));
}

// Forgets a folder that no longer exists, and all folders below it.
export function forgetFolder(target: TargetFolder): void {
    const key = keyOf(target);
    for (const other of made.keys()) if (other === key || other.startsWith(key + '/')) made.delete(other);
}

async function folderIn(parent: string, target: TargetFolder, listener: Listener): Promise<string> {
    const name = target.folders.at(-1)!;
    const found = await inTurn(() => makeOrFind(parent, name, listener));
    if (typeof found === 'string') return found;
    if ((await listener.ask(target, found)) === 'skip') throw new LeftOut(name);
    return inTurn(() => makeNumbered(parent, name, listener));
}

// The folder's id, or the file that has the name.
async function makeOrFind(parent: string, name: string, { arrived }: Listener): Promise<string | Entry> {
    try {
        const entry = await makeFolder(parent, name);
        arrived(entry);
        return entry.id;
    } catch (error) {
        if (!isApiError(error, 'name_taken')) throw error;
        const id = error.existingId ?? (await findByName(parent, name));
        if (!id) throw error;
        const there = await openEntry(id);
        return there.kind === 'folder' ? id : there;
    }
}

async function makeNumbered(parent: string, name: string, listener: Listener): Promise<string> {
    for (let next = nextName(name, true), tries = 0; tries < 100; next = nextName(next, true), tries++) {
        const found = await makeOrFind(parent, next, listener);
        if (typeof found === 'string') return found;
    }
    throw new ApiError(409, { code: 'name_taken' });
}

async function findByName(parent: string, name: string): Promise<string | null> {
    const { items } = await call<{ items: Entry[] }>('GET', path`entries/${parent}/children?limit=1000`);
    return items.find((entry) => entry.name === name.normalize('NFC'))?.id ?? null;
}
