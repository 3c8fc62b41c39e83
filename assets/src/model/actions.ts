// The user's actions on entries. Each shows at once, is rolled back with a reason if the server refuses it, and can be
// undone from a toast.
import * as api from '../api/entries';
import { freshKey } from '../api/call';
import { ApiError, isApiError } from '../api/error';
import type { Entry, OpenEntry } from '../api/shapes';
import { t } from '../i18n/language';
import { copyMany, moveMany, trashMany } from './bulk-actions';
import { resolveNameConflict } from './dialogs';
import { explain } from './error-text';
import { entriesLeft, entryArrived, folderChanged } from './folders';
import { nextName } from './names';
import type { Pages } from './pages';
import type { ListState } from './list-state';
import { spacesChanged } from './spaces';
import { showError, offerUndo, showMessage } from './toasts';
import type { Source, Target } from './transfer';
import { trashChanged } from './trash';

const idsOf = (entries: readonly Entry[]): Set<string> => new Set(entries.map((entry) => entry.id));

// Shows why the server refused an action on one entry.
function showFailure({ name }: Entry, error: unknown, folder = ''): void {
    showError(
        explain(error, {
            name_taken: t('error.name_taken_in', { name, folder }),
            not_found: t('error.entry_gone', { name }),
        }),
    );
}

// Gives the same key for the same name, so that a retry after a lost answer does not make a second folder.
export function keyByName(): (name: string) => string {
    const keys = new Map<string, string>();
    return (name) => keys.get(name) ?? (keys.set(name, freshKey()), keys.get(name)!);
}

export async function newFolder(parent: Target, name: string, list: ListState | null, key: string): Promise<void> {
    const made = await api.makeFolder(parent.id, name, key);
    entryArrived(made);
    list?.select(made.id);
}

export async function renameEntry<T extends Entry>(
    list: ListState<T>,
    entry: T,
    name: string,
    folder = '',
): Promise<void> {
    list.renaming.value = null;
    if (name === entry.name) return;
    const change = await renamed(list, entry, name, folder, () => api.rename(entry.id, name));
    if (change)
        offerUndo(
            t('done.renamed', { name }),
            t('action.undo'),
            () => void undoRename(list, change, entry.name, folder),
        );
}

async function undoRename<T extends Entry>(list: ListState<T>, entry: T, name: string, folder: string): Promise<void> {
    await renamed(list, entry, name, folder, async () => api.rename(entry.id, name, await tagAsLeft(entry)));
}

async function renamed<T extends Entry>(
    list: ListState<T>,
    entry: T,
    name: string,
    folder: string,
    call: () => Promise<Entry>,
): Promise<T | null> {
    const end = list.pages.beginChange();
    list.pages.patch(entry.id, { name } as Partial<T>);
    try {
        const made = { ...entry, ...(await call()) };
        list.pages.put(made);
        list.reveal(entry.id);
        return made;
    } catch (error) {
        list.pages.patch(entry.id, { name: entry.name } as Partial<T>);
        showError(explain(error, { name_taken: t('error.name_taken_in', { name, folder }) }), {
            label: t('action.try_again'),
            run: () => (list.renaming.value = entry.id),
        });
        return null;
    } finally {
        end();
    }
}

// The ETag for undoing an action. Fails if the entry has changed since the action: an undo must not overwrite what
// somebody else did.
async function tagAsLeft(left: Entry): Promise<string | null> {
    const { etag, value } = await api.taggedEntry(left.id);
    if (!isAsLeft(left, value)) throw new ApiError(412, { code: 'precondition_failed' });
    return etag;
}

const isAsLeft = (left: Entry, now: OpenEntry): boolean =>
    now.name === left.name && now.parent_id === left.parent_id && now.version === left.version;

export async function trashEntries<T extends Entry>(pages: Pages<T> | null, entries: readonly T[]): Promise<void> {
    const [entry] = entries;
    if (!entry) return;
    if (entries.length > 1) return trashMany(pages, entries);
    const removal = pages?.begin(idsOf(entries));
    try {
        await api.trash(entry.id);
    } catch (error) {
        removal?.end(idsOf(entries));
        return showFailure(entry, error);
    }
    entriesLeft(entries);
    removal?.end();
    trashChanged();
    spacesChanged();
    offerUndo(
        t('done.trashed_one', { name: entry.name }),
        t('action.undo'),
        () => void undoTrash(entry, (back) => removal?.back([back])),
    );
}

