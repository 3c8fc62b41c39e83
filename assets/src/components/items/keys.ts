// The list's keyboard, as in a desktop file manager.
import type { Entry } from '../../api/shapes';
import type { Pane } from '../../model/list-state';
import { cleared, stepped, toggled } from '../../model/selection';
import type { Acts } from './columns';

export interface Grid {
    across: number; // tiles in a row; 1 in a list
    rowsShown: number;
    openMenu(id: string): void;
}

function stepOf(key: string, { across, rowsShown }: Grid): number | null {
    const page = Math.max(1, rowsShown - 1) * across;
    const steps: Record<string, number> = { ArrowDown: across, ArrowUp: -across, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (across > 1) Object.assign(steps, { ArrowRight: 1, ArrowLeft: -1 });
    return steps[key] ?? null;
}

async function step<T extends Entry>(event: KeyboardEvent, pane: Pane<T>, by: number): Promise<void> {
    const { focus } = pane.selection.peek();
    const at = focus === null ? -1 : (pane.index.peek().get(focus) ?? -1);
    const last = pane.pages.length - 1;
    const wanted = Math.min(last, Math.max(0, at + by));
    if (wanted >= pane.order.peek().length) {
        pane.shown.value = wanted; // the skeleton rows there, until they are fetched
        await pane.pages.ensure(wanted);
    }
    pane.selection.value = stepped(pane.selection.peek(), pane.order.peek(), { by, extend: event.shiftKey, keep: event.ctrlKey || event.metaKey });
    pane.reveal(pane.selection.peek().focus);
}

function withCommand<T extends Entry>(event: KeyboardEvent, pane: Pane<T>, acts: Acts<T>): boolean {
    const chosen = pane.selected.peek();
    switch (event.key.toLowerCase()) {
        case 'a':
            void pane.selectAll();
            return true;
        case 'c':
        case 'x':
            if (!acts.copy || !chosen.length || String(getSelection())) return false;
            acts.copy(chosen, event.key.toLowerCase() === 'x');
            return true;
        case 'v':
            acts.paste?.();
            return Boolean(acts.paste);
        case ' ':
            toggleFocus(pane);
            return true;
    }
    return false;
}

function toggleFocus<T extends Entry>(pane: Pane<T>): void {
    const { focus } = pane.selection.peek();
    if (focus) pane.selection.value = toggled(pane.selection.peek(), focus);
}

function plain<T extends Entry>(event: KeyboardEvent, pane: Pane<T>, acts: Acts<T>, grid: Grid): boolean {
    const selection = pane.selection.peek();
    const focus = selection.focus === null ? null : pane.item(selection.focus);
    const chosen = pane.selected.peek();
    switch (event.key) {
        case 'Enter':
            if (focus) acts.open(focus);
            return Boolean(focus);
        case ' ':
            if (pane.typing) pane.type(' ');
            else toggleFocus(pane);
            return true;
        case 'F2':
            if (focus && acts.rename) pane.renaming.value = focus.id;
            return Boolean(acts.rename);
        case 'Delete':
            if (chosen.length) acts.remove?.(chosen);
            return true;
        case 'Escape':
            pane.selection.value = cleared(selection);
            return selection.ids.size > 0;
        case 'Backspace':
            acts.up?.();
            return true;
        case 'ContextMenu':
            if (focus) grid.openMenu(focus.id);
            return true;
    }
    if (event.key.length !== 1 || event.key === '/' || event.key === '?') return false;
    pane.type(event.key);
    return true;
}

export function onKey<T extends Entry>(event: KeyboardEvent, pane: Pane<T>, acts: Acts<T>, grid: Grid): void {
    if (event.target instanceof HTMLElement && event.target.closest('input, textarea, button')) return;
    const by = stepOf(event.key, grid);
    let used = false;
    if (event.altKey) {
        if (event.key === 'ArrowUp') (acts.up?.(), (used = true));
    } else if (by !== null) {
        void step(event, pane, by);
        used = true;
    } else if (event.shiftKey && event.key === 'F10') {
        if (pane.selection.peek().focus) grid.openMenu(pane.selection.peek().focus!);
        used = true;
    } else used = event.ctrlKey || event.metaKey ? withCommand(event, pane, acts) : plain(event, pane, acts, grid);
    if (used) event.preventDefault();
}

