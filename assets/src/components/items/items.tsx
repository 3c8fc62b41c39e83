// A long list or grid of entries: only the visible rows are in the page, the rest is fetched when
// it comes near. One element has the focus; the active row is told by aria-activedescendant.
import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Entry } from '../../api/shapes';
import { t } from '../../i18n/language';
import { beginDrag } from '../../model/dragging';
import { view } from '../../model/preferences';
import { narrow, printing, touch } from '../../model/screen';
import { only } from '../../model/selection';
import { scrollToShow, windowOf } from '../../model/virtual-scroll';
import { useHomeFocus } from '../home-focus';
import { openMenu } from '../menu';
import type { ItemsProps } from './columns';
import { Head } from './head';
import { onKey } from './keys';
import { Pointer } from './pointer';
import { Row } from './row';
import { Tile } from './tile';

const headHeight = 36;
const printed = 5000; // entries on paper, of those that have been fetched
const tile = { width: 176, height: 196, gap: 12 };

interface Box {
    width: number;
    height: number;
    top: number;
}

// The scroller's size and place, as state.
function useBox(scroller: { current: HTMLElement | null }, start: number): [Box, (box: Partial<Box>) => void] {
    const [box, setBox] = useState<Box>({ width: 800, height: 600, top: start });
    const update = (change: Partial<Box>): void => setBox((old) => ({ ...old, ...change }));
    useLayoutEffect(() => {
        const element = scroller.current!;
        element.scrollTop = start;
        const observer = new ResizeObserver(() => update({ width: element.clientWidth, height: element.clientHeight }));
        observer.observe(element);
        return () => observer.disconnect();
    }, []);
    return [box, update];
}

function measures(box: Box, tiles: boolean) {
    const head = tiles || narrow.value ? 0 : headHeight;
    if (!tiles) return { across: 1, height: narrow.value ? 60 : touch.value ? 52 : 40, head, pad: 0 };
    const inner = box.width - 2 * (narrow.value ? 12 : 20);
    const across = Math.max(2, Math.floor((inner + tile.gap) / ((narrow.value ? 140 : tile.width) + tile.gap)));
    return { across, height: tile.height + tile.gap, head, pad: 8 };
}

