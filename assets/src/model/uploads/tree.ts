// Makes the folders of a dropped tree, each once, one level after the other. What one drop made is no other drop's: a
// folder of the same path may have been renamed in between.
import { call } from '../../api/call';
import { path } from '../../api/path';
import { makeFolder, openEntry } from '../../api/entries';
import { Refusal, isRefusal } from '../../api/error';
import type { Entry } from '../../api/shapes';
import { nextName } from '../names';
import { LeftOut } from './item';

export interface Place {
    batch: string; // the drop
    root: string; // id of the folder that it was dropped in
    rootName: string;
    folders: readonly string[]; // names from there on
}

export interface Listener {
    arrived(folder: Entry): void;
    // A file has the folder's name.
    ask(place: Place, file: Entry): Promise<'keep' | 'skip'>;
}

const made = new Map<string, Promise<string>>();
const keyOf = ({ batch, root, folders }: Place): string => [batch, root, ...folders].join('/');
const above = (place: Place): Place => ({ ...place, folders: place.folders.slice(0, -1) });

const atOnce = 3; // calls that make folders; the rest wait in line
let running = 0;
const line: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running < atOnce) running++;
    else await new Promise<void>((go) => line.push(go)); // takes over the place of the one that ends
    try {
        return await work();
    } finally {
        const next = line.shift();
        if (next) next();
        else running--;
    }
}

// The id of root/folders[0]/folders[1]/…; folders that are there already are used.
export function folderFor(place: Place, listener: Listener): Promise<string> {
    if (!place.folders.length) return Promise.resolve(place.root);
    const key = keyOf(place);
    const known = made.get(key);
    if (known) return known;
    const id = folderFor(above(place), listener).then((parent) => folderIn(parent, place, listener));
    made.set(key, id);
    id.catch((error: unknown) => error instanceof LeftOut || made.delete(key)); // a failure is not for ever
    return id;
}

// From before a reload.
export function knowFolder(place: Place, id: string): void {
    if (place.folders.length && !made.has(keyOf(place))) made.set(keyOf(place), Promise.resolve(id));
}

// For a folder that no longer exists, with all folders below it.
export function forgetFolder(place: Place): void {
    const key = keyOf(place);
    for (const other of made.keys()) if (other === key || other.startsWith(key + '/')) made.delete(other);
}

async function folderIn(parent: string, place: Place, listener: Listener): Promise<string> {
    const name = place.folders.at(-1)!;
    const found = await inTurn(() => makeOrFind(parent, name, listener));
    if (typeof found === 'string') return found;
    if ((await listener.ask(place, found)) === 'skip') throw new LeftOut(name);
    return inTurn(() => makeNumbered(parent, name, listener));
}

// The folder's id, or the file that has its name.
async function makeOrFind(parent: string, name: string, { arrived }: Listener): Promise<string | Entry> {
    try {
        const entry = await makeFolder(parent, name);
        arrived(entry);
        return entry.id;
    } catch (error) {
        if (!isRefusal(error, 'name_taken')) throw error;
        const id = (error as Refusal).existingId ?? (await findByName(parent, name));
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
    throw new Refusal(409, { code: 'name_taken' });
}

async function findByName(parent: string, name: string): Promise<string | null> {
    const { items } = await call<{ items: Entry[] }>('GET', path`entries/${parent}/children?limit=1000`);
    return items.find((entry) => entry.name === name.normalize('NFC'))?.id ?? null;
}
