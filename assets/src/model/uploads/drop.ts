// Reads what was dropped or chosen: files, and folders with all that is in them.

export interface Found {
    file: File;
    folders: string[]; // names between the drop and the file
    handle: FileSystemFileHandle | null;
}

export interface Drop {
    files: Found[];
    folders: string[][]; // every folder met, so that empty ones are made too
}

const clutter = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);

type WithHandle = DataTransferItem & { getAsFileSystemHandle?: () => Promise<FileSystemHandle | null> };

// Must be called within the drop event: the items are gone after it.
export async function read_drop(transfer: DataTransfer, met: (files: number) => void = () => undefined): Promise<Drop> {
    const items = [...transfer.items].filter((item) => item.kind === 'file') as WithHandle[];
    const taken = items.map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile(), handle: handle_of(item) }));
    const drop: Drop = { files: [], folders: [] };
    for (const { entry, file, handle } of taken) {
        if (entry?.isDirectory) await walk(entry as FileSystemDirectoryEntry, [], drop, met);
        else if (file) drop.files.push({ file, folders: [], handle: await handle });
    }
    return drop;
}

async function handle_of(item: WithHandle): Promise<FileSystemFileHandle | null> {
    try {
        const handle = await item.getAsFileSystemHandle?.();
        return handle?.kind === 'file' ? (handle as FileSystemFileHandle) : null;
    } catch {
        return null; // the handle is a convenience: without it the file is asked for again
    }
}

async function walk(directory: FileSystemDirectoryEntry, above: string[], drop: Drop, met: (files: number) => void): Promise<void> {
    const path = [...above, directory.name];
    drop.folders.push(path);
    const reader = directory.createReader();
    for (;;) {
        const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
        if (!some.length) return;
        for (const entry of some) {
            if (entry.isDirectory) await walk(entry as FileSystemDirectoryEntry, path, drop, met);
            else if (!clutter.has(entry.name)) drop.files.push({ file: await file_of(entry as FileSystemFileEntry), folders: path, handle: null });
        }
        met(drop.files.length);
    }
}

const file_of = (entry: FileSystemFileEntry): Promise<File> => new Promise((resolve, reject) => entry.file(resolve, reject));

// From <input type=file>, with or without webkitdirectory.
export function read_input(list: Iterable<File>): Drop {
    const drop: Drop = { files: [], folders: [] };
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

export const has_picker = (): boolean => typeof (window as PickerWindow).showOpenFilePicker === 'function';

// Files by the File System Access picker, whose handles survive a reload; null: the person thought better of it.
export async function pick_files(): Promise<Drop | null> {
    try {
        const handles = await (window as PickerWindow).showOpenFilePicker!({ multiple: true });
        const files = await Promise.all(handles.map(async (handle) => ({ file: await handle.getFile(), folders: [], handle })));
        return { files, folders: [] };
    } catch {
        return null;
    }
}

type Permission = { queryPermission?: (o: { mode: 'read' }) => Promise<string>; requestPermission?: (o: { mode: 'read' }) => Promise<string> };

// The file behind a kept handle. `ask`: a person's click allows the browser to ask.
export async function file_behind(handle: FileSystemFileHandle, ask: boolean): Promise<File | null> {
    try {
        const may = handle as unknown as Permission;
        let state = await may.queryPermission?.({ mode: 'read' });
        if (state !== 'granted' && ask) state = await may.requestPermission?.({ mode: 'read' });
        return state === 'granted' ? await handle.getFile() : null;
    } catch {
        return null; // moved or deleted since
    }
}