export function Items<T extends Entry>(props: ItemsProps<T>) {
    const { list, actions, label, layout, columns } = props;
    const scroller = useRef<HTMLDivElement>(null);
    const tiles = view.value === 'grid';
    const [box, setBox] = useBox(scroller, list.scrollTop);
    const { across, height, head, pad } = measures(box, tiles);
    const items = list.pages.items.value;
    const length = list.pages.length;
    const rows = Math.ceil(length / across);
    const scroll = { rows, rowHeight: height, viewport: Math.max(0, box.height - head), scrollTop: box.top };
    const paper = printing.value;
    const {
        first,
        last,
        height: tall,
        offset,
    } = paper
        ? { first: 0, last: Math.min(rows, Math.ceil(Math.min(items.length, printed) / across)), height: 0, offset: 0 }
        : windowOf({ ...scroll, overscan: tiles ? 2 : 8 });
    const latest = useRef({ actions, scroll, across });
    latest.current = { actions, scroll, across };

    useEffect(() => {
        if (!paper && last * across > items.length) void list.pages.ensure(last * across - 1);
    }, [last, across, items.length]);

    const showMenu = (at: { left: number; top: number; right: number; bottom: number }, chosen: readonly T[]): void =>
        openMenu(label, latest.current.actions.menu(chosen), at, scroller.current);
    const pointer = useMemo(() => new Pointer(list, () => latest.current.actions, showMenu), [list]);

    const shown = list.shown.value;
    useLayoutEffect(() => {
        if (shown === null) return;
        const top = scrollToShow(Math.floor(shown / across), latest.current.scroll, 4);
        if (top !== null && scroller.current) scroller.current.scrollTop = top;
        list.shown.value = null;
    }, [shown]);

    const focus = list.selection.value.focus;
    const focusAt = focus === null ? undefined : list.index.value.get(focus);
    const drawn: number[] = [];
    for (let i = first * across; i < Math.min(length, last * across); i++) drawn.push(i);
    if (focusAt !== undefined && (focusAt < first * across || focusAt >= last * across)) drawn.push(focusAt);

    const menuOf = (id: string): void => {
        if (!list.selection.peek().ids.has(id)) list.selection.value = only(id);
        const row = document.getElementById(`row-${id}`)?.getBoundingClientRect();
        if (row)
            showMenu(
                { left: row.left + 48, right: row.left + 48, top: row.top, bottom: row.bottom },
                list.selected.peek(),
            );
    };
    useHomeFocus();
    const rowsDrawn = useRowCache<T>();
    const topOf = (row: number): number => row * height + offset + pad;
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
            aria-activedescendant={focusAt === undefined ? undefined : `row-${focus}`}
            aria-busy={list.pages.phase.value === 'loading' || undefined}
            onScroll={(event) => {
                list.scrollTop = event.currentTarget.scrollTop;
                setBox({ top: list.scrollTop });
            }}
            onKeyDown={(event) =>
                onKey(event, list, actions, {
                    across,
                    rowsShown: Math.floor(scroll.viewport / height),
                    openMenu: menuOf,
                })
            }
            onPointerDown={pointer.down}
            onPointerMove={pointer.move}
            onPointerUp={pointer.up}
            onPointerCancel={pointer.up}
            onClick={pointer.click}
            onDblClick={pointer.double}
            onAuxClick={pointer.aux}
            onContextMenu={pointer.context}
            onDragStart={(event) => {
                const id = (event.target as Element).closest<HTMLElement>('[data-id]')?.dataset.id;
                if (!id || !props.draggable || touch.peek()) return event.preventDefault();
                if (!list.selection.peek().ids.has(id)) list.selection.value = only(id);
                beginDrag(event, list.selected.peek(), list.pages);
            }}
        >
            {head > 0 && <Head columns={columns} />}
            <div class="spacer" role="rowgroup" style={{ height: `${tall + (tiles ? 2 * pad : 0)}px` }}>
                {tiles
                    ? tileRows(drawn, across).map(({ row, members }) => (
                          <div
                              key={row}
                              role="row"
                              class="tile-row"
                              aria-rowindex={row + 1}
                              style={{
                                  transform: `translateY(${topOf(row)}px)`,
                                  gridTemplateColumns: `repeat(${across}, minmax(0, 1fr))`,
                              }}
                          >
                              {members.map((i) => (
                                  <Tile
                                      key={items[i]?.id ?? i}
                                      item={items[i] ?? null}
                                      column={(i % across) + 1}
                                      {...props}
                                  />
                              ))}
                          </div>
                      ))
                    : drawn.map((i) => rowsDrawn(i, items[i] ?? null, i + (head ? 2 : 1), topOf(i), height, props))}
            </div>
            {list.pages.phase.value === 'loading' && (
                <span class="unseen" role="status">
                    {t('loading')}
                </span>
            )}
        </div>
    );
}

// A row that is as it was is handed to Preact as the same node, which then leaves it alone: scrolling
// draws the few rows that come into view. What a row reads from signals redraws it by itself.
function useRowCache<T extends Entry>() {
    const cache = useRef(new Map<string, { node: VNode; deps: readonly unknown[] }>());
    const fresh = new Map<string, { node: VNode; deps: readonly unknown[] }>();
    useLayoutEffect(() => {
        cache.current = fresh;
    });
    return (at: number, item: T | null, index: number, top: number, height: number, props: ItemsProps<T>): VNode => {
        const key = item?.id ?? String(at);
        const deps = [item, index, top, height, props.list, props.actions, props.columns];
        const known = cache.current.get(key);
        const kept = known?.deps.every((dep, i) => dep === deps[i])
            ? known
            : { node: <Row key={key} item={item} index={index} top={top} height={height} {...props} />, deps };
        fresh.set(key, kept);
        return kept.node;
    };
}

function tileRows(drawn: readonly number[], across: number): { row: number; members: number[] }[] {
    const rows = new Map<number, number[]>();
    for (const i of drawn) {
        const row = Math.floor(i / across);
        rows.set(row, [...(rows.get(row) ?? []), i]);
    }
    return [...rows].map(([row, members]) => ({ row, members }));
}
