// Acts on several entries at once: one job of the server's, shown at once, taken back by one undo.
import type { Job, JobAct, JobItem, JobRequest, Selection } from '../api/jobs';
import { most_ids } from '../api/jobs';
import { open_entry } from '../api/entries';
import { Refusal } from '../api/error';
import type { Entry } from '../api/shapes';
import { t } from '../i18n/language';
import { choose_for_taken } from '../components/name-conflict';
import { explain } from './error-text';
import { all_folders_changed, entries_left, entry_arrived, folder_changed } from './folders';
import { back_by, begin_job, failed_items, is_open, keep_job, type FollowedJob } from './jobs';
import { spaces_changed } from './spaces';
import { complain, dismiss, offer_undo, say } from './toasts';
import { trash_changed } from './trash';

export interface Target {
    id: string;
    name: string;
}

// A list whose rows an act takes away once it is done.
export interface Leaving {
    end(kept?: ReadonlySet<string>): void;
}
export interface Source {
    readonly items: { peek(): readonly Entry[] };
    readonly complete: boolean;
    leave(ids: ReadonlySet<string>): Leaving;
    changed(): Promise<void>;
}

const few = 3; // arrivals that are put into a list one by one

const ids_of = (entries: readonly { id: string }[]): Set<string> => new Set(entries.map((entry) => entry.id));

// What a call names: the entries, or, of very many, their folder and those of it that are left out.
export function selection_of(from: Source | null, entries: readonly Entry[]): Selection {
    const ids = entries.map((entry) => entry.id);
    const parent = entries[0]?.parent_id;
    if (ids.length <= most_ids || !from?.complete || !parent || entries.some((entry) => entry.parent_id !== parent)) return { ids };
    const chosen = ids_of(entries);
    return { folder_id: parent, except: from.items.peek().map((entry) => entry.id).filter((id) => !chosen.has(id)) };
}

// Every list that may show something else by it.
function lists_changed(from: Source | null, entries: readonly Entry[], to: Target | null): void {
    for (const parent of new Set([...entries.map((entry) => entry.parent_id), to?.id ?? null])) folder_changed(parent);
    void from?.changed();
    trash_changed();
    spaces_changed();
}

const reason = (item: JobItem): Refusal => new Refusal(409, { code: item.code ?? 'internal' });
export const reason_text = (item: JobItem): string => explain(reason(item));

// One sentence for all that failed: how many, and why the first.
export function tell_failed(failed: readonly JobItem[], folder = ''): void {
    const [first] = failed;
    if (!first) return;
    const name = first.name ?? '';
    const why = explain(reason(first), name ? { name_taken: t('error.name_taken_in', { name, folder }), not_found: t('error.entry_gone', { name }) } : {});
    complain(failed.length === 1 ? why : t('error.some_failed', { n: failed.length, why }));
}

interface Act {
    from: Source | null;
    entries: readonly Entry[];
    to: Target | null;
    underway: string; // said while it runs
    done: (n: number, items: readonly JobItem[]) => string;
    leaves: boolean; // the rows go
    asks?: string; // the code of what is asked about, and not told as failed
}

async function ask(request: JobRequest, folder: string): Promise<FollowedJob | null> {
    try {
        return await begin_job(request, folder);
    } catch (error) {
        complain(explain(error));
        return null;
    }
}

// Runs it to its end; the undo is offered as soon as the server has it.
async function run(request: JobRequest, act: Act): Promise<JobItem[]> {
    const { from, entries, to } = act;
    const leaving = act.leaves ? from?.leave(ids_of(entries)) : undefined;
    const job = await ask(request, to?.name ?? '');
    if (!job) {
        leaving?.end(ids_of(entries));
        return [];
    }
    const undo = (): void => void take_back(job, () => lists_changed(from, entries, to));
    let told = 0; // the toast, which what came of it takes the place of
    const tell = (text: string): void => {
        dismiss(told);
        told = back_by(request.act) ? offer_undo(text, t('act.undo'), undo) : say(text);
    };
    if (is_open(job.now.peek())) tell(act.underway);
    const end = await job.ended;
    const failed = await not_done(job, end);
    if (failed.filter((item) => item.code !== act.asks).length > 1) keep_job(job);
    const kept = end.state === 'cancelled' ? ids_of(entries) : ids_of(failed);
    if (act.leaves) entries_left(entries.filter((entry) => !kept.has(entry.id)));
    leaving?.end(kept);
    if (end.state === 'cancelled') lists_changed(from, entries, to);
    else if (request.act === 'restore') all_folders_changed();
    else await arrived(job, end, act);
    trash_changed();
    spaces_changed();
    if (end.state === 'done' && end.done) tell(act.done(end.done, job.items));
    return failed;
}

async function not_done(job: FollowedJob, end: Job): Promise<JobItem[]> {
    if (!end.failed) return [];
    const known = job.items.filter((item) => item.state === 'failed');
    return known.length === end.failed ? known : failed_items(job.id).catch(() => known);
}

// A few are put where they belong; many are fetched with the list.
async function arrived(job: FollowedJob, end: Job, { to }: Act): Promise<void> {
    if (!to) return;
    const made = job.items.filter((item) => item.state === 'done').map((item) => item.result_id ?? item.id);
    if (!made.length || end.done > few || made.length !== end.done) return folder_changed(to.id);
    await Promise.all(made.map((id) => open_entry(id).then(entry_arrived, () => folder_changed(to.id))));
}

// Takes a job back, which ends it first if it is under way.
export async function take_back(job: FollowedJob, changed: () => void): Promise<void> {
    const act = back_by(job.now.peek().act);
    if (!act) return;
    const back = await ask({ act, job_id: job.id }, '');
    if (!back) return;
    const end = await back.ended;
    changed();
    tell_failed(await not_done(back, end));
    if (end.done && end.state === 'done') say(back_text(job.now.peek().act, end, back.items));
}

