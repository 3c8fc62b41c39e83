// A long list in keyset pages: the beginning is loaded, the rest is fetched on demand.
//
// Cursors only go forward, so row N needs every page before it; far jumps use bigger pages. One fetch runs at a time.
//
// The user's own changes show at once. An answer to a request from before such a change is out of date: it is dropped
// and requested again. While an action runs, refreshes wait for its end, and rows that it removed stay hidden.
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

// Wraps a fetch whose answers have no ETag, so that each refresh fetches again.
export const untagged =
    <T>(fetch: (request: PageRequest) => Promise<Page<T>>): Fetch<T> =>
    async (request) => ({ unchanged: false, etag: null, value: await fetch(request) });

const firstPage = 200;
const farPage = 1000;
const mostTries = 5; // of a fetch whose answers are out of date by the user's changes
const quietRefresh = 3000; // loaded rows up to which a changed list is fetched again; longer ones become `stale`

// Rows that an action removed from a list.
export interface Removal<T> {
    end(kept?: ReadonlySet<string>): void; // the action has ended; the rows of `kept` come back
    back(items: readonly T[]): void; // undone later: inserts these where they were
}

const none: ReadonlySet<string> = new Set();

export class Pages<T extends { id: string }> {
    readonly items = signal<readonly T[]>([]);
    readonly total = signal<number | null>(null); // null: unknown
    readonly phase = signal<Phase>('loading');
    readonly leaving = signal<ReadonlySet<string>>(none); // rows that a running action is about to remove
    readonly stale = signal(false); // changed on the server, but too long to fetch again without being asked
    error: unknown = null;
    etag: string | null = null;

    #cursor: string | null = null;
    #ended = false;
    #started = false;
    #wanted = 0;
    #running: Promise<void> | null = null;
    #stop = new AbortController();
    #changes = 0; // made by this page
    #runningActions = 0;
    #due: 'plain' | 'forced' | null = null; // a refresh that waits for the end of the actions
    readonly #hidden = new Set<string>(); // removed by running actions
    readonly #fetch: Fetch<T>;
    readonly #compare: ((a: T, b: T) => number) | null;

    constructor(fetch: Fetch<T>, compare: ((a: T, b: T) => number) | null = null) {
        this.#fetch = fetch;
        this.#compare = compare;
    }

    get complete(): boolean {
        return this.#ended;
    }

    // Rows to lay out: all if the total is known, else the loaded ones and a few more.
    get length(): number {
        const loaded = this.items.value.length;
        return Math.max(loaded, this.total.value ?? (this.#ended ? loaded : loaded + 20));
    }

    // Loads until row `index` is loaded or the list ends.
    ensure(index: number): Promise<void> {
        this.#wanted = Math.max(this.#wanted, index + 1);
        this.#running ??= this.#load().finally(this.#settled);
        return this.#running;
    }

    // Continues with rows that were requested during the fetch.
    #settled = (): void => {
        this.#running = null;
        if (!this.#ended && this.phase.peek() !== 'failed' && this.#wanted > this.items.peek().length)
            void this.ensure(0);
    };

    ensureAll = (): Promise<void> => this.ensure(Number.MAX_SAFE_INTEGER - 1);

    // Aborts the fetch and forgets the rows that were requested.
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
            // A row that a change moved to a later page is shown once, at its new place.
            const late = value.items.filter((item) => !this.#hidden.has(item.id));
            const ids = new Set(late.map((item) => item.id));
            this.items.value = [...known.filter((item) => !ids.has(item.id)), ...late];
            if (this.#ended) this.total.value = this.items.peek().length;
            else if (value.total !== undefined) this.total.value = Math.max(value.total, this.items.peek().length);
            this.phase.value = 'ready';
        });
    }

    // Fetches the loaded rows again if the list has changed (ETag). A failure leaves the list as it is.
    async refresh(forced = false): Promise<void> {
        if (this.#running) {
            this.#wanted = Math.max(this.#wanted, 1); // the running fetch may be aborting
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

    // This page changed the list on the server: answers to earlier requests are out of date.
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

    // False: the answer was out of date, and was dropped.
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

    // --- the user's own changes, before the server's next answer

    put(item: T): void {
        this.#changes++;
        const others = this.items.peek().filter((other) => other.id !== item.id);
        const fresh = others.length === this.items.peek().length;
        const at = this.#indexFor(others, item);
        batch(() => {
            if (at <= others.length - 1 || this.#ended || !others.length)
                this.items.value = [...others.slice(0, at), item, ...others.slice(at)];
            else this.items.value = others; // its place is after the loaded rows
            if (fresh && this.total.peek() !== null) this.total.value = this.total.peek()! + 1;
        });
    }

    // Changes an item without moving it: a renamed row must not jump away.
    patch(id: string, change: Partial<T>): void {
        this.#changes++;
        this.items.value = this.items.peek().map((item) => (item.id === id ? { ...item, ...change } : item));
    }

    // Starts an action that removes rows; they are hidden at once.
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

    // Starts an action whose rows leave the list at its end; until then they are marked. `kept`: rows that stay.
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

    // Starts an action that changes rows in place. Call the result at its end.
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

    // Inserts rows again: by the list's order, or where they were in `before` if the list has no order.
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
