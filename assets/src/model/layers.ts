// Layers over the page on a phone: a drawer, a sheet, a dialog, a menu. Back closes the topmost layer before it leaves
// the page, so each layer has a history entry, which is removed when the layer closes in another way.

export interface Layer {
    close(): void;
}

interface State {
    depth?: number;
    layer?: boolean;
}

const open: Layer[] = [];
const grace = 50; // milliseconds in which another layer or page reuses the entry of a closed one
let owed = 0; // entries of closed layers that are still to be removed
let timer: ReturnType<typeof setTimeout> | undefined;
let removing = false; // history.go() was called, and its popstate is pending
let waiting: (() => void)[] = [];

const state = (): State => (history.state as State | null) ?? {};

// Registers a layer. Call the result when the layer has closed.
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
    if (at < 0) return; // Back closed it, or a page reused its entry
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

// For going to another page: replaces the entries of all layers (and with `keep` 0 that of the page below them) by one.
// False: there are no layers, and nothing was done.
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

// True while entries are being removed: `then` runs after that.
export function busyThen(then: () => void): boolean {
    if (removing) waiting.push(then);
    return removing;
}

// Handles a popstate. True: it was for a layer, and the page stays.
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

// Removes the entry of a layer that was open when the page was reloaded.
export function dropStaleEntry(): void {
    if (state().layer) remove(1);
}
