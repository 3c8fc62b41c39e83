// Acts on many entries, which the server does as jobs.
import { call, fresh_key } from './call';
import { path, query } from './path';
import type { Page } from './shapes';

export type JobAct = 'trash' | 'move' | 'copy' | 'restore' | 'erase';

export interface Job {
    id: string;
    act: JobAct;
    state: 'gathering' | 'running' | 'done' | 'cancelled';
    folder_id: string | null; // all of which it acts on
    job_id: string | null; // which it takes back, or tries again
    parent_id: string | null; // the folder that takes them
    total: number;
    done: number;
    failed: number;
    created_at: number;
    ended_at: number | null;
}

export interface JobItem {
    id: string;
    name: string | null;
    state: 'waiting' | 'done' | 'failed';
    code: string | null;
    result_id: string | null;
}

export type JobWithItems = Job & Page<JobItem>;

export type Selection = { ids: readonly string[] } | { folder_id: string; except: readonly string[] } | { job_id: string; failed?: boolean };

export type JobRequest = Selection & { act: JobAct; parent_id?: string; on_conflict?: 'fail' | 'rename' };

export const most_ids = 10_000; // of one call

// Answers after a moment, with a job that has ended or is under way. The key lets it be asked again while the server is
// away: it runs once.
export const begin_job = (request: JobRequest): Promise<JobWithItems> => call('POST', path`entries/batch`, { body: { ...request, key: fresh_key() }, patient: true });

export const jobs = (limit: number, signal?: AbortSignal): Promise<Page<Job>> => call('GET', path`jobs${query({ limit })}`, { signal });
export const job_items = (id: string, state: 'done' | 'failed', cursor: string | null, limit = 1000): Promise<JobWithItems> => call('GET', path`jobs/${id}${query({ state, cursor, limit })}`);
export const cancel_job = (id: string): Promise<void> => call('DELETE', path`jobs/${id}`, { patient: true });
