// What a person does to entries: shown at once, taken back with a reason if the server refuses, and
// undone from a toast.
import * as api from '../api/entries';
import { fresh_key } from '../api/call';
import { Refusal, is_refusal } from '../api/error';
import type { Entry, OpenEntry } from '../api/shapes';
import { t } from '../i18n/language';
import { choose_for_taken } from '../components/name-conflict';
import { copy_many, move_many, trash_many, type Source as Many, type Target } from './bulk-actions';
import { explain } from './error-text';
import { entries_left, entry_arrived, folder_changed } from './folders';
import { next_name } from './names';
import type { Pages } from './pages';
import type { Pane } from './list-state';
import { spaces_changed } from './spaces';
import { complain, offer_undo, say } from './toasts';
import { trash_changed } from './trash';

export type { Target } from './bulk-actions';

// A list that gives up the rows of an act.
export interface Source extends Many {
    begin(ids: ReadonlySet<string>): { end(kept?: ReadonlySet<string>): void };
}

const ids_of = (entries: readonly Entry[]): Set<string> => new Set(entries.map((entry) => entry.id));

// Why one entry was refused.
function tell_failure({ name }: Entry, error: unknown, folder = ''): void {
    complain(explain(error, { name_taken: t('error.name_taken_in', { name, folder }), not_found: t('error.entry_gone', { name }) }));
}

// Within one question the same name is the same folder, though the answer to the first try was lost.
export function key_by_name(): (name: string) => string {
    const keys = new Map<string, string>();
    return (name) => keys.get(name) ?? (keys.set(name, fresh_key()), keys.get(name)!);
}

export async function new_folder(parent: Target, name: string, pane: Pane | null, key: string): Promise<void> {
    const made = await api.make_folder(parent.id, name, key);
    entry_arrived(made);
    pane?.select(made.id);
}

export async function rename_entry<T extends Entry>(pane: Pane<T>, entry: T, name: string, folder = ''): Promise<void> {
    pane.renaming.value = null;
    if (name === entry.name) return;
    const change = await renamed(pane, entry, name, folder, () => api.rename(entry.id, name));
    if (change) offer_undo(t('done.renamed', { name }), t('act.undo'), () => void undo_rename(pane, change, entry.name, folder));
}

async function undo_rename<T extends Entry>(pane: Pane<T>, entry: T, name: string, folder: string): Promise<void> {
    await renamed(pane, entry, name, folder, async () => api.rename(entry.id, name, await tag_as_left(entry)));
}

async function renamed<T extends Entry>(pane: Pane<T>, entry: T, name: string, folder: string, call: () => Promise<Entry>): Promise<T | null> {
    const end = pane.pages.begin_change();
    pane.pages.patch(entry.id, { name } as Partial<T>);
    try {
        const made = { ...entry, ...(await call()) };
        pane.pages.put(made);
        pane.reveal(entry.id);
        return made;
    } catch (error) {
        pane.pages.patch(entry.id, { name: entry.name } as Partial<T>);
        complain(explain(error, { name_taken: t('error.name_taken_in', { name, folder }) }), { label: t('act.try_again'), run: () => (pane.renaming.value = entry.id) });
        return null;
    } finally {
        end();
    }
}

// The tag of an entry that is as an act of this page left it, for If-Match. An undo must not overwrite what somebody
// else has done to it since.
async function tag_as_left(left: Entry): Promise<string | null> {
    const { etag, value } = await api.tagged_entry(left.id);
    if (!is_as_left(left, value)) throw new Refusal(412, { code: 'precondition_failed' });
    return etag;
}

const is_as_left = (left: Entry, now: OpenEntry): boolean => now.name === left.name && now.parent_id === left.parent_id && now.version === left.version;

export async function trash_entries<T extends Entry>(pages: Pages<T> | null, entries: readonly T[]): Promise<void> {
    const [entry] = entries;
    if (!entry) return;
    if (entries.length > 1) return trash_many(pages, entries);
    const taken = pages?.begin(ids_of(entries));
    try {
        await api.trash(entry.id);
    } catch (error) {
        taken?.end(ids_of(entries));
        return tell_failure(entry, error);
    }
    entries_left(entries);
    taken?.end();
    trash_changed();
    spaces_changed();
    offer_undo(t('done.trashed_one', { name: entry.name }), t('act.undo'), () => void undo_trash(entry, (back) => taken?.back([back])));
}