async function undoTrash<T extends Entry>(entry: T, putBack: (entry: T) => void): Promise<void> {
    try {
        const back = await api.restore(entry.id);
        entryArrived(back);
        putBack({ ...entry, ...back });
        showMessage(t('done.restored', { name: entry.name, n: 1 }));
    } catch (error) {
        showFailure(entry, error);
    }
    trashChanged();
    spacesChanged();
}

// Moves entries, and asks about names that exist in the target folder.
export async function moveEntries(from: Source | null, entries: readonly Entry[], to: Target): Promise<void> {
    const movable = entries.filter((entry) => entry.id !== to.id && entry.parent_id !== to.id);
    const [entry] = movable;
    if (!entry) return;
    if (movable.length > 1) return moveMany(from, movable, to);
    const removal = from?.begin(idsOf(movable));
    const made = await unlessConflict(entry, to.name, (name) => api.move(entry.id, to.id, name));
    if (!made) return removal?.end(idsOf(movable));
    entryArrived(made);
    entriesLeft(movable);
    removal?.end();
    spacesChanged();
    offerUndo(
        t('done.moved_one', { name: made.name, folder: to.name }),
        t('action.undo'),
        () => void undoMove(entry, made),
    );
}

// Restores the former folder and name: "keep both" may have appended a number.
async function undoMove(was: Entry, now: Entry): Promise<void> {
    try {
        if (was.parent_id) await api.move(now.id, was.parent_id, was.name, await tagAsLeft(now));
        showMessage(t('done.moved_back'));
    } catch (error) {
        showFailure(now, error);
    }
    for (const id of new Set([was.parent_id, now.parent_id])) folderChanged(id);
    spacesChanged();
}

export async function copyEntries(entries: readonly Entry[], to: Target, from: Source | null = null): Promise<void> {
    const [entry] = entries;
    if (!entry) return;
    if (entries.length > 1) return copyMany(from, entries, to);
    const attempt = (name?: string): Promise<Entry> => api.copy(entry.id, to.id, name);
    const made = await unlessConflict(
        entry,
        to.name,
        entry.parent_id === to.id ? () => withFreeName(entry, attempt) : attempt,
    );
    if (!made) return;
    entryArrived(made);
    spacesChanged();
    offerUndo(
        t('done.copied_one', { name: made.name, folder: to.name }),
        t('action.undo'),
        () => void undoCopy(made, to.id),
    );
}

async function undoCopy(made: Entry, folder: string): Promise<void> {
    try {
        if (made.kind === 'file') await tagAsLeft(made);
        await api.trash(made.id);
    } catch (error) {
        showFailure(made, error);
    }
    folderChanged(folder);
    trashChanged();
    spacesChanged();
}

// Tries "name (2).ext", "name (3).ext"… until a name is free.
export async function withFreeName(
    entry: Pick<Entry, 'name' | 'kind'>,
    attempt: (name: string) => Promise<Entry>,
): Promise<Entry> {
    let name = entry.name;
    for (let tries = 0; ; tries++) {
        name = nextName(name, entry.kind === 'folder');
        try {
            return await attempt(name);
        } catch (error) {
            if (!isApiError(error, 'name_taken') || tries >= 100) throw error;
        }
    }
}

// Tries the entry's own name, and asks what to do if it exists. null: skipped, or refused (and the error was shown).
async function unlessConflict(
    entry: Entry,
    folder: string,
    attempt: (name?: string) => Promise<Entry>,
): Promise<Entry | null> {
    try {
        return await attempt().catch(async (error: unknown) => {
            if (!isApiError(error, 'name_taken')) throw error;
            const theirs = error.existingId ? await api.openEntry(error.existingId).catch(() => null) : null;
            const { choice } = await resolveNameConflict({
                name: entry.name,
                folder,
                ours: entry,
                theirs,
                replace: false,
                others: false,
            });
            return choice === 'keep' ? withFreeName(entry, attempt) : null;
        });
    } catch (error) {
        showFailure(entry, error, folder);
        return null;
    }
}

// One after the other with a pause: browsers drop downloads that start at the same moment.
export async function downloadEntries(entries: readonly Entry[]): Promise<void> {
    const files = entries.filter((entry) => entry.kind === 'file');
    if (!files.length) return void showError(t('error.folders_not_downloaded'));
    for (const file of files) {
        const link = document.createElement('a');
        link.href = api.contentUrl(file, 'attachment');
        link.download = file.name;
        document.body.append(link);
        link.click();
        link.remove();
        await new Promise((resolve) => setTimeout(resolve, 300));
    }
    const leftOut = entries.length - files.length;
    if (leftOut) showMessage(t('done.folders_left_out', { n: leftOut }));
}
