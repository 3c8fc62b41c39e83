// Makes the folders of a dropped tree, each once, one level after the other.
import { call } from '../../api/call';
import { path } from '../../api/path';
import { make_folder, open_entry } from '../../api/entries';
import { Refusal, is_refusal } from '../../api/refusal';
import type { Entry } from '../../api/shapes';

const made = new Map<string, Promise<string>>();

const at_once = 3; // calls that make folders; the rest wait in line
let running = 0;
const line: (() => void)[] = [];

async function in_turn<T>(work: () => Promise<T>): Promise<T> {
    if (running < at_once) running++;
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
export function folder_for(root: string, folders: readonly string[], arrived: (entry: Entry) => void): Promise<string> {
    if (!folders.length) return Promise.resolve(root);
    const key = [root, ...folders].join('/');
    const known = made.get(key);
    if (known) return known;
    const name = folders[folders.length - 1]!;
    const id = folder_for(root, folders.slice(0, -1), arrived).then((parent) => in_turn(() => folder_in(parent, name, arrived)));
    made.set(key, id);
    // A failure is not for ever, and a folder may be deleted later.
    id.then(
        () => setTimeout(() => made.delete(key), 60_000),
        () => made.delete(key),
    );
    return id;
}

async function folder_in(parent: string, name: string, arrived: (entry: Entry) => void): Promise<string> {
    try {
        const entry = await make_folder(parent, name);
        arrived(entry);
        return entry.id;
    } catch (error) {
        if (!is_refusal(error, 'name_taken')) throw error;
        const id = (error as Refusal).existing_id ?? (await find_by_name(parent, name));
        if (id && (await open_entry(id)).kind === 'folder') return id;
        throw error;
    }
}

async function find_by_name(parent: string, name: string): Promise<string | null> {
    const { items } = await call<{ items: Entry[] }>('GET', path`entries/${parent}/children?limit=1000`);
    return items.find((entry) => entry.kind === 'folder' && entry.name === name.normalize('NFC'))?.id ?? null;
}
