// A long list that comes in keyset pages: a loaded beginning, and the rest fetched on demand.
//
// The server's cursors only go forward, so row N needs every page before it; far jumps use bigger
// pages. One fetch runs at a time. Signals tell the views what changed.
//
// The reader's own changes show at once, so an answer that was asked for before one of them is older than the list: it is
// dropped and asked for again. While an act runs, refreshes wait for its end, and rows that it took out stay out.
import { batch, signal } from '@preact/signals';
import { isAbort } from '../api/error';
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

// A listing whose answers have no ETag: asked again, it is fetched again.
export const untagged =
    <T>(fetch: (request: PageRequest) => Promise<Page<T>>): Fetch<T> =>
    async (request) => ({ unchanged: false, etag: null, value: await fetch(request) });

const firstPage = 200;
const farPage = 1000;
const mostTries = 5; // of a fetch that the reader's own changes overtake
const quietRefresh = 3000; // rows loaded beyond which a change is shown instead of fetched again

// Rows that an act took out of a list.
export interface Removal<T> {
    end(kept?: ReadonlySet<string>): void; // the act is over; the rows of `kept` are put back
    back(items: readonly T[]): void; // undone later: these stand where they stood
}

const none: ReadonlySet<string> = new Set();

export class Pages<T extends { id: string }> {
    readonly items = signal<readonly T[]>([]);
    readonly total = signal<number | null>(null); // null: unknown while there is more
    readonly phase = signal<Phase>('loading');
    readonly leaving = signal<ReadonlySet<string>>(none); // rows that an act which is under way takes away
    readonly stale = signal(false); // changed on the server, and too long to fetch again unasked
    error: unknown = null;
    etag: string | null = null;

    #cursor: string | null = null;
    #ended = false;
    #started = false;
    #wanted = 0;
    #running: Promise<void> | null = null;
    #stop = new AbortController();
    #changes = 0; // made here, counted
    #runningActions = 0; // running
    #due: 'plain' | 'forced' | null = null; // a refresh that waits for the end of the acts
    readonly #hidden = new Set<string>(); // taken out by acts that are running
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
        if (!this.#ended && this.phase.peek() !== 'failed' && this.#wanted > this.items.peek().length)
            void this.ensure(0);
    };

    ensureAll = (): Promise<void> => this.ensure(Number.MAX_SAFE_INTEGER - 1);

    // Stops what is under way and forgets how far the reader wanted to go.
    pause(): void {
        this.#stop.abort();
        this.#stop = new AbortController();
        this.#wanted = this.items.peek().length;
    }

