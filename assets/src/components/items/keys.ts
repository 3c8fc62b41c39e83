// Keyboard control of a list, as in a desktop file manager.
import type { Entry } from '../../api/shapes';
import type { ListState } from '../../model/list-state';
import { cleared, stepped, toggled } from '../../model/selection';
import type { ItemActions } from './columns';

export interface Grid {
    across: number; // tiles in a row; 1 in a list
    rowsShown: number;
    openMenu(id: string): void;
}

function stepOf(key: string, { across, rowsShown }: Grid): number | null {
    const page = Math.max(1, rowsShown - 1) * across;
    const steps: Record<string, number> = {
        ArrowDown: across,
        ArrowUp: -across,
        PageDown: page,
        PageUp: -page,
        Home: -Infinity,
        End: Infinity,
    };
    if (across > 1) Object.assign(steps, { ArrowRight: 1, ArrowLeft: -1 });
    return steps[key] ?? null;
}

async function step<T extends Entry>(event: KeyboardEvent, list: ListState<T>, by: number): Promise<void> {
    const { focus } = list.selection.peek();
    const at = focus === null ? -1 : (list.index.peek().get(focus) ?? -1);
    const last = list.pages.length - 1;
    const wanted = Math.min(last, Math.max(0, at + by));
    if (wanted >= list.order.peek().length) {
        list.shown.value = wanted; // shows skeleton rows until the entries are fetched
        await list.pages.ensure(wanted);
    }
    list.selection.value = stepped(list.selection.peek(), list.order.peek(), {
        by,
        extend: event.shiftKey,
        keep: event.ctrlKey || event.metaKey,
    });
    list.reveal(list.selection.peek().focus);
}

function withCommand<T extends Entry>(event: KeyboardEvent, list: ListState<T>, actions: ItemActions<T>): boolean {
    const chosen = list.selected.peek();
    switch (event.key.toLowerCase()) {
        case 'a':
            void list.selectAll();
            return true;
        case 'c':
        case 'x':
            if (!actions.copy || !chosen.length || String(getSelection())) return false;
            actions.copy(chosen, event.key.toLowerCase() === 'x');
            return true;
        case 'v':
            actions.paste?.();
            return Boolean(actions.paste);
        case ' ':
            toggleFocus(list);
            return true;
    }
    return false;
}

function toggleFocus<T extends Entry>(list: ListState<T>): void {
    const { focus } = list.selection.peek();
    if (focus) list.selection.value = toggled(list.selection.peek(), focus);
}

function plain<T extends Entry>(
    event: KeyboardEvent,
    list: ListState<T>,
    actions: ItemActions<T>,
    grid: Grid,
): boolean {
    const selection = list.selection.peek();
    const focus = selection.focus === null ? null : list.item(selection.focus);
    const chosen = list.selected.peek();
    switch (event.key) {
        case 'Enter':
            if (focus) actions.open(focus);
            return Boolean(focus);
        case ' ':
            if (list.typing) list.type(' ');
            else toggleFocus(list);
            return true;
        case 'F2':
            if (focus && actions.rename) list.renaming.value = focus.id;
            return Boolean(actions.rename);
        case 'Delete':
            if (chosen.length) actions.remove?.(chosen);
            return true;
        case 'Escape':
            list.selection.value = cleared(selection);
            return selection.ids.size > 0;
        case 'Backspace':
            actions.up?.();
            return true;
        case 'ContextMenu':
            if (focus) grid.openMenu(focus.id);
            return true;
    }
    if (event.key.length !== 1 || event.key === '/' || event.key === '?') return false;
    list.type(event.key);
    return true;
}

export function onKey<T extends Entry>(
    event: KeyboardEvent,
    list: ListState<T>,
    actions: ItemActions<T>,
    grid: Grid,
): void {
    if (event.target instanceof HTMLElement && event.target.closest('input, textarea, button')) return;
    const by = stepOf(event.key, grid);
    let used = false;
    if (event.altKey) {
        used = event.key === 'ArrowUp';
        if (used) actions.up?.();
    } else if (by !== null) {
        void step(event, list, by);
        used = true;
    } else if (event.shiftKey && event.key === 'F10') {
        if (list.selection.peek().focus) grid.openMenu(list.selection.peek().focus!);
        used = true;
    } else
        used = event.ctrlKey || event.metaKey ? withCommand(event, list, actions) : plain(event, list, actions, grid);
    if (used) event.preventDefault();
}
