// Actions on several entries: each is one job on the server, with one undo.
import { mostIds } from '../api/jobs';
import { openEntry } from '../api/entries';
import { ApiError } from '../api/error';
import type { Entry, Job, JobAction, JobItem, JobRequest, Selection } from '../api/shapes';
import { t } from '../i18n/language';
import { resolveNameConflict } from './dialogs';
import { explain } from './error-text';
import { allFoldersChanged, entriesLeft, entryArrived, folderChanged } from './folders';
import { inverseOf, beginJob, failedItems, isOpen, keepJob, type FollowedJob } from './jobs';
import { spacesChanged } from './spaces';
import { showError, dismiss, offerUndo, showMessage } from './toasts';
import type { Source, Target } from './transfer';
import { trashChanged } from './trash';

const few = 3; // up to so many new entries are inserted one by one, instead of fetching the list

const idsOf = (entries: readonly { id: string }[]): Set<string> => new Set(entries.map((entry) => entry.id));

// The selection of a call: the ids, or (if there are too many) the folder and the ids to leave out.
export function selectionOf(from: Source | null, entries: readonly Entry[]): Selection {
    const ids = entries.map((entry) => entry.id);
    const parent = entries[0]?.parent_id;
    if (ids.length <= mostIds || !from?.complete || !parent || entries.some((entry) => entry.parent_id !== parent))
        return { ids };
    const chosen = idsOf(entries);
    return {
        folder_id: parent,
        except: from.items
            .peek()
            .map((entry) => entry.id)
            .filter((id) => !chosen.has(id)),
    };
}

// Refreshes every list that the action may have changed.
function listsChanged(from: Source | null, entries: readonly Entry[], to: Target | null): void {
    for (const parent of new Set([...entries.map((entry) => entry.parent_id), to?.id ?? null])) folderChanged(parent);
    void from?.changed();
    trashChanged();
    spacesChanged();
}

const reason = (item: JobItem): ApiError => new ApiError(409, { code: item.code ?? 'internal' });
export const reasonText = (item: JobItem): string => explain(reason(item));

// Shows one message for all failed items: how many, and the first reason.
export function showFailed(failed: readonly JobItem[], folder = ''): void {
    const [first] = failed;
    if (!first) return;
    const name = first.name ?? '';
    const why = explain(
        reason(first),
        name
            ? { name_taken: t('error.name_taken_in', { name, folder }), not_found: t('error.entry_gone', { name }) }
            : {},
    );
    showError(failed.length === 1 ? why : t('error.some_failed', { n: failed.length, why }));
}

interface BulkAction {
    from: Source | null;
    entries: readonly Entry[];
    to: Target | null;
    underway: string; // message while it runs
    done: (n: number, items: readonly JobItem[]) => string;
    leaves: boolean; // whether the entries leave the list
    asks?: string; // the error code that leads to a question instead of a message
}

async function ask(request: JobRequest, folder: string): Promise<FollowedJob | null> {
    try {
        return await beginJob(request, folder);
    } catch (error) {
        showError(explain(error));
        return null;
    }
}

// Waits for the job's end. Undo is offered as soon as the server has accepted the job.
async function run(request: JobRequest, action: BulkAction): Promise<JobItem[]> {
    const { from, entries, to } = action;
    const leaving = action.leaves ? from?.leave(idsOf(entries)) : undefined;
    const job = await ask(request, to?.name ?? '');
    if (!job) {
        leaving?.end(idsOf(entries));
        return [];
    }
    const undo = (): void => void undoJob(job, () => listsChanged(from, entries, to));
    let told = 0; // id of the toast, which the result replaces
    const tell = (text: string): void => {
        dismiss(told);
        told = inverseOf(request.act) ? offerUndo(text, t('action.undo'), undo) : showMessage(text);
    };
    if (isOpen(job.now.peek())) tell(action.underway);
    const end = await job.ended;
    const failed = await notDone(job, end);
    if (failed.filter((item) => item.code !== action.asks).length > 1) keepJob(job);
    const kept = end.state === 'cancelled' ? idsOf(entries) : idsOf(failed);
    if (action.leaves) entriesLeft(entries.filter((entry) => !kept.has(entry.id)));
    leaving?.end(kept);
    if (end.state === 'cancelled') listsChanged(from, entries, to);
    else if (request.act === 'restore') allFoldersChanged();
    else await arrived(job, end, action);
    trashChanged();
    spacesChanged();
    if (end.state === 'done' && end.done) tell(action.done(end.done, job.items));
    return failed;
}

