// Sends one file by tus 1.0.0, from the server's offset. If the server has all bytes, only the decision about the name
// is sent.
import { DetailedError, Upload, type UploadOptions } from 'tus-js-client';
import { accountFields, call } from '../../api/call';
import { path, urlOf } from '../../api/url';
import { ApiError, isAbort, isApiError, retryAfterSeconds } from '../../api/error';
import type { Entry, Problem } from '../../api/shapes';
import { NoFile, type Hold, type Item } from './item';

const chunk = 64 << 20; // bytes a request; between two requests the node may change
const inCreation = 8 << 20; // up to this size, the creation request carries the file
// Milliseconds before each retry; the count starts again with each byte sent. Together they outlast hours of downtime.
const delays = [0, 1000, 2000, 4000, 8000, 15000, 30000, 30000, ...Array<number>(240).fill(60000)];

// The ApiError of a tus error: its problem+json, or that no answer came.
export function apiErrorOf(error: unknown): unknown {
    if (!(error instanceof DetailedError)) return error;
    const answer = error.originalResponse;
    if (!answer || !answer.getStatus()) return new ApiError(0, {});
    let problem: Problem = {};
    try {
        problem = JSON.parse(answer.getBody()) as Problem;
    } catch {
        problem = { title: `HTTP ${answer.getStatus()}` };
    }
    return new ApiError(answer.getStatus(), problem, retryAfterSeconds(answer.getHeader('Retry-After') ?? null));
}

const passing = ['offset_mismatch', 'locked', 'throttled', 'unavailable', 'unreachable', 'internal', 'io'];

function worthRetrying(error: unknown): boolean {
    const why = apiErrorOf(error);
    return why instanceof ApiError && (passing.includes(why.code) || [502, 503, 504].includes(why.status));
}

export interface Steps {
    parent: Promise<string>; // id of the folder, which is made if it does not exist
    stands: (url: string | null, whole: boolean) => void; // its URL on the server, and whether all bytes are there
    progress: (sent: number) => void;
    held: (by: Hold) => void; // it will be tried again
    done: (entryId: string | null) => void;
    failed: (reason: unknown) => void;
}

// Whether the server accepts it as a file's date (years 1900 to 9999).
const isDate = (ms: number): boolean => Number.isSafeInteger(ms) && ms >= -2208988800000 && ms <= 253402300799999;

function optionsFor(item: Item, parentId: string, steps: Steps): UploadOptions {
    const { name, conflict, url } = item.saved;
    return {
        endpoint: urlOf(path`uploads`),
        uploadUrl: url,
        headers: { 'Idempotency-Key': item.creationKey, ...accountFields() },
        metadata: {
            parent_id: parentId,
            filename: name,
            ...(isDate(item.saved.modified) ? { lastModified: String(item.saved.modified) } : {}),
            on_conflict: conflict,
        },
        chunkSize: chunk,
        retryDelays: delays,
        uploadDataDuringCreation: item.saved.size <= inCreation,
        storeFingerprintForResuming: false, // records.ts does this
        onProgress: steps.progress,
    };
}

// For a file that was changed or removed, browsers report only a failed request.
const isReadable = (file: File): Promise<boolean> =>
    file
        .slice(0, 1)
        .arrayBuffer()
        .then(
            () => true,
            () => false,
        );

class Sending {
    #upload: Upload | null = null;
    readonly #stop = new AbortController();

    constructor(
        readonly item: Item,
        readonly file: File | null,
        readonly steps: Steps,
    ) {
        steps.parent.then(
            () => this.#begin(),
            (error: unknown) => this.#failed(error),
        );
    }

    stop(): void {
        this.#stop.abort();
        void this.#upload?.abort();
    }

