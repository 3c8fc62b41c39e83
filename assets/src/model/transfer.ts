// The two ends of a move or copy: the list that shows the entries, and the target folder.
import type { Entry } from '../api/shapes';

// A folder.
export interface Target {
    id: string;
    name: string;
}

// Rows that an action removes from a list. `kept`: ids of rows that stay after all.
export interface Leaving {
    end(kept?: ReadonlySet<string>): void;
}

// The list that shows the entries of an action.
export interface Source {
    readonly items: { peek(): readonly Entry[] };
    readonly complete: boolean;
    begin(ids: ReadonlySet<string>): Leaving; // the rows are hidden at once
    leave(ids: ReadonlySet<string>): Leaving; // the rows are marked until the action ends
    changed(): Promise<void>;
}
