// The queue of uploads: at most `limit` run at once. Each can be paused, resumed, retried or cancelled. Sending,
// records and questions are up to the handlers.
import { batch, signal } from '@preact/signals';
import { isApiError, type ApiError } from '../../api/error';
import type { Choice, Resolution } from '../dialogs';
import { LeftOut, NoFile, unfinished, type ConflictPolicy, type Item, type State } from './item';

export interface QueueHandlers {
    // Sends the file from the server's offset. The result stops it; the server keeps what it has.
    send(item: Item, done: (entryId: string | null) => void, failed: (reason: unknown) => void): () => void;
    discard(item: Item): void;
    keep(items: readonly Item[]): void;
    forget(keys: readonly string[]): void;
    arrived(item: Item, entryId: string | null): void;
    // `others`: unfinished files of the same drop. `conflict` names the entry that has the name.
    ask(item: Item, others: number, conflict: ApiError): Promise<Resolution>;
}

export interface Totals {
    counts: Record<State, number>;
    size: number; // bytes of all files since the tray was last cleared
    sent: number;
    all: number;
    held: number; // files that wait for the connection or the server
}

const none = (): Totals['counts'] => ({
    waiting: 0,
    sending: 0,
    paused: 0,
    conflict: 0,
    failed: 0,
    fileless: 0,
    done: 0,
    skipped: 0,
});
const countEvery = 200; // milliseconds

export class Queue {
    readonly items = signal<readonly Item[]>([]);
    readonly totals = signal<Totals>({ counts: none(), size: 0, sent: 0, all: 0, held: 0 });
    readonly #running = new Map<string, () => void>();
    readonly #line: Item[] = []; // waiting, in order
    readonly #policies = new Map<string, Choice>();
    #asking: Promise<unknown> = Promise.resolve();

    constructor(
        readonly handlers: QueueHandlers,
        readonly limit = 3,
    ) {}

    add(items: readonly Item[]): void {
        this.items.value = [...this.items.peek(), ...items];
        this.handlers.keep(items.filter((item) => item.isReady));
        this.#line.push(...items.filter((item) => item.state.peek() === 'waiting'));
        this.pump();
        this.countNow();
    }

    pump(): void {
        while (this.#running.size < this.limit) {
            const item = this.#line.shift();
            if (!item) break;
            if (item.state.peek() === 'waiting' && !this.#running.has(item.key)) this.#start(item);
        }
        this.count();
    }

    #wait(item: Item): void {
        if (!item.isReady) {
            item.state.value = 'fileless';
            return this.count();
        }
        item.state.value = 'waiting';
        this.#line.push(item);
        this.pump();
    }

