// The tree of the folder picker. The tree has the focus, and aria-activedescendant names the chosen branch.
import { useEffect } from 'preact/hooks';
import { Avatar } from '../components/avatar';
import { Icon } from '../components/icon';
import { t } from '../i18n/language';
import { fetchInner, keyStep, unfold, type Branch } from '../model/folder-tree';

interface TreeProps {
    branches: readonly Branch[];
    chosen: Branch | null;
    moved: ReadonlySet<string>;
    choose: (branch: Branch) => void;
    accept: (branch: Branch) => void;
}

export function FolderTree({ branches, chosen, moved, choose, accept }: TreeProps) {
    const allowed = branches.filter((one) => !moved.has(one.id));
    useEffect(() => {
        if (chosen) document.getElementById(`branch-${chosen.id}`)?.scrollIntoView({ block: 'nearest' });
    }, [chosen]);
    const onKey = (event: KeyboardEvent): void => {
        const step = keyStep(event.key, allowed, chosen);
        if (step === undefined) return;
        event.preventDefault();
        if (step === 'unfold') void unfold(chosen!);
        else if (step === 'fold') chosen!.open.value = false;
        else if (step === 'accept') accept(chosen!);
        else if (step) choose(step);
    };
    return (
        <ul
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

interface TreeItemProps {
    one: Branch;
    on: boolean;
    off: boolean;
    choose: (branch: Branch) => void;
    accept: (branch: Branch) => void;
}

function TreeItem({ one, on, off, choose, accept }: TreeItemProps) {
    const leaf = one.inner.value !== null && one.inner.value.length === 0;
    const toggle = (event: Event): void => {
        event.stopPropagation();
        if (one.open.peek()) one.open.value = false;
        else void unfold(one);
    };
    return (
        // The tree handles the keys.
        // eslint-disable-next-line jsx-a11y/click-events-have-key-events
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
                    onClick={(event) => {
                        event.stopPropagation();
                        void fetchInner(one);
                    }}
                >
                    {t('action.more')}
                </button>
            )}
        </li>
    );
}
