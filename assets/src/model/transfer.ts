// What entries are moved or copied between: the list that they are shown in, and the folder that takes them.
import type { Entry } from '../api/shapes';

// A folder.
export interface Target {
    id: string;
    name: string;
}

// Rows that an action takes out of a list. `kept`: the ids of those that stay after all.
export interface Leaving {
    end(kept?: ReadonlySet<string>): void;
}

// The list that shows the entries of an action.
export interface Source {
    readonly items: { peek(): readonly Entry[] };
    readonly complete: boolean;
    begin(ids: ReadonlySet<string>): Leaving; // the rows go at once
    leave(ids: ReadonlySet<string>): Leaving; // the rows are marked until the action has ended
    changed(): Promise<void>;
}
