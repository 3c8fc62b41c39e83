// Which rows of a long list are drawn, and where. Browsers cap an element's height (Firefox at about
// 17.8 million pixels), so beyond `tallest` the scroll bar's travel stands for more than its pixels.

export const tallest = 8_000_000;

export interface Frame {
    rows: number; // in all
    row_height: number;
    viewport: number; // height of the visible part, pixels
    scroll_top: number;
    overscan: number; // rows drawn beyond each edge
}

export interface Window {
    first: number; // index of the first row drawn
    last: number; // one past the last
    height: number; // of the scrolled element
    offset: number; // added to row * row_height to get the row's top in that element
}

export function window_of({ rows, row_height, viewport, scroll_top, overscan }: Frame): Window {
    const whole = rows * row_height;
    const height = Math.min(whole, tallest);
    const top = to_virtual(scroll_top, whole, height, viewport);
    const first = Math.max(0, Math.floor(top / row_height) - overscan);
    const last = Math.min(rows, Math.ceil((top + viewport) / row_height) + overscan);
    return { first: Math.min(first, Math.max(0, rows - 1)), last, height, offset: scroll_top - top };
}

function to_virtual(scroll_top: number, whole: number, height: number, viewport: number): number {
    if (whole <= height) return scroll_top;
    const travel = Math.max(1, height - viewport);
    return (Math.min(scroll_top, travel) / travel) * (whole - viewport);
}

// The scrollTop that shows row `index` whole, moving as little as possible; null: it is visible already.
export function scroll_to_show(index: number, { rows, row_height, viewport, scroll_top }: Omit<Frame, 'overscan'>, margin = 0): number | null {
    const whole = rows * row_height;
    const height = Math.min(whole, tallest);
    const top = to_virtual(scroll_top, whole, height, viewport);
    const begin = index * row_height;
    let wanted: number;
    if (begin < top + margin) wanted = begin - margin;
    else if (begin + row_height > top + viewport) wanted = begin + row_height - viewport;
    else return null;
    wanted = Math.max(0, Math.min(wanted, whole - viewport));
    return whole <= height ? wanted : (wanted / Math.max(1, whole - viewport)) * (height - viewport);
}