    #start(item: Item): void {
        const policy = this.#policies.get(item.saved.batch);
        if (policy && item.saved.conflict === 'fail') item.saved.conflict = policyOf(policy);
        item.state.value = 'sending';
        item.reason.value = null;
        item.hold.value = null;
        item.movedAt = 0;
        let over = false;
        const settle = (change: () => void): void => {
            if (over) return;
            over = true;
            this.#running.delete(item.key);
            batch(change);
            this.pump();
        };
        const stop = this.handlers.send(
            item,
            (entryId) => settle(() => this.#done(item, entryId)),
            (reason) => settle(() => this.#failed(item, reason)),
        );
        if (over) return;
        this.#running.set(item.key, () => {
            stop();
            settle(() => undefined);
        });
    }

    // Counts are for display: updated once for many changes.
    #counting: ReturnType<typeof setTimeout> | null = null;

    count(): void {
        this.#counting ??= setTimeout(() => this.countNow(), countEvery);
    }

    countNow(): void {
        if (this.#counting) clearTimeout(this.#counting);
        this.#counting = null;
        const counts = none();
        let size = 0;
        let sent = 0;
        let held = 0;
        for (const item of this.items.peek()) {
            const state = item.state.peek();
            counts[state]++;
            if (state === 'sending' && item.hold.peek()) held++;
            if (state === 'skipped') continue;
            size += item.saved.size;
            sent += state === 'done' ? item.saved.size : item.sent.peek();
        }
        this.totals.value = { counts, size, sent, all: this.items.peek().length, held };
    }

    #done(item: Item, entryId: string | null): void {
        item.sent.value = item.saved.size;
        item.state.value = 'done';
        item.file = null;
        this.handlers.forget([item.key]);
        this.handlers.arrived(item, entryId);
    }

    #failed(item: Item, reason: unknown): void {
        if (isApiError(reason, 'name_taken')) {
            item.state.value = 'conflict';
            const mine = this.#asking.then(() => this.#ask(item, reason));
            this.#asking = mine.catch(() => undefined);
        } else if (reason instanceof LeftOut) {
            this.#skip(item);
        } else if (reason instanceof NoFile) {
            item.state.value = 'fileless';
        } else {
            item.state.value = 'failed';
            item.reason.value = reason;
        }
    }

    // The choice for all files applies unless the file was refused although it used that choice.
    #policyFor(item: Item): Choice | undefined {
        const known = this.#policies.get(item.saved.batch);
        return known && (known === 'skip' || policyOf(known) !== item.saved.conflict) ? known : undefined;
    }

    async #ask(item: Item, conflict: ApiError): Promise<void> {
        if (item.state.peek() !== 'conflict') return;
        const known = this.#policyFor(item);
        const others = this.items
            .peek()
            .filter(
                (other) =>
                    other !== item && other.saved.batch === item.saved.batch && unfinished.includes(other.state.peek()),
            ).length;
        const answer = known ? { choice: known, all: true } : await this.handlers.ask(item, others, conflict);
        if (answer.all) this.#policies.set(item.saved.batch, answer.choice);
        if (item.state.peek() === 'conflict') this.settleConflict(item, answer.choice);
    }

    #skip(item: Item): void {
        item.state.value = 'skipped';
        item.file = null;
        this.handlers.discard(item);
        this.handlers.forget([item.key]);
    }

    settleConflict(item: Item, choice: Choice): void {
        if (choice === 'skip') {
            this.#skip(item);
        } else {
            item.saved.conflict = policyOf(choice);
            this.handlers.keep([item]);
            this.#wait(item);
        }
        this.count();
    }

    pause(item: Item): void {
        const state = item.state.peek();
        if (state !== 'sending' && state !== 'waiting') return;
        item.state.value = 'paused';
        this.#running.get(item.key)?.();
        this.count();
    }

    // Continues after a pause or a failure.
    resume(item: Item): void {
        if (['paused', 'failed'].includes(item.state.peek())) this.#wait(item);
    }

    cancel(item: Item): void {
        item.state.value = 'paused';
        this.#running.get(item.key)?.();
        this.handlers.discard(item);
        this.items.value = this.items.peek().filter((other) => other !== item);
        this.handlers.forget([item.key]);
        this.countNow();
    }

    // Gives an item its file, which the user chose again.
    give(item: Item, file: File): void {
        item.file = file;
        this.handlers.keep([item]);
        this.#wait(item);
    }

    pauseAll = (): void => batch(() => this.items.peek().forEach((item) => this.pause(item)));
    resumeAll = (): void => batch(() => this.items.peek().forEach((item) => this.resume(item)));
    cancelAll = (): void =>
        batch(() =>
            this.items
                .peek()
                .filter((item) => unfinished.includes(item.state.peek()))
                .forEach((item) => this.cancel(item)),
        );

    // Removes items from this tab; their records stay.
    drop(which: (item: Item) => boolean): void {
        const gone = this.items.peek().filter(which);
        if (!gone.length) return;
        gone.forEach((item) => this.pause(item));
        this.items.value = this.items.peek().filter((item) => !which(item));
        this.countNow();
    }

    clearFinished(): void {
        this.items.value = this.items.peek().filter((item) => unfinished.includes(item.state.peek()));
        this.countNow();
    }
}

const policyOf = (choice: Choice): ConflictPolicy =>
    choice === 'replace' ? 'replace' : choice === 'keep' ? 'rename' : 'fail';
