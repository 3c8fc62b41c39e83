// The reader's jobs: those that this page began, and those that the server still had when it was loaded. The list is
// for the tray; whoever began one waits for its end.
import { batch, effect, signal, type Signal } from '@preact/signals';
import * as api from '../api/jobs';
import type { Job, JobAct, JobItem, JobRequest } from '../api/jobs';
import { open_entry } from '../api/entries';
import { Refusal } from '../api/error';
import { all_folders_changed } from './folders';
import { me, on_other_person } from './session';
import { spaces_changed } from './spaces';
import { trash_changed } from './trash';

export interface FollowedJob {
    readonly id: string;
    readonly now: Signal<Job>;
    readonly folder: Signal<string>; // what the folder is called that takes the entries; empty: not known
    readonly items: readonly JobItem[]; // of the first answer
    readonly ended: Promise<Job>;
}

const every = 700; // milliseconds between two looks at how far they are
const lists_every = 3; // looks between two at the lists, for jobs that this page did not begin
const listed = 100;

// Under way, and ended ones until they are put away; the newest first.
export const jobs = signal<readonly FollowedJob[]>([]);

export const is_open = (job: Job): boolean => job.ended_at === null;
// A move that is tried again has the same act as one that is taken back, and goes to a folder.
const takes_back = (other: Job, job: Job): boolean => other.job_id === job.id && other.act === back_by(job.act) && (job.act !== 'move' || other.parent_id === null);
export const is_taken_back = (followed: FollowedJob): boolean => jobs.value.some((other) => takes_back(other.now.value, followed.now.value));

const back: Partial<Record<JobAct, JobAct>> = { trash: 'restore', restore: 'trash', copy: 'trash', move: 'move' };

// The act that takes another one back; undefined: nothing does.
export const back_by = (act: JobAct): JobAct | undefined => back[act];

const waiting = new Map<string, (job: Job) => void>();

function follow(job: Job, items: readonly JobItem[], folder: string): FollowedJob {
    const ended = is_open(job) ? new Promise<Job>((end) => waiting.set(job.id, end)) : Promise.resolve(job);
    return { id: job.id, now: signal(job), folder: signal(folder), items, ended };
}

function show(followed: FollowedJob): void {
    jobs.value = [followed, ...jobs.peek().filter((other) => other.id !== followed.id)];
    schedule();
}

// Asks the server for it. One that has ended by its answer is not shown: the caller says what came of it.
export async function begin_job(request: JobRequest, folder = ''): Promise<FollowedJob> {
    const answer = await api.begin_job(request);
    const followed = follow(answer, answer.items, folder);
    if (is_open(answer)) show(followed);
    return followed;
}

// One that has ended is shown all the same, for what it could not do.
export function keep_job(followed: FollowedJob): void {
    if (!jobs.peek().includes(followed)) show(followed);
}

export async function stop_job(followed: FollowedJob): Promise<void> {
    await api.cancel_job(followed.id);
    schedule(0);
}

export function put_away(followed: FollowedJob): void {
    jobs.value = jobs.peek().filter((other) => other !== followed);
}

const told = 100;

// As many of them as a person reads.
export const first_failed = async (id: string): Promise<JobItem[]> => (await api.job_items(id, 'failed', null, told)).items;

// All that failed, with the reasons.
export async function failed_items(id: string): Promise<JobItem[]> {
    const found: JobItem[] = [];
    for (let cursor: string | null = null, more = true; more; ) {
        const page = await api.job_items(id, 'failed', cursor);
        found.push(...page.items);
        cursor = page.next_cursor;
        more = cursor !== null;
    }
    return found;
}

// --- how far they are

let timer: ReturnType<typeof setTimeout> | null = null;
let looks = 0;

const open_ones = (): FollowedJob[] => jobs.peek().filter((followed) => is_open(followed.now.peek()));

function schedule(after = every): void {
    if (timer !== null) clearTimeout(timer);
    timer = open_ones().length ? setTimeout(() => void look(), after) : null;
}

async function look(): Promise<void> {
    timer = null;
    if (!me.peek()) return;
    try {
        const { items } = await api.jobs(listed);
        const found = new Map(items.map((job) => [job.id, job]));
        batch(() => open_ones().forEach((followed) => take(followed, found.get(followed.id))));
    } catch (error) {
        if (!(error instanceof Refusal)) throw error; // asked again
    }
    if (++looks % lists_every === 0 && open_ones().some((followed) => found_later.has(followed.id))) show_everything_anew();
    schedule();
}

function take(followed: FollowedJob, job: Job | undefined): void {
    // The server keeps what ended for a while: one that it has no more ended long ago.
    followed.now.value = job ?? { ...followed.now.peek(), state: 'done', ended_at: Date.now() };
    if (is_open(followed.now.peek())) return;
    waiting.get(followed.id)?.(followed.now.peek());
    waiting.delete(followed.id);
    if (found_later.delete(followed.id)) show_everything_anew();
}

// --- jobs that this page did not begin

const found_later = new Set<string>();

function show_everything_anew(): void {
    all_folders_changed();
    trash_changed();
    spaces_changed();
}

const lately = 60_000; // milliseconds
const a_while = 500;

// One that a person saw under way may have ended while the page was loaded.
const has_just_ended = ({ created_at, ended_at }: Job): boolean => ended_at !== null && Date.now() - ended_at < lately && ended_at - created_at > a_while;

// Those that are under way when the page is loaded, and those that were a moment ago.
export async function recall_jobs(): Promise<void> {
    const { items } = await api.jobs(listed);
    for (const job of items.filter((one) => is_open(one) || has_just_ended(one)).reverse()) {
        if (jobs.peek().some((other) => other.id === job.id)) continue;
        const followed = follow(job, [], '');
        if (is_open(job)) found_later.add(job.id);
        show(followed);
        if (job.parent_id) open_entry(job.parent_id).then((entry) => (followed.folder.value = entry.name), () => undefined);
    }
}

function forget_jobs(): void {
    jobs.value = [];
    waiting.clear();
    found_later.clear();
    schedule();
}

effect(() => {
    if (me.value === null) forget_jobs();
});
on_other_person(forget_jobs);
