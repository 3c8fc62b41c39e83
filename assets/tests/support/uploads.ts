// Files and their records, as the browser and the app have them.
import { Item, type Saved } from '../../src/model/uploads/item';

export const file = (name: string, size = 10): File =>
    Object.assign(new Blob(['x'.repeat(size)]), { name, lastModified: 7, webkitRelativePath: '' });

let made = 0;

export const saved = (name: string, more: Partial<Saved> = {}): Saved => ({
    key: `k${made++}`,
    tab: 't',
    user: 'u',
    name,
    folders: [],
    root: 'ROOT',
    rootName: 'root',
    size: 10,
    modified: 7,
    batch: 'b',
    conflict: 'fail',
    parent: null,
    url: null,
    whole: false,
    handle: null,
    ...more,
});

export const item = (name: string, more: Partial<Saved> = {}): Item => new Item(saved(name, more), file(name));
