// Dialogs over the page: each is shown until it is answered, the newest on top. A view brings what it shows itself; the
// model asks a question, which the components know how to show.
import { signal } from '@preact/signals';
import type { ComponentChild } from 'preact';
import type { Entry } from '../api/shapes';

// What is known of one of the two entries that want the same name.
export type ConflictSide = Pick<Entry, 'kind'> & Partial<Pick<Entry, 'size' | 'modified_at'>>;

export interface NameConflict {
    name: string;
    folder: string;
    ours: ConflictSide;
    theirs: ConflictSide | null; // null: not known, or gone again
    replace: boolean; // whether replacing as a new version is possible
    others: boolean; // whether more of them may come
}

export type Choice = 'replace' | 'keep' | 'skip';

export interface Resolution {
    choice: Choice;
    all: boolean; // for those that follow, too
}

export interface Confirmation {
    title: string;
    text: string;
    yes: string;
    danger?: boolean;
}

export type Question =
    | { kind: 'confirmation'; of: Confirmation; answer: (yes: boolean) => void }
    | { kind: 'name-conflict'; of: NameConflict; answer: (resolution?: Resolution) => void };

export interface Shown {
    id: number;
    view: ComponentChild; // of what has no question
    question: Question | null;
    close: () => void;
}

export const dialogs = signal<readonly Shown[]>([]);
let made = 0;

type Close<T> = (answer?: T) => void;

function open<T>(make: (close: Close<T>) => Pick<Shown, 'view' | 'question'>): Promise<T | undefined> {
    const id = ++made;
    return new Promise((resolve) => {
        const close = (answer?: T): void => {
            dialogs.value = dialogs.peek().filter((shown) => shown.id !== id);
            resolve(answer);
        };
        dialogs.value = [...dialogs.peek(), { id, ...make(close), close: () => close() }];
    });
}

// Shows what `draw` makes, until it calls close; undefined is "never mind".
export const show = <T>(draw: (close: Close<T>) => ComponentChild): Promise<T | undefined> =>
    open<T>((close) => ({ view: draw(close), question: null }));

// Asks before what can't be undone, naming the thing.
export async function confirm(of: Confirmation): Promise<boolean> {
    return (await open<boolean>((answer) => ({ view: null, question: { kind: 'confirmation', of, answer } }))) ?? false;
}

// Asks what to do about a name that is taken; closing the dialog skips the entry.
export async function resolveNameConflict(of: NameConflict): Promise<Resolution> {
    return (
        (await open<Resolution>((answer) => ({ view: null, question: { kind: 'name-conflict', of, answer } }))) ?? {
            choice: 'skip',
            all: false,
        }
    );
}

// Nobody is there any more to answer.
export function closeAll(): void {
    for (const shown of dialogs.peek()) shown.close();
}