async function undo_trash<T extends Entry>(entry: T, put_back: (entry: T) => void): Promise<void> {
    try {
        const back = await api.restore(entry.id);
        entry_arrived(back);
        put_back({ ...entry, ...back });
        say(t('done.restored', { name: entry.name, n: 1 }));
    } catch (error) {
        tell_failure(entry, error);
    }
    trash_changed();
    spaces_changed();
}

// Moves, asking about names that are taken there.
export async function move_entries(from: Source | null, entries: readonly Entry[], to: Target): Promise<void> {
    const movable = entries.filter((entry) => entry.id !== to.id && entry.parent_id !== to.id);
    const [entry] = movable;
    if (!entry) return;
    if (movable.length > 1) return move_many(from, movable, to);
    const taken = from?.begin(ids_of(movable));
    const made = await unless_taken(entry, to.name, (name) => api.move(entry.id, to.id, name));
    if (!made) return taken?.end(ids_of(movable));
    entry_arrived(made);
    entries_left(movable);
    taken?.end();
    spaces_changed();
    offer_undo(t('done.moved_one', { name: made.name, folder: to.name }), t('act.undo'), () => void undo_move(entry, made));
}

// Back to the folder and to the name that it had: "keep both" may have given a number.
async function undo_move(was: Entry, now: Entry): Promise<void> {
    try {
        if (was.parent_id) await api.move(now.id, was.parent_id, was.name, await tag_as_left(now));
        say(t('done.moved_back'));
    } catch (error) {
        tell_failure(now, error);
    }
    for (const id of new Set([was.parent_id, now.parent_id])) folder_changed(id);
    spaces_changed();
}

export async function copy_entries(entries: readonly Entry[], to: Target, from: Source | null = null): Promise<void> {
    const [entry] = entries;
    if (!entry) return;
    if (entries.length > 1) return copy_many(from, entries, to);
    const attempt = (name?: string): Promise<Entry> => api.copy(entry.id, to.id, name);
    const made = await unless_taken(entry, to.name, entry.parent_id === to.id ? () => with_free_name(entry, attempt) : attempt);
    if (!made) return;
    entry_arrived(made);
    spaces_changed();
    offer_undo(t('done.copied_one', { name: made.name, folder: to.name }), t('act.undo'), () => void undo_copy(made, to.id));
}

async function undo_copy(made: Entry, folder: string): Promise<void> {
    try {
        if (made.kind === 'file') await tag_as_left(made);
        await api.trash(made.id);
    } catch (error) {
        tell_failure(made, error);
    }
    folder_changed(folder);
    trash_changed();
    spaces_changed();
}

// "name (2).ext", "name (3).ext"… until one is free.
export async function with_free_name(entry: Pick<Entry, 'name' | 'kind'>, attempt: (name: string) => Promise<Entry>): Promise<Entry> {
    let name = entry.name;
    for (let tries = 0; ; tries++) {
        name = next_name(name, entry.kind === 'folder');
        try {
            return await attempt(name);
        } catch (error) {
            if (!is_refusal(error, 'name_taken') || tries >= 100) throw error;
        }
    }
}

// Tries with the entry's own name; when it is taken, asks what to do. null: it was refused, and that was said, or skipped.
async function unless_taken(entry: Entry, folder: string, attempt: (name?: string) => Promise<Entry>): Promise<Entry | null> {
    try {
        return await attempt().catch(async (error: unknown) => {
            if (!is_refusal(error, 'name_taken')) throw error;
            const theirs = error.existing_id ? await api.open_entry(error.existing_id).catch(() => null) : null;
            const { choice } = await choose_for_taken({ name: entry.name, folder, ours: entry, theirs, replace: false, others: false });
            return choice === 'keep' ? with_free_name(entry, attempt) : null;
        });
    } catch (error) {
        tell_failure(entry, error, folder);
        return null;
    }
}

// One after another: a browser starts many downloads only when they are spread a little.
export async function download_entries(entries: readonly Entry[]): Promise<void> {
    const files = entries.filter((entry) => entry.kind === 'file');
    if (!files.length) return void complain(t('error.folders_not_downloaded'));
    for (const file of files) {
        const link = document.createElement('a');
        link.href = api.content_url(file, 'attachment');
        link.download = file.name;
        document.body.append(link);
        link.click();
        link.remove();
        await new Promise((resolve) => setTimeout(resolve, 300));
    }
    const left_out = entries.length - files.length;
    if (left_out) say(t('done.folders_left_out', { n: left_out }));
}
