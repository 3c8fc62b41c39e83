// Actions on many entries, which the server runs as jobs.
import { call, freshKey } from './call';
import { path, query } from './url';
import type { Job, JobRequest, JobWithItems, Page } from './shapes';

export const mostIds = 10_000; // ids in one call

// Answers after a moment with a job that has ended or is still running. The key makes retries safe: the job runs once.
export const beginJob = (request: JobRequest): Promise<JobWithItems> =>
    call('POST', path`entries/batch`, { body: { ...request, key: freshKey() }, patient: true });

export const jobs = (limit: number, signal?: AbortSignal): Promise<Page<Job>> =>
    call('GET', path`jobs${query({ limit })}`, { signal });
export const jobItems = (
    id: string,
    state: 'done' | 'failed',
    cursor: string | null,
    limit = 1000,
): Promise<JobWithItems> => call('GET', path`jobs/${id}${query({ state, cursor, limit })}`);
export const cancelJob = (id: string): Promise<void> => call('DELETE', path`jobs/${id}`, { patient: true });
