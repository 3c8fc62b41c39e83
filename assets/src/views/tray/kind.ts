// A kind of work that the tray shows: uploads of this tab, those of other tabs, and acts that the server does on many files.
import type { VNode } from 'preact';

// Every function reads signals, so that the tray follows them.
export interface Kind {
    name: string;
    open(): number; // under way, or waiting for somebody
    ended(): number; // done, and still shown
    failed(): number;
    part(): number; // 0 to 1, of what is under way
    headline(): string;
    facts?(): readonly string[]; // beside the headline: sizes, speed, time left
    clear(): void; // puts away what has ended
    buttons?(): VNode | null;
    rows(): VNode;
}