async function notDone(job: FollowedJob, end: Job): Promise<JobItem[]> {
    if (!end.failed) return [];
    const known = job.items.filter((item) => item.state === 'failed');
    return known.length === end.failed ? known : failedItems(job.id).catch(() => known);
}

// Inserts a few new entries one by one; many are fetched with the list.
async function arrived(job: FollowedJob, end: Job, { to }: BulkAction): Promise<void> {
    if (!to) return;
    const made = job.items.filter((item) => item.state === 'done').map((item) => item.result_id ?? item.id);
    if (!made.length || end.done > few || made.length !== end.done) return folderChanged(to.id);
    await Promise.all(made.map((id) => openEntry(id).then(entryArrived, () => folderChanged(to.id))));
}

// Undoes a job; one that is running is stopped first.
export async function undoJob(job: FollowedJob, changed: () => void): Promise<void> {
    const act = inverseOf(job.now.peek().act);
    if (!act) return;
    const back = await ask({ act, job_id: job.id }, '');
    if (!back) return;
    const end = await back.ended;
    changed();
    showFailed(await notDone(back, end));
    if (end.done && end.state === 'done') showMessage(undoneText(job.now.peek().act, end, back.items));
}

// Retries the failed items of a job. False: the new job could not be started.
export async function tryAgain(job: FollowedJob): Promise<boolean> {
    const again = await ask({ act: job.now.peek().act, job_id: job.id, failed: true }, job.folder.peek());
    if (!again) return false;
    const end = await again.ended;
    allFoldersChanged();
    trashChanged();
    spacesChanged();
    const failed = await notDone(again, end);
    showFailed(failed, job.folder.peek());
    if (failed.length) keepJob(again);
    if (end.done && end.state === 'done') showMessage(t('job.done', { n: end.done }));
    return true;
}

function undoneText(action: JobAction, { done }: Job, items: readonly JobItem[]): string {
    if (action === 'move') return t('done.moved_back');
    if (action === 'trash') return t('done.restored', { n: done, name: items[0]?.name ?? '' });
    return t('done.trashed', { n: done });
}

export async function trashMany(from: Source | null, entries: readonly Entry[]): Promise<void> {
    const n = entries.length;
    const action = {
        from,
        entries,
        to: null,
        leaves: true,
        underway: t('job.trash', { n }),
        done: (m: number) => t('done.trashed', { n: m }),
    };
    showFailed(await run({ ...selectionOf(from, entries), act: 'trash' }, action));
}

// Asks about name conflicts after the other entries have moved.
export async function moveMany(from: Source | null, entries: readonly Entry[], to: Target): Promise<void> {
    const n = entries.length;
    const action = {
        from,
        entries,
        to,
        leaves: true,
        asks: 'name_taken',
        underway: t('job.move', { n, folder: to.name }),
        done: (m: number) => t('done.moved', { n: m, folder: to.name }),
    };
    const failed = await run({ ...selectionOf(from, entries), act: 'move', parent_id: to.id }, action);
    await keepBoth('move', failed, { ...action, from });
}

