// The toolbar of a selection, which replaces the line above a list.
import type { Entry } from '../../api/shapes';
import { size } from '../../i18n/format';
import { t } from '../../i18n/language';
import type { ListState } from '../../model/list-state';
import { narrow } from '../../model/screen';
import { cleared } from '../../model/selection';
import { IconButton } from '../../components/button';
import { OverflowToolbar, type ToolbarAction } from '../../components/overflow-toolbar';

function chosenText(chosen: readonly Entry[]): string {
    const bytes = chosen.reduce((sum, entry) => sum + entry.size, 0);
    const n = t('count.selected', { n: chosen.length });
    return bytes ? `${n} · ${size(bytes)}` : n;
}

// For touch screens, which have no Ctrl+A.
export function SelectAll<T extends Entry>({ list }: { list: ListState<T> }) {
    const all = list.pages.complete && list.selection.value.ids.size >= list.order.value.length;
    return (
        <IconButton
            icon="listChecks"
            label={t('action.select_all')}
            aria-pressed={all}
            onClick={() => void list.selectAll()}
        />
    );
}

export function Clear<T extends Entry>({ list }: { list: ListState<T> }) {
    return (
        <IconButton
            icon="x"
            label={t('action.clear_selection')}
            onClick={() => (list.selection.value = cleared(list.selection.peek()))}
        />
    );
}

export function SelectionToolbar<T extends Entry>({
    list,
    chosen,
    actions,
}: {
    list: ListState<T>;
    chosen: readonly T[];
    actions: readonly ToolbarAction[];
}) {
    return (
        <div class="chosen" role="toolbar" aria-label={t('chosen.label')}>
            <Clear list={list} />
            <span class="chosen-text" role="status">
                {narrow.value ? t('count.selected', { n: chosen.length }) : chosenText(chosen)}
            </span>
            {narrow.value && <SelectAll list={list} />}
            <OverflowToolbar actions={actions} />
        </div>
    );
}