    async #load(): Promise<void> {
        let tries = 0;
        while (!this.#ended && (!this.#started || this.items.peek().length < this.#wanted)) {
            const missing = this.#wanted - this.items.peek().length;
            const changes = this.#changes;
            try {
                const answer = await this.#fetch({
                    cursor: this.#cursor,
                    limit: missing > firstPage * 2 ? farPage : firstPage,
                    etag: null,
                    signal: this.#stop.signal,
                });
                if (changes !== this.#changes && ++tries < mostTries) continue;
                this.#append(answer);
            } catch (error) {
                if (isAbort(error)) return;
                this.error = error;
                this.phase.value = 'failed';
                return;
            }
        }
    }

    #append({ value, etag }: Answer<Page<T>>): void {
        const known = this.#started ? this.items.peek() : [];
        if (!this.#started) this.etag = etag;
        this.#started = true;
        this.#cursor = value.next_cursor;
        this.#ended = value.next_cursor === null;
        if (this.#hidden.size) this.#due ??= 'plain';
        batch(() => {
            // A row that another's change moved further down is shown where it is now, once.
            const late = value.items.filter((item) => !this.#hidden.has(item.id));
            const ids = new Set(late.map((item) => item.id));
            this.items.value = [...known.filter((item) => !ids.has(item.id)), ...late];
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
        if (this.#runningActions) {
            this.#due = forced ? 'forced' : (this.#due ?? 'plain');
            return;
        }
        this.#running = this.#again(forced).finally(this.#settled);
        return this.#running;
    }

    // The server's list changed by what this page did elsewhere: what was asked for before is too old.
    changed(): Promise<void> {
        this.#changes++;
        return this.refresh();
    }

    async #again(forced: boolean): Promise<void> {
        for (let tries = 0; tries < mostTries; tries++) {
            const changes = this.#changes;
            if (await this.#askAgain(forced, () => changes === this.#changes)) return;
            if (this.#runningActions) break;
        }
        this.#due ??= forced ? 'forced' : 'plain';
    }

    // False: overtaken by a change made here, and dropped.
    async #askAgain(forced: boolean, isFresh: () => boolean): Promise<boolean> {
        const loaded = this.items.peek().length;
        try {
            let answer = await this.#fetch({
                cursor: null,
                limit: firstPage,
                etag: forced ? null : this.etag,
                signal: this.#stop.signal,
            });
            if (!isFresh()) return false;
            if (answer.unchanged) return true;
            if (loaded > quietRefresh && !forced) {
                this.stale.value = true;
                return true;
            }
            const { etag } = answer;
            const items = [...answer.value.items];
            while (answer.value.next_cursor !== null && items.length < loaded) {
                answer = await this.#fetch({
                    cursor: answer.value.next_cursor,
                    limit: farPage,
                    etag: null,
                    signal: this.#stop.signal,
                });
                if (!isFresh()) return false;
                items.push(...answer.value.items);
            }
            this.#replaceAll(items, { ...answer, etag });
        } catch (error) {
            if (!isAbort(error) && !loaded) {
                this.error = error;
                this.phase.value = 'failed';
            }
        }
        return true;
    }

    #replaceAll(found: readonly T[], last: Answer<Page<T>>): void {
        this.etag = last.etag;
        this.#cursor = last.value.next_cursor;
        this.#ended = last.value.next_cursor === null;
        const items = [...new Map(found.map((item) => [item.id, item])).values()];
        batch(() => {
            this.items.value = items;
            this.total.value = this.#ended ? items.length : (last.value.total ?? null);
            this.stale.value = false;
            this.phase.value = 'ready';
        });
    }

    // The list as the reader's own acts change it, before the server's next answer.

    put(item: T): void {
        this.#changes++;
        const others = this.items.peek().filter((other) => other.id !== item.id);
        const fresh = others.length === this.items.peek().length;
        const at = this.#indexFor(others, item);
        batch(() => {
            if (at <= others.length - 1 || this.#ended || !others.length)
                this.items.value = [...others.slice(0, at), item, ...others.slice(at)];
            else this.items.value = others; // it belongs beyond what is loaded
            if (fresh && this.total.peek() !== null) this.total.value = this.total.peek()! + 1;
        });
    }

    // Changes an item where it stands: a rename must not jump away under the eyes.
    patch(id: string, change: Partial<T>): void {
        this.#changes++;
        this.items.value = this.items.peek().map((item) => (item.id === id ? { ...item, ...change } : item));
    }

    // An act on rows that are to leave the list: they go at once.
    begin(ids: ReadonlySet<string>): Removal<T> {
        const before = this.items.peek();
        const gone = before.filter((item) => ids.has(item.id));
        this.#changes++;
        this.#runningActions++;
        for (const id of ids) this.#hidden.add(id);
        batch(() => {
            if (gone.length) this.items.value = before.filter((item) => !ids.has(item.id));
            if (this.total.peek() !== null) this.total.value = this.total.peek()! - gone.length;
        });
        let running = true;
        return {
            end: (kept = none) => {
                if (!running) return;
                running = false;
                for (const id of ids) this.#hidden.delete(id);
                this.#return(
                    gone.filter((item) => kept.has(item.id)),
                    before,
                );
                this.#endAction();
            },
            back: (items) => this.#return(items, before),
        };
    }

    // An act on rows that leave the list one day, once it is done: until then they are marked. `kept`: those that stay.
    leave(ids: ReadonlySet<string>): { end(kept?: ReadonlySet<string>): void } {
        const endChange = this.beginChange();
        this.leaving.value = new Set([...this.leaving.peek(), ...ids]);
        return {
            end: (kept = none) => {
                const marked = this.leaving.peek();
                batch(() => {
                    this.leaving.value = new Set([...marked].filter((id) => !ids.has(id)));
                    this.begin(new Set([...ids].filter((id) => !kept.has(id)))).end();
                });
                endChange();
            },
        };
    }

    // An act that changes rows where they are.
    beginChange(): () => void {
        const change = this.begin(none);
        return () => change.end();
    }

    #endAction(): void {
        this.#changes++;
        this.#runningActions--;
        if (!this.#due || this.#runningActions) return;
        const forced = this.#due === 'forced';
        this.#due = null;
        void this.refresh(forced);
    }

    // Puts rows back: by their order, or, in a list without one, where they stood in `before`.
    #return(items: readonly T[], before: readonly T[]): void {
        if (this.#compare) return batch(() => items.forEach((item) => this.put(item)));
        this.#changes++;
        const now = new Map(this.items.peek().map((item) => [item.id, item]));
        const more = items.filter((item) => !now.has(item.id)).length;
        for (const item of items) now.set(item.id, item);
        const places = new Map(before.flatMap(({ id }) => (now.has(id) ? [[id, now.get(id)!] as const] : [])));
        batch(() => {
            this.items.value = [...new Map([...places, ...now]).values()];
            if (this.total.peek() !== null) this.total.value = this.total.peek()! + more;
        });
    }

    #indexFor(items: readonly T[], item: T): number {
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