// Does what a job could not do, once more. False: it could not be begun.
export async function try_again(job: FollowedJob): Promise<boolean> {
    const again = await ask({ act: job.now.peek().act, job_id: job.id, failed: true }, job.folder.peek());
    if (!again) return false;
    const end = await again.ended;
    all_folders_changed();
    trash_changed();
    spaces_changed();
    const failed = await not_done(again, end);
    tell_failed(failed, job.folder.peek());
    if (failed.length) keep_job(again);
    if (end.done && end.state === 'done') say(t('job.done', { n: end.done }));
    return true;
}

function back_text(act: JobAct, { done }: Job, items: readonly JobItem[]): string {
    if (act === 'move') return t('done.moved_back');
    if (act === 'trash') return t('done.restored', { n: done, name: items[0]?.name ?? '' });
    return t('done.trashed', { n: done });
}

export async function trash_many(from: Source | null, entries: readonly Entry[]): Promise<void> {
    const n = entries.length;
    const act = { from, entries, to: null, leaves: true, underway: t('job.trash', { n }), done: (m: number) => t('done.trashed', { n: m }) };
    tell_failed(await run({ ...selection_of(from, entries), act: 'trash' }, act));
}

// Names that are taken are asked about once the rest is there.
export async function move_many(from: Source | null, entries: readonly Entry[], to: Target): Promise<void> {
    const n = entries.length;
    const act = { from, entries, to, leaves: true, asks: 'name_taken', underway: t('job.move', { n, folder: to.name }), done: (m: number) => t('done.moved', { n: m, folder: to.name }) };
    const failed = await run({ ...selection_of(from, entries), act: 'move', parent_id: to.id }, act);
    await keep_both('move', failed, { ...act, from });
}

export async function copy_many(from: Source | null, entries: readonly Entry[], to: Target): Promise<void> {
    const n = entries.length;
    const act = { from, entries, to, leaves: false, asks: 'name_taken', underway: t('job.copy', { n, folder: to.name }), done: (m: number) => t('done.copied', { n: m, folder: to.name }) };
    // A copy beside its source has another name, without a question.
    const here = entries.every((entry) => entry.parent_id === to.id);
    const failed = await run({ ...selection_of(from, entries), act: 'copy', parent_id: to.id, on_conflict: here ? 'rename' : 'fail' }, act);
    await keep_both('copy', failed, act);
}

async function keep_both(what: 'move' | 'copy', failed: readonly JobItem[], act: Act): Promise<void> {
    const to = act.to!;
    const taken = failed.filter((item) => item.code === 'name_taken');
    tell_failed(failed.filter((item) => item.code !== 'name_taken'), to.name);
    const kept = ids_of(await chosen_to_keep(taken, act.entries, to.name));
    if (!kept.size) return;
    const entries = act.entries.filter((entry) => kept.has(entry.id));
    const again = await run({ ids: [...kept], act: what, parent_id: to.id, on_conflict: 'rename' }, { ...act, entries, asks: undefined });
    tell_failed(again, to.name);
}

async function chosen_to_keep(taken: readonly JobItem[], entries: readonly Entry[], folder: string): Promise<JobItem[]> {
    const kept: JobItem[] = [];
    const of = new Map(entries.map((entry) => [entry.id, entry]));
    for (const [at, item] of taken.entries()) {
        const ours = of.get(item.id);
        if (!ours) continue;
        const { choice, all } = await choose_for_taken({ name: ours.name, folder, ours, theirs: null, replace: false, others: at < taken.length - 1 });
        if (all) return choice === 'keep' ? [...kept, ...taken.slice(at)] : kept;
        if (choice === 'keep') kept.push(item);
    }
    return kept;
}

// Back to where each one was, under another name if its own is taken; `choose` gives the folder for those whose own is gone.
export async function restore_many(from: Source | null, entries: readonly Entry[], choose: (homeless: readonly Entry[]) => Promise<Target | null>): Promise<void> {
    const act = { ...restoring(from, entries, null), asks: 'conflict' };
    const failed = await run({ ids: entries.map((entry) => entry.id), act: 'restore', on_conflict: 'rename' }, act);
    tell_failed(failed.filter((item) => item.code !== 'conflict'));
    const homeless = entries.filter((entry) => failed.some((item) => item.id === entry.id && item.code === 'conflict'));
    const to = homeless.length ? await choose(homeless) : null;
    if (!to) return;
    tell_failed(await run({ ids: homeless.map((entry) => entry.id), act: 'restore', parent_id: to.id, on_conflict: 'rename' }, restoring(from, homeless, to)));
}

function restoring(from: Source | null, entries: readonly Entry[], to: Target | null): Act {
    const names = new Map(entries.map((entry) => [entry.id, entry.name]));
    const done = (n: number, items: readonly JobItem[]): string => {
        const renamed = items.filter((item) => item.state === 'done' && item.name !== null && item.name !== names.get(item.id)).length;
        return renamed ? t('done.restored_renamed', { n: renamed, all: n }) : t('done.restored', { n, name: entries[0]?.name ?? '' });
    };
    return { from, entries, to, underway: t('job.back', { n: entries.length }), done, leaves: true };
}

export async function erase_many(from: Source | null, entries: readonly Entry[]): Promise<void> {
    const n = entries.length;
    const act = { from, entries, to: null, underway: t('job.erase', { n }), done: (m: number) => t('done.erased', { n: m, name: entries[0]?.name ?? '' }), leaves: true };
    tell_failed(await run({ ids: entries.map((entry) => entry.id), act: 'erase' }, act));
}
