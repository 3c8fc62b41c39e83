// What a person does to entries: shown at once, taken back with a reason if the server refuses, and
// undone from a toast.
import * as api from '../api/entries';
import { fresh_key } from '../api/call';
import { Refusal, is_refusal } from '../api/refusal';
import type { Entry, OpenEntry } from '../api/shapes';
import { t } from '../i18n/language';
import { choose_for_taken } from '../parts/taken';
import { explain } from './explain';
import { entries_left, entry_arrived, folder_changed } from './folders';
import { next_name } from './names';
import type { Pages } from './pages';
import type { Pane } from './pane';
import { spaces_changed } from './spaces';
import { complain, offer_undo, say } from './toasts';
import { trash_changed } from './trash';

export interface Target {
    id: string;
    name: string;
}

// A list that gives up the rows of an act.
export interface Source {
    begin(ids: ReadonlySet<string>): { end(kept?: ReadonlySet<string>): void };
}

const ids_of = (entries: readonly Entry[]): Set<string> => new Set(entries.map((entry) => entry.id));

const together = 4; // calls at once for one act on many entries

// Runs `work` on each, a few at a time; gives the failures.
async function on_each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<[T, unknown][]> {
    const failed: [T, unknown][] = [];
    const queue = [...items];
    const worker = async (): Promise<void> => {
        for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
            try {
                await work(item);
            } catch (error) {
                failed.push([item, error]);
            }
        }
    };
    await Promise.all(Array.from({ length: Math.min(together, items.length) }, worker));
    return failed;
}

function tell_failures(failed: readonly [Entry, unknown][], parent = ''): void {
    const first = failed[0];
    if (!first) return;
    const [entry, error] = first;
    const why = explain(error, { name_taken: t('error.name_taken_in', { name: entry.name, folder: parent }), not_found: t('error.entry_gone', { name: entry.name }) });
    complain(failed.length === 1 ? why : t('error.some_failed', { n: failed.length, why }));
}

const named = (entries: readonly Entry[]): { name: string; n: number } => ({ name: entries[0]?.name ?? '', n: entries.length });

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
    if (!entries.length) return;
    const taken = pages?.begin(ids_of(entries));
    const failed = await on_each(entries, (entry) => api.trash(entry.id));
    const refused = ids_of(failed.map(([entry]) => entry));
    const gone = entries.filter((entry) => !refused.has(entry.id));
    entries_left(gone);
    taken?.end(refused);
    trash_changed();
    tell_failures(failed);
    spaces_changed();
    if (!gone.length) return;
    const text = gone.length === 1 ? t('done.trashed_one', named(gone)) : t('done.trashed', named(gone));
    offer_undo(text, t('act.undo'), () => void undo_trash(gone, (back) => taken?.back([back])));
}

async function undo_trash<T extends Entry>(entries: readonly T[], put_back: (entry: T) => void): Promise<void> {
    const failed = await on_each(entries, async (entry) => {
        const back = await api.restore(entry.id);
        entry_arrived(back);
        put_back({ ...entry, ...back });
    });
    trash_changed();
    tell_failures(failed);
    if (failed.length < entries.length) say(t('done.restored', { ...named(entries), n: entries.length - failed.length }));
    spaces_changed();
}

// Moves, asking once about names that are taken there.
export async function move_entries(from: Source | null, entries: readonly Entry[], to: Target): Promise<void> {
    const movable = entries.filter((entry) => entry.id !== to.id && entry.parent_id !== to.id);
    if (!movable.length) return;
    const taken = from?.begin(ids_of(movable));
    const moved: Moved[] = [];
    const one_by_one = conflict_asker(to.name);
    const failed = await on_each(movable, async (entry) => {
        const made = await one_by_one(entry, (name) => api.move(entry.id, to.id, name));
        if (made) {
            moved.push({ was: entry, now: made });
            entry_arrived(made);
        }
    });
    const there = ids_of(moved.map(({ was }) => was));
    entries_left(moved.map(({ was }) => was));
    taken?.end(ids_of(movable.filter((entry) => !there.has(entry.id))));
    tell_failures(failed, to.name);
    spaces_changed();
    if (!moved.length) return;
    const text = moved.length === 1 ? t('done.moved_one', { name: moved[0]!.now.name, folder: to.name }) : t('done.moved', { n: moved.length, folder: to.name });
    offer_undo(text, t('act.undo'), () => void undo_move(moved));
}

interface Moved {
    was: Entry;
    now: Entry;
}

// Back to the folder and to the name that they had: "keep both" may have given a number.
async function undo_move(moved: readonly Moved[]): Promise<void> {
    const parents = new Set<string | null>();
    const failed = await on_each(moved, async ({ was, now }) => {
        if (!was.parent_id) return;
        parents.add(now.parent_id).add(was.parent_id);
        await api.move(now.id, was.parent_id, was.name, await tag_as_left(now));
    });
    tell_failures(failed.map(([{ now }, error]) => [now, error]));
    for (const id of parents) folder_changed(id);
    spaces_changed();
    if (failed.length < moved.length) say(t('done.moved_back'));
}

export async function copy_entries(entries: readonly Entry[], to: Target): Promise<void> {
    const made: Entry[] = [];
    const ask = conflict_asker(to.name);
    const failed = await on_each(entries, async (entry) => {
        const here = entry.parent_id === to.id;
        const copied = here ? await with_free_name(entry, (name) => api.copy(entry.id, to.id, name)) : await ask(entry, (name) => api.copy(entry.id, to.id, name));
        if (copied) made.push(copied);
    });
    for (const entry of made) entry_arrived(entry);
    tell_failures(failed, to.name);
    spaces_changed();
    if (!made.length) return;
    const text = made.length === 1 ? t('done.copied_one', { name: made[0]!.name, folder: to.name }) : t('done.copied', { n: made.length, folder: to.name });
    offer_undo(text, t('act.undo'), () => void undo_copy(made, to.id));
}

async function undo_copy(made: readonly Entry[], folder: string): Promise<void> {
    const failed = await on_each(made, async (entry) => {
        if (entry.kind === 'file') await tag_as_left(entry);
        await api.trash(entry.id);
    });
    tell_failures(failed);
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

// Tries with the entry's own name; when it is taken, asks what to do, once for all if so answered.
function conflict_asker(folder: string): (entry: Entry, attempt: (name?: string) => Promise<Entry>) => Promise<Entry | null> {
    let always: 'keep' | 'skip' | null = null;
    let turn: Promise<unknown> = Promise.resolve();
    return async (entry, attempt) => {
        let there: string | null = null;
        try {
            return await attempt();
        } catch (error) {
            if (!is_refusal(error, 'name_taken')) throw error;
            there = error.existing_id;
        }
        const mine = turn.then(async () => {
            if (always) return always;
            const theirs = there ? await api.open_entry(there).catch(() => null) : null;
            const answer = await choose_for_taken({ name: entry.name, folder, ours: entry, theirs, replace: false, others: true });
            if (answer.all) always = answer.choice === 'keep' ? 'keep' : 'skip';
            return answer.choice;
        });
        turn = mine;
        return (await mine) === 'keep' ? with_free_name(entry, attempt) : null;
    };
}

// One after another: a browser starts many downloads only when they are spread a little.
export async function download_entries(entries: readonly Entry[]): Promise<void> {
    const files = entries.filter((entry) => entry.kind === 'file');
    if (!files.length) return complain(t('error.folders_not_downloaded'));
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
