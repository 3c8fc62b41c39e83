// Selection as in a desktop file manager. Pure: each function returns a new Selection from the old one and the order of
// ids on screen. `focus` is the keyboard's row, `anchor` the start of a range.

export interface Selection {
    readonly ids: ReadonlySet<string>;
    readonly anchor: string | null;
    readonly focus: string | null;
}

export const nothing: Selection = { ids: new Set(), anchor: null, focus: null };

export const only = (id: string): Selection => ({ ids: new Set([id]), anchor: id, focus: id });

export const cleared = (selection: Selection): Selection => ({
    ids: new Set(),
    anchor: selection.focus,
    focus: selection.focus,
});

export function toggled(selection: Selection, id: string): Selection {
    const ids = new Set(selection.ids);
    if (!ids.delete(id)) ids.add(id);
    return { ids, anchor: id, focus: id };
}

// Selects from the anchor to `id`; with `add`, in addition to the former selection.
export function extended(selection: Selection, order: readonly string[], id: string, add = false): Selection {
    const to = order.indexOf(id);
    const from = selection.anchor === null ? to : order.indexOf(selection.anchor);
    if (to < 0 || from < 0) return only(id);
    const range = order.slice(Math.min(from, to), Math.max(from, to) + 1);
    return { ids: new Set(add ? [...selection.ids, ...range] : range), anchor: order[from]!, focus: id };
}

export function allOf(order: readonly string[], selection: Selection): Selection {
    return { ids: new Set(order), anchor: order[0] ?? null, focus: selection.focus ?? order[0] ?? null };
}

export interface Step {
    by: number; // rows, or tiles
    extend: boolean; // shift
    keep: boolean; // ctrl: move only the focus
}

// Moves by arrow keys. Without a focus, the first step goes to the first row, or, upwards, to the last.
export function stepped(selection: Selection, order: readonly string[], step: Step): Selection {
    if (!order.length) return selection;
    const at = selection.focus === null ? -1 : order.indexOf(selection.focus);
    const begin = Number.isFinite(step.by) ? (step.by > 0 ? 0 : order.length - 1) : step.by > 0 ? order.length - 1 : 0;
    const target = at < 0 ? begin : Math.max(0, Math.min(order.length - 1, at + step.by));
    const id = order[target]!;
    if (step.extend) return extended(selection, order, id);
    if (step.keep) return { ...selection, focus: id };
    return only(id);
}

// The selection after the listing changed: without missing rows, and with the focus on the nearest neighbour.
export function kept(selection: Selection, before: readonly string[], after: readonly string[]): Selection {
    const there = new Set(after);
    const ids = new Set([...selection.ids].filter((id) => there.has(id)));
    const focus =
        selection.focus === null || there.has(selection.focus)
            ? selection.focus
            : neighbour(selection.focus, before, there);
    const anchor = selection.anchor !== null && there.has(selection.anchor) ? selection.anchor : focus;
    return { ids, anchor, focus };
}

function neighbour(id: string, before: readonly string[], there: ReadonlySet<string>): string | null {
    const at = before.indexOf(id);
    if (at < 0) return null;
    for (let i = at + 1; i < before.length; i++) if (there.has(before[i]!)) return before[i]!;
    for (let i = at - 1; i >= 0; i--) if (there.has(before[i]!)) return before[i]!;
    return null;
}

const longestPause = 900; // milliseconds between two letters of one search

// Type-ahead: collects letters typed in quick succession and finds the row that they begin, or -1.
export class TypeAhead {
    #typed = '';
    #last = 0;

    isGoingOn(now = Date.now()): boolean {
        return now - this.#last <= longestPause;
    }

    press(letter: string, foldedNames: readonly string[], from: number, now = Date.now()): number {
        this.#typed = this.isGoingOn(now) ? this.#typed + letter : letter;
        this.#last = now;
        const same = [...this.#typed].every((l) => l === letter);
        const wanted = same ? letter : this.#typed;
        const begin = same ? from + 1 : Math.max(0, from);
        for (let i = 0; i < foldedNames.length; i++) {
            const index = (begin + i) % foldedNames.length;
            if (foldedNames[index]!.startsWith(wanted)) return index;
        }
        return -1;
    }
}
