// The tree of the folder picker: the spaces, and the folders that have been unfolded.
import { signal, type Signal } from '@preact/signals';
import { children, makeFolder, openEntry } from '../api/entries';
import { explain } from './error-text';
import { entryArrived } from './folders';
import { canWrite, spaceName, spaces } from './spaces';
import { showError } from './toasts';
import type { Target } from './transfer';

export interface Branch extends Target {
    depth: number;
    space: boolean;
    open: Signal<boolean>;
    inner: Signal<Branch[] | null>; // null: not fetched
    more: Signal<string | null>; // cursor of the next page of folders
}

const branch = (id: string, name: string, depth: number, space = false): Branch => ({
    id,
    name,
    depth,
    space,
    open: signal(false),
    inner: signal(null),
    more: signal(null),
});

const byName = { key: 'name', order: 'asc' } as const;

// Folders come first in a listing, so the first page with a file has the last folders.
export async function fetchInner(of: Branch): Promise<void> {
    const { value } = await children(of.id, { sort: byName, cursor: of.more.peek(), limit: 200 });
    const folders = value.items.filter((entry) => entry.kind === 'folder');
    of.inner.value = [
        ...(of.inner.peek() ?? []),
        ...folders.map((entry) => branch(entry.id, entry.name, of.depth + 1)),
    ];
    of.more.value = folders.length === value.items.length ? value.next_cursor : null;
}

// The spaces that the reader may change.
export const spaceBranches = (): Branch[] =>
    (spaces.peek() ?? [])
        .filter((space) => canWrite(space.role))
        .map((space) => branch(space.root_id, spaceName(space), 0, true));

export async function unfold(of: Branch): Promise<void> {
    of.open.value = true;
    if (of.inner.peek() === null) await fetchInner(of).catch((error: unknown) => showError(explain(error)));
}

// The visible branches, from top to bottom.
export function visibleBranches(roots: readonly Branch[]): Branch[] {
    return roots.flatMap((root) => [
        root,
        ...(root.open.value && root.inner.value ? visibleBranches(root.inner.value) : []),
    ]);
}

// Makes a folder in `parent`, unfolds the parent and returns the new branch.
export async function addInside(parent: Branch, name: string, key: string): Promise<Branch> {
    const made = await makeFolder(parent.id, name, key);
    entryArrived(made);
    await unfold(parent);
    const known = parent.inner.peek()?.find((inner) => inner.id === made.id);
    const fresh = known ?? branch(made.id, made.name, parent.depth + 1);
    if (!known) parent.inner.value = [...(parent.inner.peek() ?? []), fresh];
    return fresh;
}

// Unfolds the path to a folder and returns its branch, or else the first space.
export async function openAt(roots: readonly Branch[], begin: Target | null): Promise<Branch | null> {
    if (!begin) return roots[0] ?? null;
    const path = await openEntry(begin.id).then(
        (entry) => [...entry.path.map((step) => step.id), entry.id],
        () => [],
    );
    let level: readonly Branch[] = roots;
    let found: Branch | null = null;
    for (const id of path) {
        const next = level.find((one) => one.id === id);
        if (!next) break;
        found = next;
        await unfold(next);
        level = next.inner.peek() ?? [];
    }
    return found ?? roots[0] ?? null;
}

export type KeyStep = Branch | 'unfold' | 'fold' | 'accept';

// What a key does in the tree: the branch to go to, or the command for the chosen one. null: a key of the tree that has
// no effect now. undefined: not a key of the tree.
export function keyStep(key: string, branches: readonly Branch[], chosen: Branch | null): KeyStep | null | undefined {
    const at = chosen ? branches.indexOf(chosen) : -1;
    switch (key) {
        case 'ArrowDown':
            return branches[at + 1] ?? null;
        case 'ArrowUp':
            return branches[at - 1] ?? null;
        case 'Home':
            return branches[0] ?? null;
        case 'End':
            return branches.at(-1) ?? null;
        case 'ArrowRight':
            if (!chosen) return undefined;
            return chosen.open.peek() ? (branches[at + 1] ?? null) : 'unfold';
        case 'ArrowLeft':
            if (!chosen) return undefined;
            return chosen.open.peek() ? 'fold' : parentOf(chosen, branches.slice(0, at));
        case 'Enter':
            return chosen ? 'accept' : undefined;
        default:
            return undefined;
    }
}

const parentOf = (one: Branch, before: readonly Branch[]): Branch | null =>
    before.findLast((other) => other.depth < one.depth) ?? null;
