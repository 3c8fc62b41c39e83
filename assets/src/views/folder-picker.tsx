// Chooses a folder from the tree of all spaces, for moving and copying.
import { signal, type Signal } from '@preact/signals';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { children, makeFolder, openEntry } from '../api/entries';
import type { Entry } from '../api/shapes';
import { t } from '../i18n/language';
import { keyByName } from '../model/actions';
import type { Target } from '../model/transfer';
import { show } from '../model/dialogs';
import { explain } from '../model/error-text';
import { entryArrived } from '../model/folders';
import { canWrite, spaceName, spaces } from '../model/spaces';
import { showError } from '../model/toasts';
import { Button } from '../components/button';
import { promptText } from '../components/text-prompt';
import { Dialog } from '../components/dialog';
import { Icon } from '../components/icon';
import { Avatar } from '../components/avatar';
import { nameErrorText } from '../components/items/rename';

interface Branch extends Target {
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

// Folders come first in a listing, so a page with a file in it is the last that matters.
async function fetchInner(of: Branch): Promise<void> {
    const { value } = await children(of.id, { sort: byName, cursor: of.more.peek(), limit: 200 });
    const folders = value.items.filter((entry) => entry.kind === 'folder');
    of.inner.value = [
        ...(of.inner.peek() ?? []),
        ...folders.map((entry) => branch(entry.id, entry.name, of.depth + 1)),
    ];
    of.more.value = folders.length === value.items.length ? value.next_cursor : null;
}

async function unfold(of: Branch): Promise<void> {
    of.open.value = true;
    if (of.inner.peek() === null) await fetchInner(of).catch((error: unknown) => showError(explain(error)));
}

interface PickerProps {
    action: 'move' | 'copy' | 'restore';
    entries: readonly Entry[];
    begin: Target | null;
}

function visible(roots: readonly Branch[]): Branch[] {
    return roots.flatMap((root) => [root, ...(root.open.value && root.inner.value ? visible(root.inner.value) : [])]);
}

function Picker({ action, entries, begin, close }: PickerProps & { close: (to?: Target) => void }) {
    const roots = useMemo(
        () =>
            (spaces.peek() ?? [])
                .filter((space) => canWrite(space.role))
                .map((space) => branch(space.root_id, spaceName(space), 0, true)),
        [],
    );
    const [chosen, choose] = useState<Branch | null>(null);
    const moved = new Set(action === 'copy' ? [] : entries.map((entry) => entry.id));
    useEffect(() => void openAt(roots, begin).then((found) => found && choose(found)), []);
    const same = action === 'move' && chosen !== null && entries.every((entry) => entry.parent_id === chosen.id);
    const title = t(action === 'copy' ? 'picker.copy' : action === 'move' ? 'picker.move' : 'picker.restore', {
        n: entries.length,
        name: entries[0]?.name ?? '',
    });
    const add = (): void => {
        const key = keyByName();
        if (chosen)
            void promptText({
                title: t('new.folder'),
                label: t('column.name'),
                yes: t('action.create'),
                validate: nameErrorText,
                save: (name) => addInside(chosen, name, key(name)).then(choose),
            });
    };
    return (
        <Dialog title={title} onClose={() => close()}>
            <Tree
                branches={visible(roots)}
                chosen={chosen}
                moved={moved}
                choose={choose}
                accept={(to) => !same && close(to)}
            />
            <div class="dialog-foot">
                <Button icon="folderPlus" quiet disabled={!chosen} onClick={add}>
                    {t('new.folder')}
                </Button>
                <span class="grow" />
                <Button onClick={() => close()}>{t('action.cancel')}</Button>
                <Button
                    primary
                    disabled={!chosen || same}
                    onClick={() => chosen && close({ id: chosen.id, name: chosen.name })}
                >
                    {t(
                        action === 'copy'
                            ? 'picker.copy_here'
                            : action === 'move'
                              ? 'picker.move_here'
                              : 'picker.restore_here',
                    )}
                </Button>
            </div>
        </Dialog>
    );
}

async function addInside(parent: Branch, name: string, key: string): Promise<Branch> {
    const made = await makeFolder(parent.id, name, key);
    entryArrived(made);
    await unfold(parent);
    const known = parent.inner.peek()?.find((inner) => inner.id === made.id);
    const fresh = known ?? branch(made.id, made.name, parent.depth + 1);
    if (!known) parent.inner.value = [...(parent.inner.peek() ?? []), fresh];
    return fresh;
}

// Unfolds the way down to where the reader is.
async function openAt(roots: readonly Branch[], begin: Target | null): Promise<Branch | null> {
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

interface TreeProps {
    branches: readonly Branch[];
    chosen: Branch | null;
    moved: ReadonlySet<string>;
    choose: (branch: Branch) => void;
    accept: (branch: Branch) => void;
}

function Tree({ branches, chosen, moved, choose, accept }: TreeProps) {
    const tree = useRef<HTMLUListElement>(null);
    const allowed = branches.filter((one) => !moved.has(one.id));
    useEffect(() => {
        if (chosen) document.getElementById(`branch-${chosen.id}`)?.scrollIntoView({ block: 'nearest' });
    }, [chosen]);
    const onKey = (event: KeyboardEvent): void => {
        const at = chosen ? allowed.indexOf(chosen) : -1;
        const to = (index: number): void => void (allowed[index] && choose(allowed[index]));
        if (event.key === 'ArrowDown') to(at + 1);
        else if (event.key === 'ArrowUp') to(at - 1);
        else if (event.key === 'Home') to(0);
        else if (event.key === 'End') to(allowed.length - 1);
        else if (event.key === 'ArrowRight' && chosen) chosen.open.peek() ? to(at + 1) : void unfold(chosen);
        else if (event.key === 'ArrowLeft' && chosen)
            chosen.open.peek()
                ? (chosen.open.value = false)
                : to(allowed.slice(0, at).findLastIndex((one) => one.depth < chosen.depth));
        else if (event.key === 'Enter' && chosen) accept(chosen);
        else return;
        event.preventDefault();
    };
    return (
        <ul
            ref={tree}
            class="tree"
            role="tree"
            tabIndex={0}
            data-first
            aria-label={t('picker.tree')}
            aria-activedescendant={chosen ? `branch-${chosen.id}` : undefined}
            onKeyDown={onKey}
        >
            {branches.map((one) => (
                <TreeItem
                    key={one.id}
                    one={one}
                    on={chosen?.id === one.id}
                    off={moved.has(one.id)}
                    choose={choose}
                    accept={accept}
                />
            ))}
        </ul>
    );
}

function TreeItem({
    one,
    on,
    off,
    choose,
    accept,
}: {
    one: Branch;
    on: boolean;
    off: boolean;
    choose: (b: Branch) => void;
    accept: (b: Branch) => void;
}) {
    const leaf = one.inner.value !== null && one.inner.value.length === 0;
    const toggle = (event: Event): void => {
        event.stopPropagation();
        if (one.open.peek()) one.open.value = false;
        else void unfold(one);
    };
    return (
        <li
            id={`branch-${one.id}`}
            role="treeitem"
            class={`branch ${on ? 'on' : ''}`}
            aria-level={one.depth + 1}
            aria-selected={on}
            aria-expanded={leaf ? undefined : one.open.value}
            aria-disabled={off || undefined}
            style={{ paddingInlineStart: `${8 + one.depth * 20}px` }}
            onClick={() => !off && choose(one)}
            onDblClick={() => !off && accept(one)}
        >
            <span
                class={`twist ${one.open.value ? 'open' : ''} ${leaf || off ? 'leaf' : ''}`}
                onClick={off ? undefined : toggle}
                aria-hidden="true"
            >
                <Icon name="chevronRight" size={16} />
            </span>
            {one.space ? (
                <Avatar of="space" name={one.name} small />
            ) : (
                <Icon name={one.open.value ? 'folderOpen' : 'folder'} size={18} />
            )}
            <span class="branch-name">
                <bdi>{one.name}</bdi>
            </span>
            {one.open.value && one.more.value && (
                <button
                    type="button"
                    class="button quiet"
                    tabIndex={-1}
                    onClick={(event) => (event.stopPropagation(), void fetchInner(one))}
                >
                    {t('action.more')}
                </button>
            )}
        </li>
    );
}

export const chooseFolder = (props: PickerProps): Promise<Target | undefined> =>
    show<Target>((close) => <Picker {...props} close={close} />);