    get #stopped(): boolean {
        return this.#stop.signal.aborted;
    }

    #failed(reason: unknown): void {
        if (this.#stopped || isAbort(reason)) return;
        this.stop();
        this.steps.failed(reason);
    }

    #begin(): void {
        if (this.#stopped) return;
        if (this.item.saved.whole && this.item.saved.url) void this.#finish();
        else this.#send();
    }

    #send(): void {
        const { item, file, steps } = this;
        if (!file) return this.#failed(new NoFile());
        const upload = new Upload(file, {
            ...optionsFor(item, item.saved.parent!, steps),
            onUploadUrlAvailable: () => steps.stands(upload.url, false),
            onShouldRetry: (error) => this.#waitsFor(error, file),
            onSuccess: ({ lastResponse }) => this.#sent(lastResponse.getHeader('Bodega-Entry-Id') ?? null),
            onError: (error) => this.#refused(upload, error),
        });
        this.#upload = upload;
        item.begun ||= !item.saved.url;
        upload.start();
    }

    #waitsFor(error: unknown, file: File): boolean {
        if (!worthRetrying(error)) return false;
        const why = apiErrorOf(error);
        const lost = why instanceof ApiError && why.status === 0;
        this.steps.held(lost ? 'connection' : 'server');
        if (lost)
            void isReadable(file).then((readable) => readable || this.#failed(new ApiError(0, { code: 'unreadable' })));
        return true;
    }

    // The server has all bytes but made no file: the decision about the name is missing.
    #sent(entryId: string | null): void {
        if (this.#stopped) return;
        if (entryId) return this.steps.done(entryId);
        this.steps.stands(this.item.saved.url, true);
        void this.#finish();
    }

    #refused(upload: Upload, error: unknown): void {
        if (this.#stopped) return;
        const why = apiErrorOf(error);
        const url =
            upload.url ??
            (error instanceof DetailedError ? (error.originalResponse?.getHeader('Location') ?? null) : null);
        if (isApiError(why, 'name_taken')) this.steps.stands(url, url !== null);
        else if (why instanceof ApiError && why.status >= 400) this.item.begun = false;
        this.#failed(why);
    }

    async #finish(): Promise<void> {
        const { item, steps } = this;
        const id = item.saved.url!.split('/').at(-1)!;
        try {
            const entry = await call<Entry>('POST', path`uploads/${id}/finish`, {
                body: { on_conflict: item.saved.conflict },
                patient: true,
                signal: this.#stop.signal,
            });
            if (!this.#stopped) steps.done(entry.id);
        } catch (error) {
            if (this.#stopped) return;
            if (isApiError(error, 'locked')) return void setTimeout(() => this.#stopped || void this.#finish(), 1000);
            if (!isApiError(error, 'offset_mismatch', 'not_found', 'gone')) return this.#failed(error);
            steps.stands(isApiError(error, 'offset_mismatch') ? item.saved.url : null, false); // the bytes must be sent after all
            this.#send();
        }
    }
}

// The result stops it.
export function sendFile(item: Item, file: File | null, steps: Steps): () => void {
    const sending = new Sending(item, file, steps);
    return () => sending.stop();
}

const discarding = new Set<Promise<void>>();

const endDelays = [0, 1000, 4000]; // milliseconds; if all fail, the upload expires on the server

// Finds an upload whose creation was not answered, by sending the same creation again.
function findCreated({ saved, creationKey }: Item): Promise<string | null> {
    const { name, size, parent } = saved;
    return new Promise((found, reject) => {
        const asking = new Upload(new Blob(), {
            endpoint: urlOf(path`uploads`),
            headers: { 'Idempotency-Key': creationKey, ...accountFields() },
            metadata: { parent_id: parent!, filename: name },
            uploadSize: size,
            retryDelays: endDelays,
            onUploadUrlAvailable: () => {
                void asking.abort();
                found(asking.url);
            },
            onError: reject,
        });
        asking.start();
    });
}

async function endUpload(item: Item, url: string | null): Promise<void> {
    const there = url ?? (await findCreated(item));
    if (there) await Upload.terminate(there, { retryDelays: endDelays, headers: accountFields() });
}

// Deletes a cancelled upload on the server.
export function discardUpload(item: Item): void {
    const { url } = item.saved;
    if (!url && !item.begun) return;
    const end = endUpload(item, url).catch(() => undefined);
    discarding.add(end);
    void end.then(() => discarding.delete(end));
}

// Resolves when all cancelled uploads are deleted, at the latest after `limit` milliseconds.
export async function discarded(limit = 3000): Promise<void> {
    await Promise.race([Promise.all(discarding), new Promise((late) => setTimeout(late, limit))]);
}
