// Pointer control of a list: a mouse click selects and a double click opens; a tap opens and a long press selects.
import type { Entry } from '../../api/shapes';
import type { ListState } from '../../model/list-state';
import { cleared, extended, only, toggled } from '../../model/selection';
import type { MenuAnchor } from '../menu';
import type { ItemActions } from './columns';

const longPress = 450; // milliseconds
const slack = 10; // pixels that a finger may move during a long press

export class Pointer<T extends Entry> {
    #timer: ReturnType<typeof setTimeout> | undefined;
    #from = { x: 0, y: 0 };
    #pressedLong = false;
    #type = 'mouse';

    constructor(
        readonly list: ListState<T>,
        readonly actions: () => ItemActions<T>,
        readonly openMenu: (at: MenuAnchor, items: readonly T[]) => void,
    ) {}

    // Event handlers for the list's element.
    get handlers() {
        return {
            onPointerDown: this.down,
            onPointerMove: this.move,
            onPointerUp: this.up,
            onPointerCancel: this.up,
            onClick: this.click,
            onDblClick: this.double,
            onAuxClick: this.aux,
            onContextMenu: this.context,
        };
    }

    #item(event: Event): { item: T; part: string } | null {
        const target = event.target as Element;
        const row = target.closest<HTMLElement>('[data-id]');
        const item = row && this.list.item(row.dataset.id!);
        return item ? { item, part: target.closest<HTMLElement>('[data-part]')?.dataset.part ?? '' } : null;
    }

    down = (event: PointerEvent): void => {
        this.#type = event.pointerType || 'mouse';
        this.#pressedLong = false;
        clearTimeout(this.#timer);
        const hit = this.#item(event);
        if (this.#type === 'mouse' || !hit) return;
        this.#from = { x: event.clientX, y: event.clientY };
        this.#timer = setTimeout(() => {
            this.#pressedLong = true;
            this.list.selection.value = toggled(this.list.selection.peek(), hit.item.id);
            navigator.vibrate?.(10);
        }, longPress);
    };

    move = (event: PointerEvent): void => {
        if (Math.hypot(event.clientX - this.#from.x, event.clientY - this.#from.y) > slack) clearTimeout(this.#timer);
    };

    up = (): void => clearTimeout(this.#timer);

    click = (event: MouseEvent): void => {
        if (this.#pressedLong) return;
        const { list } = this;
        const hit = this.#item(event);
        if (!hit) {
            if (!(event.target as Element).closest('button, input, [role="columnheader"]'))
                list.selection.value = cleared(list.selection.peek());
            return;
        }
        if ((event.target as Element).closest('input')) return;
        const { id } = hit.item;
        if (hit.part === 'menu') return this.#menu(event, hit.item);
        const now = list.selection.peek();
        if (event.shiftKey) list.selection.value = extended(now, list.order.peek(), id, event.ctrlKey || event.metaKey);
        else if (hit.part === 'tick' || event.ctrlKey || event.metaKey) list.selection.value = toggled(now, id);
        else if (this.#type === 'mouse') list.selection.value = only(id);
        else if (now.ids.size) list.selection.value = toggled(now, id);
        else this.actions().open(hit.item);
    };

    double = (event: MouseEvent): void => {
        const hit = this.#item(event);
        if (
            !hit ||
            hit.part ||
            this.#type !== 'mouse' ||
            event.ctrlKey ||
            event.shiftKey ||
            (event.target as Element).closest('input')
        )
            return;
        this.actions().open(hit.item);
    };

    // The middle button opens a new tab, as on a link.
    aux = (event: MouseEvent): void => {
        const hit = event.button === 1 ? this.#item(event) : null;
        const href = hit && this.actions().href?.(hit.item);
        if (!href) return;
        event.preventDefault();
        window.open(href, '_blank', 'noopener');
    };

    context = (event: MouseEvent): void => {
        const hit = this.#item(event);
        if (!hit) return;
        event.preventDefault();
        if (this.#type !== 'mouse') return; // a long press selects
        this.#selectForMenu(hit.item);
        this.openMenu(new DOMRect(event.clientX, event.clientY, 0, 0), this.list.selected.peek());
    };

    // On touch, the menu is for that item only, and does not select it.
    #menu(event: MouseEvent, item: T): void {
        const mouse = this.#type === 'mouse';
        if (mouse) this.#selectForMenu(item);
        this.openMenu(
            (event.target as Element).closest('[data-part]')!.getBoundingClientRect(),
            mouse ? this.list.selected.peek() : [item],
        );
    }

    #selectForMenu(item: T): void {
        if (!this.list.selection.peek().ids.has(item.id)) this.list.selection.value = only(item.id);
    }
}
