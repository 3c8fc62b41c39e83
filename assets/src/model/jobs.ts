// The user's jobs: those that this page started, and those that were running when it was loaded. The tray shows the
// list; the caller that started a job awaits its end.
import { batch, effect, signal, type Signal } from '@preact/signals';
import * as api from '../api/jobs';
import type { Job, JobAction, JobItem, JobRequest } from '../api/shapes';
import { openEntry } from '../api/entries';
import { ApiError } from '../api/error';
import { allFoldersChanged } from './folders';
import { me, onAccountChange } from './session';
import { spacesChanged } from './spaces';
import { trashChanged } from './trash';

export interface FollowedJob {
    readonly id: string;
    readonly now: Signal<Job>;
    readonly folder: Signal<string>; // name of the target folder; empty: not known
    readonly items: readonly JobItem[]; // of the first answer
    readonly ended: Promise<Job>;
}

const every = 700; // milliseconds between two polls
const listsEvery = 3; // polls between two refreshes of the lists, for jobs that this page did not start
const listed = 100;

// Running jobs, and ended ones until they are dismissed; the newest first.
export const jobs = signal<readonly FollowedJob[]>([]);

export const isOpen = (job: Job): boolean => job.ended_at === null;
// A retried move has the same act as an undone one, but has a target folder.
const undoes = (other: Job, job: Job): boolean =>
    other.job_id === job.id && other.act === inverseOf(job.act) && (job.act !== 'move' || other.parent_id === null);
export const isUndone = (followed: FollowedJob): boolean =>
    jobs.value.some((other) => undoes(other.now.value, followed.now.value));

const inverse: Partial<Record<JobAction, JobAction>> = {
    trash: 'restore',
    restore: 'trash',
    copy: 'trash',
    move: 'move',
};

// The action that undoes another one; undefined: it cannot be undone.
export const inverseOf = (act: JobAction): JobAction | undefined => inverse[act];

const waiting = new Map<string, (job: Job) => void>();

function follow(job: Job, items: readonly JobItem[], folder: string): FollowedJob {
    const ended = isOpen(job) ? new Promise<Job>((end) => waiting.set(job.id, end)) : Promise.resolve(job);
    return { id: job.id, now: signal(job), folder: signal(folder), items, ended };
}

function show(followed: FollowedJob): void {
    jobs.value = [followed, ...jobs.peek().filter((other) => other.id !== followed.id)];
    schedule();
}

// Starts a job. One that has ended with the first answer is not listed: the caller shows its result.
export async function beginJob(request: JobRequest, folder = ''): Promise<FollowedJob> {
    const answer = await api.beginJob(request);
    const followed = follow(answer, answer.items, folder);
    if (isOpen(answer)) show(followed);
    return followed;
}

// Lists a job that has ended, to show its failures.
export function keepJob(followed: FollowedJob): void {
    if (!jobs.peek().includes(followed)) show(followed);
}

export async function stopJob(followed: FollowedJob): Promise<void> {
    await api.cancelJob(followed.id);
    schedule(0);
}

export function dismissJob(followed: FollowedJob): void {
    jobs.value = jobs.peek().filter((other) => other !== followed);
}

const told = 100;

// The first failed items, for display.
export const firstFailed = async (id: string): Promise<JobItem[]> =>
    (await api.jobItems(id, 'failed', null, told)).items;

// All failed items, with their reasons.
export async function failedItems(id: string): Promise<JobItem[]> {
    const found: JobItem[] = [];
    for (let cursor: string | null = null, more = true; more;) {
        const page = await api.jobItems(id, 'failed', cursor);
        found.push(...page.items);
        cursor = page.next_cursor;
        more = cursor !== null;
    }
    return found;
}

// --- progress

let timer: ReturnType<typeof setTimeout> | null = null;
let polls = 0;

const openOnes = (): FollowedJob[] => jobs.peek().filter((followed) => isOpen(followed.now.peek()));

function schedule(after = every): void {
    if (timer !== null) clearTimeout(timer);
    timer = openOnes().length ? setTimeout(() => void poll(), after) : null;
}

async function poll(): Promise<void> {
    timer = null;
    if (!me.peek()) return;
    try {
        const { items } = await api.jobs(listed);
        const found = new Map(items.map((job) => [job.id, job]));
        batch(() => openOnes().forEach((followed) => take(followed, found.get(followed.id))));
    } catch (error) {
        if (!(error instanceof ApiError)) throw error; // asked again
    }
    if (++polls % listsEvery === 0 && openOnes().some((followed) => foundLater.has(followed.id))) refreshLists();
    schedule();
}

function take(followed: FollowedJob, job: Job | undefined): void {
    // The server keeps ended jobs for a while: one that it no longer lists has ended long ago.
    followed.now.value = job ?? { ...followed.now.peek(), state: 'done', ended_at: Date.now() };
    if (isOpen(followed.now.peek())) return;
    waiting.get(followed.id)?.(followed.now.peek());
    waiting.delete(followed.id);
    if (foundLater.delete(followed.id)) refreshLists();
}

// --- jobs that this page did not start

const foundLater = new Set<string>();

function refreshLists(): void {
    allFoldersChanged();
    trashChanged();
    spacesChanged();
}

const lately = 60_000; // milliseconds
const aWhile = 500;

// A job that was running before a reload may have ended while the page loaded.
const hasJustEnded = ({ created_at: createdAt, ended_at: endedAt }: Job): boolean =>
    endedAt !== null && Date.now() - endedAt < lately && endedAt - createdAt > aWhile;

// Lists the jobs that are running when the page loads, and those that have just ended.
export async function recallJobs(): Promise<void> {
    const { items } = await api.jobs(listed);
    for (const job of items.filter((one) => isOpen(one) || hasJustEnded(one)).reverse()) {
        if (jobs.peek().some((other) => other.id === job.id)) continue;
        const followed = follow(job, [], '');
        if (isOpen(job)) foundLater.add(job.id);
        show(followed);
        if (job.parent_id)
            openEntry(job.parent_id).then(
                (entry) => (followed.folder.value = entry.name),
                () => undefined,
            );
    }
}

function forgetJobs(): void {
    jobs.value = [];
    waiting.clear();
    foundLater.clear();
    schedule();
}

effect(() => {
    if (me.value === null) forgetJobs();
});
onAccountChange(forgetJobs);
