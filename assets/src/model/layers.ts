// What lies over the page on a phone: a drawer, a sheet, a dialog, a menu. Back closes the topmost before it leaves the
// page, so each has an entry of its own in the history, which is taken away when the layer closes otherwise.

export interface Layer {
    close(): void;
}

interface State {
    depth?: number;
    layer?: boolean;
}

const open: Layer[] = [];
const grace = 50; // milliseconds in which another layer, or a page, takes over the entry of one that closed
let owed = 0; // entries whose layers have closed
let timer: ReturnType<typeof setTimeout> | undefined;
let removing = false; // history.go() was called, its popstate has not come
let waiting: (() => void)[] = [];

const state = (): State => (history.state as State | null) ?? {};

// Covers the page with a layer. The result ends that, once the layer is closed.
export function cover(layer: Layer): () => void {
    open.push(layer);
    const push = (): void => {
        if (!open.includes(layer)) return;
        if (owed > 0) owed--;
        else history.pushState({ ...state(), layer: true }, '');
    };
    if (!busyThen(push)) push();
    return () => uncover(layer);
}

function uncover(layer: Layer): void {
    const at = open.indexOf(layer);
    if (at < 0) return; // Back closed it, or a page took its entry
    open.splice(at, 1);
    owed++;
    clearTimeout(timer);
    timer = setTimeout(() => {
        const entries = owed;
        owed = 0;
        if (entries) remove(entries);
    }, grace);
}

function remove(entries: number): void {
    removing = true;
    history.go(-entries);
}

// Going to another page: it takes the place of the layers (and with `keep` 0 of the page below them), by replacing the
// current entry. False: there are no layers, and nothing was done.
export function takeEntries(replace: () => void, keep: 0 | 1): boolean {
    const entries = open.length + owed;
    open.length = owed = 0;
    if (!entries) return false;
    if (entries === keep) replace();
    else {
        waiting.push(replace);
        remove(entries - keep);
    }
    return true;
}

// True while entries are being taken away: `then` runs after that.
export function busyThen(then: () => void): boolean {
    if (removing) waiting.push(then);
    return removing;
}

// What a popstate means. True: it was about layers, and the page stays.
export function onBack(): boolean {
    if (removing) {
        removing = false;
        const now = waiting;
        waiting = [];
        now.forEach((then) => then());
        return true;
    }
    const layer = open.pop();
    layer?.close();
    return layer !== undefined;
}

// A reload closed all layers; the entry of one may be left.
export function dropStaleEntry(): void {
    if (state().layer) remove(1);
}
