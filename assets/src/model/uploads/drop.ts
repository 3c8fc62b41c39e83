// Reads dropped or chosen files, and folders with their contents.

export interface Found {
    file: File;
    folders: string[]; // folder names between the drop and the file
    handle: FileSystemFileHandle | null;
}

export interface Drop {
    files: Found[];
    folders: string[][]; // every folder, so that empty ones are made, too
    unreadable: string[]; // paths that the browser could not read
}

const clutter = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);

type WithHandle = DataTransferItem & { getAsFileSystemHandle?: () => Promise<FileSystemHandle | null> };

// Requires: called within the drop event; the items are only valid there.
export async function readDrop(transfer: DataTransfer, met: (files: number) => void = () => undefined): Promise<Drop> {
    const items = [...transfer.items].filter((item) => item.kind === 'file') as WithHandle[];
    const dropped = items.map((item) => ({
        entry: item.webkitGetAsEntry(),
        file: item.getAsFile(),
        handle: handleOf(item),
    }));
    const drop: Drop = { files: [], folders: [], unreadable: [] };
    for (const { entry, file, handle } of dropped) {
        if (entry?.isDirectory) await walk(entry as FileSystemDirectoryEntry, [], drop, met);
        else if (file) drop.files.push({ file, folders: [], handle: await handle });
        else if (entry) drop.unreadable.push(entry.name);
    }
    return drop;
}

async function handleOf(item: WithHandle): Promise<FileSystemFileHandle | null> {
    try {
        const handle = await item.getAsFileSystemHandle?.();
        return handle?.kind === 'file' ? (handle as FileSystemFileHandle) : null;
    } catch {
        return null; // optional: without a handle the user chooses the file again
    }
}

async function walk(
    directory: FileSystemDirectoryEntry,
    above: string[],
    drop: Drop,
    met: (files: number) => void,
): Promise<void> {
    const path = [...above, directory.name];
    drop.folders.push(path);
    const reader = directory.createReader();
    for (;;) {
        const some = await entriesOf(reader).catch(() => null);
        if (!some) drop.unreadable.push(path.join('/'));
        if (!some?.length) return;
        for (const entry of some) {
            if (entry.isDirectory) await walk(entry as FileSystemDirectoryEntry, path, drop, met);
            else if (!clutter.has(entry.name)) await takeFile(entry as FileSystemFileEntry, path, drop);
        }
        met(drop.files.length);
    }
}

const entriesOf = (reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> =>
    new Promise((resolve, reject) => reader.readEntries(resolve, reject));

async function takeFile(entry: FileSystemFileEntry, folders: string[], drop: Drop): Promise<void> {
    try {
        drop.files.push({ file: await fileOf(entry), folders, handle: null });
    } catch {
        drop.unreadable.push([...folders, entry.name].join('/'));
    }
}

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
    new Promise((resolve, reject) => entry.file(resolve, reject));

// From <input type=file>, with or without webkitdirectory.
export function readInput(list: Iterable<File>): Drop {
    const drop: Drop = { files: [], folders: [], unreadable: [] };
    const known = new Set<string>();
    for (const file of list) {
        const folders = file.webkitRelativePath ? file.webkitRelativePath.split('/').slice(0, -1) : [];
        if (folders.length && clutter.has(file.name)) continue;
        for (let depth = 1; depth <= folders.length; depth++) {
            const path = folders.slice(0, depth);
            if (!known.has(path.join('/'))) drop.folders.push(path);
            known.add(path.join('/'));
        }
        drop.files.push({ file, folders, handle: null });
    }
    return drop;
}

interface PickerWindow {
    showOpenFilePicker?: (options: { multiple: boolean }) => Promise<FileSystemFileHandle[]>;
}

export const hasPicker = (): boolean => typeof (window as PickerWindow).showOpenFilePicker === 'function';

// Files from the File System Access picker, whose handles survive a reload; null: cancelled.
export async function pickFiles(): Promise<Drop | null> {
    const handles = await (window as PickerWindow).showOpenFilePicker!({ multiple: true }).catch(() => null);
    if (!handles) return null;
    const drop: Drop = { files: [], folders: [], unreadable: [] };
    for (const handle of handles) {
        const file = await handle.getFile().catch(() => null);
        if (file) drop.files.push({ file, folders: [], handle });
        else drop.unreadable.push(handle.name);
    }
    return drop;
}

type Permission = {
    queryPermission?: (o: { mode: 'read' }) => Promise<string>;
    requestPermission?: (o: { mode: 'read' }) => Promise<string>;
};

// The file of a stored handle. `ask`: the browser may ask for permission, since the user clicked.
export async function fileBehind(handle: FileSystemFileHandle, ask: boolean): Promise<File | null> {
    try {
        const may = handle as unknown as Permission;
        let state = await may.queryPermission?.({ mode: 'read' });
        if (state !== 'granted' && ask) state = await may.requestPermission?.({ mode: 'read' });
        return state === 'granted' ? await handle.getFile() : null;
    } catch {
        return null; // moved or deleted since
    }
}
