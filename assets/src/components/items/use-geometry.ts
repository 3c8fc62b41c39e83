// The geometry of a list at its current size: which rows are drawn, where, and how many tiles are in each.
import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import type { Entry } from '../../api/shapes';
import type { ListState } from '../../model/list-state';
import { narrow, printing, touch } from '../../model/screen';
import { windowOf, type ScrollState, type Window } from '../../model/virtual-scroll';

const headHeight = 36;
const printed = 5000; // most entries that are printed
const tile = { width: 176, height: 196, gap: 12 };

interface Box {
    width: number;
    height: number;
    top: number;
}

export interface Geometry {
    tiles: boolean;
    across: number; // tiles in a row; 1 in a list
    height: number; // of a row
    head: number; // height of the column heads; 0: none
    rows: number;
    scroll: Omit<ScrollState, 'overscan'>;
    drawn: Window;
    spacer: number; // height of the scrolled element
    topOf: (row: number) => number;
}

// The scroll container's size and position, as state.
function useBox<T extends Entry>(list: ListState<T>, scroller: RefObject<HTMLElement | null>) {
    const [box, setBox] = useState<Box>({ width: 800, height: 600, top: list.scrollTop });
    useLayoutEffect(() => {
        const element = scroller.current!;
        element.scrollTop = list.scrollTop;
        const measure = (): void =>
            setBox((old) => ({ ...old, width: element.clientWidth, height: element.clientHeight }));
        const observer = new ResizeObserver(measure);
        observer.observe(element);
        return () => observer.disconnect();
    }, [list, scroller]);
    const scrolledTo = (top: number): void => {
        list.scrollTop = top;
        setBox((old) => ({ ...old, top }));
    };
    return [box, scrolledTo] as const;
}

function measures(box: Box, tiles: boolean) {
    const head = tiles || narrow.value ? 0 : headHeight;
    if (!tiles) return { across: 1, height: narrow.value ? 60 : touch.value ? 52 : 40, head, pad: 0 };
    const inner = box.width - 2 * (narrow.value ? 12 : 20);
    const across = Math.max(2, Math.floor((inner + tile.gap) / ((narrow.value ? 140 : tile.width) + tile.gap)));
    return { across, height: tile.height + tile.gap, head, pad: 8 };
}

export function useGeometry<T extends Entry>(
    list: ListState<T>,
    tiles: boolean,
    scroller: RefObject<HTMLElement | null>,
) {
    const [box, scrolledTo] = useBox(list, scroller);
    const { across, height, head, pad } = measures(box, tiles);
    const rows = Math.ceil(list.pages.length / across);
    const scroll = { rows, rowHeight: height, viewport: Math.max(0, box.height - head), scrollTop: box.top };
    const fetched = Math.min(list.pages.items.value.length, printed);
    const drawn = printing.value
        ? { first: 0, last: Math.min(rows, Math.ceil(fetched / across)), height: 0, offset: 0 }
        : windowOf({ ...scroll, overscan: tiles ? 2 : 8 });
    const spacer = drawn.height + 2 * pad;
    const topOf = (row: number): number => row * height + drawn.offset + pad;
    const geometry: Geometry = { tiles, across, height, head, rows, scroll, drawn, spacer, topOf };
    return { geometry, scrolledTo };
}
