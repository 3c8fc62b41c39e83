// A long list that comes in keyset pages: a loaded beginning, and the rest fetched on demand.
//
// The server's cursors only go forward, so row N needs every page before it; far jumps use bigger
// pages. One fetch runs at a time. Signals tell the views what changed.
import { batch, signal } from '@preact/signals';
import { is_abort } from '../api/refusal';
import type { Answer } from '../api/call';
import type { Page } from '../api/shapes';

export type Phase = 'loading' | 'ready' | 'failed';

export interface PageRequest {
    cursor: string | null;
    limit: number;
    etag: string | null;
    signal: AbortSignal;
}

export type Fetch<T> = (request: PageRequest) => Promise<Answer<Page<T>>>;

const first_page = 200;
const far_page = 1000;
const quiet_refresh = 3000; // rows loaded beyond which a change is shown instead of fetched again

export class Pages<T extends { id: string }> {
    readonly items = signal<readonly T[]>([]);
    readonly total = signal<number | null>(null); // null: unknown while there is more
    readonly phase = signal<Phase>('loading');
    readonly stale = signal(false); // changed on the server, and too long to fetch again unasked
    error: unknown = null;
    etag: string | null = null;

    #cursor: string | null = null;
    #ended = false;
    #started = false;
    #wanted = 0;
    #running: Promise<void> | null = null;
    #stop = new AbortController();
    readonly #fetch: Fetch<T>;
    readonly #compare: ((a: T, b: T) => number) | null;

    constructor(fetch: Fetch<T>, compare: ((a: T, b: T) => number) | null = null) {
        this.#fetch = fetch;
        this.#compare = compare;
    }

    get complete(): boolean {
        return this.#ended;
    }

    // Rows to lay out: all of them when the server counted, else the loaded ones and a few to come.
    get length(): number {
        const loaded = this.items.value.length;
        return Math.max(loaded, this.total.value ?? (this.#ended ? loaded : loaded + 20));
    }

    // Loads until row `index` is there, or the list ends.
    ensure(index: number): Promise<void> {
        this.#wanted = Math.max(this.#wanted, index + 1);
        this.#running ??= this.#load().finally(this.#settled);
        return this.#running;
    }

    // What was asked for while it ran, or stopped, is seen to after it.
    #settled = (): void => {
        this.#running = null;
        if (!this.#ended && this.phase.peek() !== 'failed' && this.#wanted > this.items.peek().length) void this.ensure(0);
    };

    ensure_all = (): Promise<void> => this.ensure(Number.MAX_SAFE_INTEGER - 1);

    // Stops what is under way and forgets how far the reader wanted to go.
    pause(): void {
        this.#stop.abort();
        this.#stop = new AbortController();
        this.#wanted = this.items.peek().length;
    }

    async #load(): Promise<void> {
        while (!this.#ended && (!this.#started || this.items.peek().length < this.#wanted)) {
            const missing = this.#wanted - this.items.peek().length;
            try {
                const answer = await this.#fetch({ cursor: this.#cursor, limit: missing > first_page * 2 ? far_page : first_page, etag: null, signal: this.#stop.signal });
                this.#append(answer);
            } catch (error) {
                if (is_abort(error)) return;
                this.error = error;
                this.phase.value = 'failed';
                return;
            }
        }
    }

    #append({ value, etag }: Answer<Page<T>>): void {
        if (!this.#started) this.etag = etag;
        this.#started = true;
        this.#cursor = value.next_cursor;
        this.#ended = value.next_cursor === null;
        batch(() => {
            const known = this.items.peek();
            const ids = new Set(known.slice(-far_page).map((item) => item.id));
            this.items.value = [...known, ...value.items.filter((item) => !ids.has(item.id))];
            if (this.#ended) this.total.value = this.items.peek().length;
            else if (value.total !== undefined) this.total.value = Math.max(value.total, this.items.peek().length);
            this.phase.value = 'ready';
        });
    }

    // Asks whether the list changed (ETag) and, if so, fetches again what is loaded. Never disturbs on failure.
    async refresh(forced = false): Promise<void> {
        if (this.#running) {
            this.#wanted = Math.max(this.#wanted, 1); // it may be stopping
            return this.#running;
        }
        if (!this.#started) return this.ensure(0);
        this.#running = this.#again(forced).finally(this.#settled);
        return this.#running;
    }

    async #again(forced: boolean): Promise<void> {
        const loaded = this.items.peek().length;
        try {
            let answer = await this.#fetch({ cursor: null, limit: first_page, etag: forced ? null : this.etag, signal: this.#stop.signal });
            if (answer.unchanged) return;
            if (loaded > quiet_refresh && !forced) {
                this.stale.value = true;
                return;
            }
            const { etag } = answer;
            const items = [...answer.value.items];
            while (answer.value.next_cursor !== null && items.length < loaded) {
                answer = await this.#fetch({ cursor: answer.value.next_cursor, limit: far_page, etag: null, signal: this.#stop.signal });
                items.push(...answer.value.items);
            }
            this.#replace_all(items, { ...answer, etag });
        } catch (error) {
            if (!is_abort(error) && !loaded) {
                this.error = error;
                this.phase.value = 'failed';
            }
        }
    }

    #replace_all(items: T[], last: Answer<Page<T>>): void {
        this.etag = last.etag;
        this.#cursor = last.value.next_cursor;
        this.#ended = last.value.next_cursor === null;
        batch(() => {
            this.items.value = items;
            this.total.value = this.#ended ? items.length : (last.value.total ?? null);
            this.stale.value = false;
            this.phase.value = 'ready';
        });
    }

    // The list as the reader's own acts change it, before the server's next answer.

    put(item: T): void {
        const others = this.items.peek().filter((other) => other.id !== item.id);
        const fresh = others.length === this.items.peek().length;
        const at = this.#place(others, item);
        batch(() => {
            if (at <= others.length - 1 || this.#ended || !others.length) this.items.value = [...others.slice(0, at), item, ...others.slice(at)];
            else this.items.value = others; // it belongs beyond what is loaded
            if (fresh && this.total.peek() !== null) this.total.value = this.total.peek()! + 1;
        });
    }

    // Changes an item where it stands: a rename must not jump away under the eyes.
    patch(id: string, change: Partial<T>): void {
        this.items.value = this.items.peek().map((item) => (item.id === id ? { ...item, ...change } : item));
    }

    // Takes items out; what it returns puts them back.
    take(ids: ReadonlySet<string>): () => void {
        const before = this.items.peek();
        const gone = before.filter((item) => ids.has(item.id));
        batch(() => {
            this.items.value = before.filter((item) => !ids.has(item.id));
            if (this.total.peek() !== null) this.total.value = this.total.peek()! - gone.length;
        });
        return () => batch(() => gone.forEach((item) => this.put(item)));
    }

    #place(items: readonly T[], item: T): number {
        if (!this.#compare) return 0;
        let low = 0;
        let high = items.length;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (this.#compare(items[middle]!, item) <= 0) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
