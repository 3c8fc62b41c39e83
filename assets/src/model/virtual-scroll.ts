// Virtual scrolling: which rows of a long list are drawn, and where. Browsers limit an element's height (Firefox to
// about 17.8 million pixels), so in a list that is taller than `tallest` the scroll position is scaled.

export const tallest = 8_000_000;

export interface ScrollState {
    rows: number; // total
    rowHeight: number;
    viewport: number; // height of the visible part, pixels
    scrollTop: number;
    overscan: number; // rows drawn beyond each edge
}

export interface Window {
    first: number; // index of the first row drawn
    last: number; // one past the last
    height: number; // of the scrolled element
    offset: number; // added to row * rowHeight to get the row's top in that element
}

export function windowOf({ rows, rowHeight, viewport, scrollTop, overscan }: ScrollState): Window {
    const whole = rows * rowHeight;
    const height = Math.min(whole, tallest);
    const top = toVirtual(scrollTop, whole, height, viewport);
    const first = Math.max(0, Math.floor(top / rowHeight) - overscan);
    const last = Math.min(rows, Math.ceil((top + viewport) / rowHeight) + overscan);
    return { first: Math.min(first, Math.max(0, rows - 1)), last, height, offset: scrollTop - top };
}

function toVirtual(scrollTop: number, whole: number, height: number, viewport: number): number {
    if (whole <= height) return scrollTop;
    const travel = Math.max(1, height - viewport);
    return (Math.min(scrollTop, travel) / travel) * (whole - viewport);
}

// The scrollTop that shows all of row `index` with the smallest movement; null: it is visible.
export function scrollToShow(
    index: number,
    { rows, rowHeight, viewport, scrollTop }: Omit<ScrollState, 'overscan'>,
    margin = 0,
): number | null {
    const whole = rows * rowHeight;
    const height = Math.min(whole, tallest);
    const top = toVirtual(scrollTop, whole, height, viewport);
    const begin = index * rowHeight;
    let wanted: number;
    if (begin < top + margin) wanted = begin - margin;
    else if (begin + rowHeight > top + viewport) wanted = begin + rowHeight - viewport;
    else return null;
    wanted = Math.max(0, Math.min(wanted, whole - viewport));
    return whole <= height ? wanted : (wanted / Math.max(1, whole - viewport)) * (height - viewport);
}
