// The line above the list: what is here, or what is selected and can be done with it; view and sort.
import type { Entry, SortKey } from '../../api/shapes';
import { t, type Key } from '../../i18n/language';
import type { Pane } from '../../model/list-state';
import { detailsOpen } from '../../model/details';
import { sort, view } from '../../model/preferences';
import { narrow } from '../../model/screen';
import { IconButton } from '../../components/button';
import { MenuButton, type MenuEntry } from '../../components/menu';
import { actsFor, menuFor, type Act } from './actions';
import { Chosen, Clear, SelectAll } from './selection-toolbar';

const sortNames: [SortKey, Key][] = [['name', 'column.name'], ['modified_at', 'column.modified'], ['size', 'column.size'], ['kind', 'column.kind']];

function sortMenu(): MenuEntry[] {
    return [
        ...sortNames.map(([key, label]): MenuEntry => ({ label: t(label), checked: sort.value.key === key, run: () => (sort.value = { ...sort.peek(), key }) })),
        'line',
        { label: t('sort.ascending'), checked: sort.value.order === 'asc', run: () => (sort.value = { ...sort.peek(), order: 'asc' }) },
        { label: t('sort.descending'), checked: sort.value.order === 'desc', run: () => (sort.value = { ...sort.peek(), order: 'desc' }) },
    ];
}

export function ViewControls({ sorting = true }: { sorting?: boolean }) {
    const grid = view.value === 'grid';
    const name = t(sortNames.find(([key]) => key === sort.value.key)![1]);
    return (
        <div class="view-controls">
            {sorting && (grid || narrow.value) && <MenuButton label={t('sort.label', { name })} icon={sort.value.order === 'asc' ? 'arrowUp' : 'arrowDown'} text={name} class="quiet" entries={sortMenu} />}
            <IconButton icon={grid ? 'list' : 'layoutGrid'} label={t(grid ? 'view.list' : 'view.grid')} onClick={() => (view.value = grid ? 'list' : 'grid')} />
            <IconButton icon="info" label={t('details.title')} aria-pressed={detailsOpen.value} onClick={() => (detailsOpen.value = !detailsOpen.peek())} />
        </div>
    );
}

export function Toolbar({ pane, write }: { pane: Pane; write: boolean }) {
    const chosen = pane.selected.value;
    return (
        <div class="toolbar">
            {chosen.length && !narrow.value ? <Chosen pane={pane} chosen={chosen} acts={actsFor(chosen, pane, write).filter((act) => shownActs.includes(act.name))} /> : <Count pane={pane} />}
            <ViewControls />
        </div>
    );
}

function Count({ pane }: { pane: Pane }) {
    const total = pane.pages.total.value;
    return <p class="count">{total === null ? '\u00a0' : t('count.items', { n: total })}</p>;
}

const shownActs: Act['name'][] = ['download', 'move', 'copy', 'rename', 'trash'];

// On a phone: at the bottom, under the thumb.
export function SelectionBar<T extends Entry>({ pane, write }: { pane: Pane<T>; write: boolean }) {
    const chosen = pane.selected.value;
    if (!chosen.length) return null;
    const acts = actsFor(chosen, pane, write);
    const main = acts.filter((act) => ['download', 'move', 'trash'].includes(act.name));
    return (
        <div class="bottom-bar" role="toolbar" aria-label={t('chosen.label')}>
            <Clear pane={pane} />
            <span class="chosen-text" role="status">{t('count.selected', { n: chosen.length })}</span>
            <SelectAll pane={pane} />
            {main.map((act) => <IconButton key={act.name} class={`act-${act.name}`} icon={act.icon} label={act.label} onClick={act.run} />)}
            <MenuButton label={t('act.more')} icon="ellipsisVertical" entries={() => menuFor(chosen, pane, write)} />
        </div>
    );
}
