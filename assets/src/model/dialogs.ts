// Questions over the page: each is shown until it is answered, the newest on top.
import { signal } from '@preact/signals';
import type { ComponentChild } from 'preact';

export interface Shown {
    id: number;
    view: ComponentChild;
    close: () => void;
}

export const dialogs = signal<readonly Shown[]>([]);
let made = 0;

// Shows what `draw` makes, until it calls close; undefined is "never mind".
export function show<T>(draw: (close: (answer?: T) => void) => ComponentChild): Promise<T | undefined> {
    const id = ++made;
    return new Promise((resolve) => {
        const close = (answer?: T): void => {
            dialogs.value = dialogs.peek().filter((shown) => shown.id !== id);
            resolve(answer);
        };
        dialogs.value = [...dialogs.peek(), { id, view: draw(close), close: () => close() }];
    });
}

// Nobody is there any more to answer.
export function closeAll(): void {
    for (const shown of dialogs.peek()) shown.close();
}
