// What a person does to entries: shown at once, taken back with a reason if the server refuses, and
// undone from a toast.
import * as api from '../api/entries';
import { is_refusal } from '../api/refusal';
import type { Entry } from '../api/shapes';
import { t } from '../i18n/language';
import { choose_for_taken } from '../parts/taken';
import { explain } from './explain';
import { entry_arrived, folder_changed } from './folders';
import { next_name } from './names';
import type { Pane } from './pane';
import { spaces_changed } from './spaces';
import { complain, offer_undo, say } from './toasts';

export interface Target {
    id: string;
    name: string;
}

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

export async function new_folder(parent: Target, name: string, pane: Pane | null): Promise<void> {
    const made = await api.make_folder(parent.id, name);
    entry_arrived(made);
    pane?.select(made.id);
}

export async function rename_entry(pane: Pane, entry: Entry, name: string, folder = ''): Promise<void> {
    pane.renaming.value = null;
    if (name === entry.name) return;
    pane.pages.patch(entry.id, { name });
    try {
        const renamed = await api.rename(entry.id, name);
        pane.pages.put(renamed);
        pane.reveal(entry.id);
        offer_undo(t('done.renamed', { name }), t('act.undo'), () => void rename_entry(pane, renamed, entry.name, folder));
    } catch (error) {
        pane.pages.patch(entry.id, { name: entry.name });
        complain(explain(error, { name_taken: t('error.name_taken_in', { name, folder }) }), { label: t('act.try_again'), run: () => (pane.renaming.value = entry.id) });
    }
}

export async function trash_entries(pane: Pane | null, entries: readonly Entry[]): Promise<void> {
    if (!entries.length) return;
    const put_back = pane?.pages.take(new Set(entries.map((entry) => entry.id)));
    const failed = await on_each(entries, (entry) => api.trash(entry.id));
    const refused = new Set(failed.map(([entry]) => entry.id));
    if (failed.length) {
        put_back?.();
        pane?.pages.take(new Set(entries.filter((entry) => !refused.has(entry.id)).map((entry) => entry.id)));
    }
    tell_failures(failed);
    spaces_changed();
    const gone = entries.filter((entry) => !refused.has(entry.id));
    if (!gone.length) return;
    const text = gone.length === 1 ? t('done.trashed_one', named(gone)) : t('done.trashed', named(gone));
    offer_undo(text, t('act.undo'), () => void undo_trash(pane, gone));
}

async function undo_trash(pane: Pane | null, entries: readonly Entry[]): Promise<void> {
    const failed = await on_each(entries, async (entry) => {
        const back = await api.restore(entry.id);
        entry_arrived(back);
        pane?.pages.put(back);
    });
    tell_failures(failed);
    if (failed.length < entries.length) say(t('done.restored', { ...named(entries), n: entries.length - failed.length }));
    spaces_changed();
}

// Moves, asking once about names that are taken there.
export async function move_entries(pane: Pane | null, entries: readonly Entry[], to: Target): Promise<void> {
    const movable = entries.filter((entry) => entry.id !== to.id && entry.parent_id !== to.id);
    if (!movable.length) return;
    const put_back = pane?.pages.take(new Set(movable.map((entry) => entry.id)));
    const moved: [Entry, string | null][] = [];
    const one_by_one = conflict_asker(to.name);
    const failed = await on_each(movable, async (entry) => {
        const made = await one_by_one(entry, (name) => api.move(entry.id, to.id, name));
        if (made) {
            moved.push([made, entry.parent_id]);
            entry_arrived(made);
        }
    });
    const there = new Set(moved.map(([entry]) => entry.id));
    if (there.size < movable.length) {
        put_back?.();
        pane?.pages.take(there);
    }
    tell_failures(failed, to.name);
    spaces_changed();
    if (!moved.length) return;
    const text = moved.length === 1 ? t('done.moved_one', { name: moved[0]![0].name, folder: to.name }) : t('done.moved', { n: moved.length, folder: to.name });
    offer_undo(text, t('act.undo'), () => void undo_move(moved));
}

async function undo_move(moved: readonly [Entry, string | null][]): Promise<void> {
    const parents = new Set<string | null>();
    const failed = await on_each(moved, async ([entry, parent]) => {
        if (!parent) return;
        parents.add(entry.parent_id).add(parent);
        await api.move(entry.id, parent);
    });
    tell_failures(failed.map(([[entry], error]) => [entry, error]));
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
    tell_failures(await on_each(made, (entry) => api.trash(entry.id)));
    folder_changed(folder);
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
        try {
            return await attempt();
        } catch (error) {
            if (!is_refusal(error, 'name_taken')) throw error;
        }
        const mine = turn.then(async () => {
            if (always) return always;
            const answer = await choose_for_taken({ name: entry.name, folder, replace: false, others: true });
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
