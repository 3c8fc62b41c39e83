// The state of a list of entries on screen: its pages, the selection, the row that is being renamed.
import { computed, effect, signal } from '@preact/signals';
import type { Entry } from '../api/shapes';
import { fold } from './names';
import type { Pages } from './pages';
import { TypeAhead, allOf, kept, nothing, only, type Selection } from './selection';

export class ListState<T extends Entry = Entry> {
    readonly selection = signal<Selection>(nothing);
    readonly renaming = signal<string | null>(null);
    readonly shown = signal<number | null>(null); // index of a row to scroll into view
    readonly order = computed(() => this.pages.items.value.map((item) => item.id));
    readonly index = computed(() => new Map(this.order.value.map((id, i) => [id, i])));
    readonly selected = computed(() => this.#pick(this.selection.value.ids));
    scrollTop = 0;

    readonly #folded = computed(() => this.pages.items.value.map((item) => fold(item.name)));
    readonly #typed = new TypeAhead();

    constructor(readonly pages: Pages<T>) {
        let before: readonly string[] = [];
        effect(() => {
            const after = this.order.value;
            const now = this.selection.peek();
            if (before !== after && (now.ids.size || now.focus)) this.selection.value = kept(now, before, after);
            before = after;
        });
    }

    #pick(chosen: ReadonlySet<string>): T[] {
        const leaving = this.pages.leaving.value;
        const ids = leaving.size ? new Set([...chosen].filter((id) => !leaving.has(id))) : chosen;
        if (!ids.size) return [];
        const items = this.pages.items.value;
        if (ids.size > 50) return items.filter((item) => ids.has(item.id));
        const places = [...ids].map((id) => this.index.value.get(id)).filter((at): at is number => at !== undefined);
        return places.sort((a, b) => a - b).map((at) => items[at]!);
    }

    item(id: string): T | null {
        const at = this.index.peek().get(id);
        return at === undefined ? null : (this.pages.items.peek()[at] ?? null);
    }

    select(id: string): void {
        this.selection.value = only(id);
        this.reveal(id);
    }

    reveal(id: string | null): void {
        this.shown.value = id === null ? null : (this.index.peek().get(id) ?? null);
    }

    async selectAll(): Promise<void> {
        await this.pages.ensureAll();
        this.selection.value = allOf(this.order.peek(), this.selection.peek());
    }

    // Whether type-ahead is under way: a space then belongs to the typed name.
    get typing(): boolean {
        return this.#typed.isGoingOn();
    }

    type(letter: string): void {
        const { focus } = this.selection.peek();
        const at = this.#typed.press(
            fold(letter),
            this.#folded.peek(),
            focus === null ? -1 : (this.index.peek().get(focus) ?? -1),
        );
        const id = this.order.peek()[at];
        if (id) this.select(id);
    }
}
