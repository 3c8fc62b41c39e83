// The open dialogs, the newest on top. A view passes what its dialog shows; the model asks a question, which a
// component draws.
import { signal } from '@preact/signals';
import type { ComponentChild } from 'preact';
import type { Entry } from '../api/shapes';

// One of the two entries of a name conflict.
export type ConflictSide = Pick<Entry, 'kind'> & Partial<Pick<Entry, 'size' | 'modified_at'>>;

export interface NameConflict {
    name: string;
    folder: string;
    ours: ConflictSide;
    theirs: ConflictSide | null; // null: unknown, or deleted meanwhile
    replace: boolean; // whether it can be replaced by a new version
    others: boolean; // whether more conflicts may follow
}

export type Choice = 'replace' | 'keep' | 'skip';

export interface Resolution {
    choice: Choice;
    all: boolean; // the choice holds for the following conflicts, too
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
    view: ComponentChild; // null if there is a question
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

// Shows what `draw` returns until it calls close. undefined: cancelled.
export const show = <T>(draw: (close: Close<T>) => ComponentChild): Promise<T | undefined> =>
    open<T>((close) => ({ view: draw(close), question: null }));

// Asks for confirmation of what cannot be undone.
export async function confirm(of: Confirmation): Promise<boolean> {
    return (await open<boolean>((answer) => ({ view: null, question: { kind: 'confirmation', of, answer } }))) ?? false;
}

// Asks what to do about a name that exists. Closing the dialog skips the entry.
export async function resolveNameConflict(of: NameConflict): Promise<Resolution> {
    return (
        (await open<Resolution>((answer) => ({ view: null, question: { kind: 'name-conflict', of, answer } }))) ?? {
            choice: 'skip',
            all: false,
        }
    );
}

// Cancels all dialogs.
export function closeAll(): void {
    for (const shown of dialogs.peek()) shown.close();
}
