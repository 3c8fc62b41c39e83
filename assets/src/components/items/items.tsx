// A long list or grid of entries. Only visible rows are in the DOM; further ones are fetched when they come near. The
// container has the focus, and aria-activedescendant names the active row.
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { Entry } from '../../api/shapes';
import { t } from '../../i18n/language';
import { beginDrag } from '../../model/dragging';
import type { ListState } from '../../model/list-state';
import { view } from '../../model/preferences';
import { printing, touch } from '../../model/screen';
import { only } from '../../model/selection';
import { scrollToShow } from '../../model/virtual-scroll';
import { useHomeFocus } from '../home-focus';
import { openMenu, type MenuAnchor } from '../menu';
import type { ItemsProps } from './columns';
import { Head } from './head';
import { onKey } from './keys';
import { Pointer } from './pointer';
import { useRows } from './row-cache';
import { TileRows } from './tile-rows';
import { useGeometry, type Geometry } from './use-geometry';

// The indexes of the rows or tiles to draw: the visible ones, and the one with the focus.
function useIndexes<T extends Entry>(list: ListState<T>, { across, drawn: { first, last } }: Geometry) {
    const items = list.pages.items.value;
    const paper = printing.value;
    useEffect(() => {
        if (!paper && last * across > items.length) void list.pages.ensure(last * across - 1);
    }, [list, paper, last, across, items.length]);
    const focus = list.selection.value.focus;
    const focused = focus === null ? undefined : list.index.value.get(focus);
    const indexes: number[] = [];
    for (let i = first * across; i < Math.min(list.pages.length, last * across); i++) indexes.push(i);
    if (focused !== undefined && (focused < first * across || focused >= last * across)) indexes.push(focused);
    return { indexes, active: focused === undefined ? undefined : `row-${focus}` };
}

// Scrolls to the row of list.shown.
function useShown<T extends Entry>(
    list: ListState<T>,
    { across, scroll }: Geometry,
    scroller: RefObject<HTMLElement | null>,
) {
    const latest = useRef({ across, scroll });
    latest.current = { across, scroll };
    const shown = list.shown.value;
    useLayoutEffect(() => {
        if (shown === null) return;
        const now = latest.current;
        const top = scrollToShow(Math.floor(shown / now.across), now.scroll, 4);
        if (top !== null && scroller.current) scroller.current.scrollTop = top;
        list.shown.value = null;
    }, [list, shown, scroller]);
}

// Opens the context menu: at a point, or at an entry's row.
function useMenu<T extends Entry>({ list, actions, label }: ItemsProps<T>, scroller: RefObject<HTMLElement | null>) {
    const latest = useRef({ actions, label });
    latest.current = { actions, label };
    return useMemo(() => {
        const openAt = (at: MenuAnchor, chosen: readonly T[]): void =>
            openMenu(latest.current.label, latest.current.actions.menu(chosen), at, scroller.current);
        const openFor = (id: string): void => {
            if (!list.selection.peek().ids.has(id)) list.selection.value = only(id);
            const row = document.getElementById(`row-${id}`)?.getBoundingClientRect();
            if (!row) return;
            const left = row.left + 48;
            openAt({ left, right: left, top: row.top, bottom: row.bottom }, list.selected.peek());
        };
        const pointer = new Pointer(list, () => latest.current.actions, openAt);
        return { openFor, pointer };
    }, [list, scroller]);
}

function startDrag<T extends Entry>(event: DragEvent, { list, draggable }: ItemsProps<T>): void {
    const id = (event.target as Element).closest<HTMLElement>('[data-id]')?.dataset.id;
    if (!id || !draggable || touch.peek()) return event.preventDefault();
    if (!list.selection.peek().ids.has(id)) list.selection.value = only(id);
    beginDrag(event, list.selected.peek(), list.pages);
}

export function Items<T extends Entry>(props: ItemsProps<T>) {
    const { list, actions, label, layout, columns } = props;
    const scroller = useRef<HTMLDivElement>(null);
    const { geometry, scrolledTo } = useGeometry(list, view.value === 'grid', scroller);
    const { tiles, across, height, head, rows, scroll, spacer } = geometry;
    const { indexes, active } = useIndexes(list, geometry);
    const { openFor, pointer } = useMenu(props, scroller);
    useShown(list, geometry, scroller);
    useHomeFocus();
    const row = useRows(props, geometry);
    const keys = { across, rowsShown: Math.floor(scroll.viewport / height), openMenu: openFor };
    const items = list.pages.items.value;
    const loading = list.pages.phase.value === 'loading';
    return (
        <div
            ref={scroller}
            class={`items ${layout} ${tiles ? 'tiles' : 'rows'} ${list.selection.value.ids.size ? 'selecting' : ''}`}
            role="grid"
            tabIndex={0}
            data-home-focus
            aria-label={label}
            aria-multiselectable="true"
            aria-rowcount={rows + (head ? 1 : 0)}
            aria-colcount={tiles ? across : columns.length}
            aria-activedescendant={active}
            aria-busy={loading || undefined}
            onScroll={(event) => scrolledTo(event.currentTarget.scrollTop)}
            onKeyDown={(event) => onKey(event, list, actions, keys)}
            {...pointer.handlers}
            onDragStart={(event) => startDrag(event, props)}
        >
            {head > 0 && <Head columns={columns} />}
            <div class="spacer" role="rowgroup" style={{ height: `${spacer}px` }}>
                {tiles ? (
                    <TileRows indexes={indexes} geometry={geometry} items={props} />
                ) : (
                    indexes.map((i) => row(i, items[i] ?? null))
                )}
            </div>
            {loading && (
                <span class="unseen" role="status">
                    {t('loading')}
                </span>
            )}
        </div>
    );
}
