// A kind of work in the tray: this tab's uploads, those of other tabs, or jobs of the server.
import type { VNode } from 'preact';

// Each function reads signals, so the tray updates with them.
export interface Kind {
    name: string;
    open(): number; // running, or waiting for the user
    ended(): number; // done but still listed
    failed(): number;
    part(): number; // progress of what is running, 0 to 1
    headline(): string;
    facts?(): readonly string[]; // shown with the headline: sizes, throughput, time left
    clear(): void; // dismisses what has ended
    buttons?(): VNode | null;
    rows(): VNode;
}
