// The line above the list: the count or the selection's actions, and the controls for view and order.
import type { Entry, SortKey } from '../../api/shapes';
import { t, type Key } from '../../i18n/language';
import type { ListState } from '../../model/list-state';
import { detailsOpen } from '../../model/details';
import { sort, view } from '../../model/preferences';
import { narrow } from '../../model/screen';
import { IconButton } from '../../components/button';
import { MenuButton, type MenuEntry } from '../../components/menu';
import { actionsFor, menuFor, type EntryAction } from './actions';
import { SelectionToolbar, Clear, SelectAll } from './selection-toolbar';

const sortNames: [SortKey, Key][] = [
    ['name', 'column.name'],
    ['modified_at', 'column.modified'],
    ['size', 'column.size'],
    ['kind', 'column.kind'],
];

function sortMenu(): MenuEntry[] {
    return [
        ...sortNames.map(([key, label]): MenuEntry => ({
            label: t(label),
            checked: sort.value.key === key,
            run: () => (sort.value = { ...sort.peek(), key }),
        })),
        'line',
        {
            label: t('sort.ascending'),
            checked: sort.value.order === 'asc',
            run: () => (sort.value = { ...sort.peek(), order: 'asc' }),
        },
        {
            label: t('sort.descending'),
            checked: sort.value.order === 'desc',
            run: () => (sort.value = { ...sort.peek(), order: 'desc' }),
        },
    ];
}

export function ViewControls({ sorting = true }: { sorting?: boolean }) {
    const grid = view.value === 'grid';
    const name = t(sortNames.find(([key]) => key === sort.value.key)![1]);
    return (
        <div class="view-controls">
            {sorting && (grid || narrow.value) && (
                <MenuButton
                    label={t('sort.label', { name })}
                    icon={sort.value.order === 'asc' ? 'arrowUp' : 'arrowDown'}
                    text={name}
                    class="quiet"
                    entries={sortMenu}
                />
            )}
            <IconButton
                icon={grid ? 'list' : 'layoutGrid'}
                label={t(grid ? 'view.list' : 'view.grid')}
                onClick={() => (view.value = grid ? 'list' : 'grid')}
            />
            <IconButton
                icon="info"
                label={t('details.title')}
                aria-pressed={detailsOpen.value}
                onClick={() => (detailsOpen.value = !detailsOpen.peek())}
            />
        </div>
    );
}

export function Toolbar({ list, write }: { list: ListState; write: boolean }) {
    const chosen = list.selected.value;
    return (
        <div class="toolbar">
            {chosen.length && !narrow.value ? (
                <SelectionToolbar
                    list={list}
                    chosen={chosen}
                    actions={actionsFor(chosen, list, write).filter((action) => shownActions.includes(action.name))}
                />
            ) : (
                <Count list={list} />
            )}
            <ViewControls />
        </div>
    );
}

function Count({ list }: { list: ListState }) {
    const total = list.pages.total.value;
    return <p class="count">{total === null ? '\u00a0' : t('count.items', { n: total })}</p>;
}

const shownActions: EntryAction['name'][] = ['download', 'move', 'copy', 'rename', 'trash'];

// The selection's actions on a phone, at the bottom of the screen.
export function SelectionBar<T extends Entry>({ list, write }: { list: ListState<T>; write: boolean }) {
    const chosen = list.selected.value;
    if (!chosen.length) return null;
    const actions = actionsFor(chosen, list, write);
    const main = actions.filter((action) => ['download', 'move', 'trash'].includes(action.name));
    return (
        <div class="bottom-bar" role="toolbar" aria-label={t('chosen.label')}>
            <Clear list={list} />
            <span class="chosen-text" role="status">
                {t('count.selected', { n: chosen.length })}
            </span>
            <SelectAll list={list} />
            {main.map((action) => (
                <IconButton
                    key={action.name}
                    class={`action-${action.name}`}
                    icon={action.icon}
                    label={action.label}
                    onClick={action.run}
                />
            ))}
            <MenuButton label={t('action.more')} icon="ellipsisVertical" entries={() => menuFor(chosen, list, write)} />
        </div>
    );
}