export async function copyMany(from: Source | null, entries: readonly Entry[], to: Target): Promise<void> {
    const n = entries.length;
    const action = {
        from,
        entries,
        to,
        leaves: false,
        asks: 'name_taken',
        underway: t('job.copy', { n, folder: to.name }),
        done: (m: number) => t('done.copied', { n: m, folder: to.name }),
    };
    // A copy in the source's own folder gets a number without a question.
    const here = entries.every((entry) => entry.parent_id === to.id);
    const failed = await run(
        { ...selectionOf(from, entries), act: 'copy', parent_id: to.id, on_conflict: here ? 'rename' : 'fail' },
        action,
    );
    await keepBoth('copy', failed, action);
}

async function keepBoth(what: 'move' | 'copy', failed: readonly JobItem[], action: BulkAction): Promise<void> {
    const to = action.to!;
    const conflicts = failed.filter((item) => item.code === 'name_taken');
    showFailed(
        failed.filter((item) => item.code !== 'name_taken'),
        to.name,
    );
    const kept = idsOf(await askWhichToKeep(conflicts, action.entries, to.name));
    if (!kept.size) return;
    const entries = action.entries.filter((entry) => kept.has(entry.id));
    const again = await run(
        { ids: [...kept], act: what, parent_id: to.id, on_conflict: 'rename' },
        { ...action, entries, asks: undefined },
    );
    showFailed(again, to.name);
}

async function askWhichToKeep(
    conflicts: readonly JobItem[],
    entries: readonly Entry[],
    folder: string,
): Promise<JobItem[]> {
    const kept: JobItem[] = [];
    const of = new Map(entries.map((entry) => [entry.id, entry]));
    for (const [at, item] of conflicts.entries()) {
        const ours = of.get(item.id);
        if (!ours) continue;
        const { choice, all } = await resolveNameConflict({
            name: ours.name,
            folder,
            ours,
            theirs: null,
            replace: false,
            others: at < conflicts.length - 1,
        });
        if (all) return choice === 'keep' ? [...kept, ...conflicts.slice(at)] : kept;
        if (choice === 'keep') kept.push(item);
    }
    return kept;
}

// Restores each entry to its folder, with a number if its name exists there. `choose` gives the folder for entries
// whose own folder no longer exists.
export async function restoreMany(
    from: Source | null,
    entries: readonly Entry[],
    choose: (homeless: readonly Entry[]) => Promise<Target | null>,
): Promise<void> {
    const action = { ...restoring(from, entries, null), asks: 'conflict' };
    const failed = await run({ ids: entries.map((entry) => entry.id), act: 'restore', on_conflict: 'rename' }, action);
    showFailed(failed.filter((item) => item.code !== 'conflict'));
    const homeless = entries.filter((entry) => failed.some((item) => item.id === entry.id && item.code === 'conflict'));
    const to = homeless.length ? await choose(homeless) : null;
    if (!to) return;
    showFailed(
        await run(
            { ids: homeless.map((entry) => entry.id), act: 'restore', parent_id: to.id, on_conflict: 'rename' },
            restoring(from, homeless, to),
        ),
    );
}

function restoring(from: Source | null, entries: readonly Entry[], to: Target | null): BulkAction {
    const names = new Map(entries.map((entry) => [entry.id, entry.name]));
    const done = (n: number, items: readonly JobItem[]): string => {
        const renamed = items.filter(
            (item) => item.state === 'done' && item.name !== null && item.name !== names.get(item.id),
        ).length;
        return renamed
            ? t('done.restored_renamed', { n: renamed, all: n })
            : t('done.restored', { n, name: entries[0]?.name ?? '' });
    };
    return { from, entries, to, underway: t('job.back', { n: entries.length }), done, leaves: true };
}

export async function eraseMany(from: Source | null, entries: readonly Entry[]): Promise<void> {
    const n = entries.length;
    const action = {
        from,
        entries,
        to: null,
        underway: t('job.erase', { n }),
        done: (m: number) => t('done.erased', { n: m, name: entries[0]?.name ?? '' }),
        leaves: true,
    };
    showFailed(await run({ ids: entries.map((entry) => entry.id), act: 'erase' }, action));
}
