// Sends one file by tus 1.0.0, from where the server stands.
import { DetailedError, Upload, type UploadOptions } from 'tus-js-client';
import { Refusal, retry_after_seconds, type Problem } from '../../api/refusal';
import type { Hold, Item } from './item';

const chunk = 64 << 20; // a request's bytes: a node may leave between two
const in_creation = 8 << 20; // a file this small goes up with the request that creates it
// Milliseconds before each try in a row that moves nothing: a server that is away for some hours is waited for.
const delays = [0, 1000, 2000, 4000, 8000, 15000, 30000, 30000, ...Array<number>(240).fill(60000)];

// The problem+json of an answer, or the lack of an answer.
export function refusal_of(error: unknown): unknown {
    if (!(error instanceof DetailedError)) return error;
    const answer = error.originalResponse;
    if (!answer || !answer.getStatus()) return new Refusal(0, {});
    let problem: Problem = {};
    try {
        problem = JSON.parse(answer.getBody()) as Problem;
    } catch {
        problem = { title: `HTTP ${answer.getStatus()}` };
    }
    return new Refusal(answer.getStatus(), problem, retry_after_seconds(answer.getHeader('Retry-After') ?? null));
}

const passing = ['offset_mismatch', 'locked', 'throttled', 'unavailable', 'unreachable', 'internal', 'io'];

function worth_retrying(error: unknown): boolean {
    const why = refusal_of(error);
    return why instanceof Refusal && (passing.includes(why.code) || [502, 503, 504].includes(why.status));
}

export interface Steps {
    parent: Promise<string>; // id of the folder, made if it must be
    created(url: string): void;
    progress(sent: number): void;
    held(by: Hold): void; // it will be tried again
    done(entry_id: string | null): void;
    failed(reason: unknown): void;
}

// What the server takes as a file's date: of the years 1900 to 9999.
const is_date = (ms: number): boolean => Number.isSafeInteger(ms) && ms >= -2208988800000 && ms <= 253402300799999;

function options_for(item: Item, parent_id: string, steps: Steps): UploadOptions {
    const { name, conflict, url } = item.saved;
    return {
        endpoint: '/api/v1/uploads',
        uploadUrl: url,
        metadata: { parent_id, filename: name, ...(is_date(item.saved.modified) ? { lastModified: String(item.saved.modified) } : {}), ...(conflict === 'replace' ? {} : { on_conflict: conflict }) },
        chunkSize: chunk,
        retryDelays: delays,
        uploadDataDuringCreation: item.saved.size <= in_creation,
        storeFingerprintForResuming: false, // records.ts keeps more than tus would
        onShouldRetry: (error) => {
            if (!worth_retrying(error)) return false;
            const why = refusal_of(error);
            steps.held(why instanceof Refusal && why.status === 0 ? 'connection' : 'server');
            return true;
        },
        onUploadUrlAvailable: () => undefined,
        onProgress: steps.progress,
        onSuccess: ({ lastResponse }) => steps.done(lastResponse.getHeader('Bodega-Entry-Id') ?? null),
        onError: (error) => steps.failed(refusal_of(error)),
    };
}

// Returns what stops it.
export function send_file(item: Item, file: File, steps: Steps): () => void {
    let upload: Upload | null = null;
    let stopped = false;
    steps.parent.then(
        (parent_id) => {
            if (stopped) return;
            const options = options_for(item, parent_id, steps);
            upload = new Upload(file, { ...options, onUploadUrlAvailable: () => upload?.url && steps.created(upload.url) });
            upload.start();
        },
        (error: unknown) => steps.failed(error),
    );
    return () => {
        stopped = true;
        void upload?.abort();
    };
}

const discarding = new Set<Promise<void>>();

export function discard_upload(url: string): void {
    const end = Upload.terminate(url, { retryDelays: [0, 1000, 4000] }).catch(() => undefined); // the server lets it expire
    discarding.add(end);
    void end.then(() => discarding.delete(end));
}

// Once the server knows what was given up, or `limit` milliseconds later.
export async function discarded(limit = 3000): Promise<void> {
    await Promise.race([Promise.all(discarding), new Promise((late) => setTimeout(late, limit))]);
}
