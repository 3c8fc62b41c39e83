// What is selected, and what can be done with it: it takes the place of the line above a list.
import type { Entry } from '../../api/shapes';
import { size } from '../../i18n/format';
import { t } from '../../i18n/language';
import type { Pane } from '../../model/list-state';
import { narrow } from '../../model/screen';
import { cleared } from '../../model/selection';
import { IconButton } from '../../components/button';
import { Fitting, type FittingAct } from '../../components/overflow-toolbar';

function chosenText(chosen: readonly Entry[]): string {
    const bytes = chosen.reduce((sum, entry) => sum + entry.size, 0);
    const n = t('count.selected', { n: chosen.length });
    return bytes ? `${n} · ${size(bytes)}` : n;
}

// For fingers, which have no Ctrl+A.
export function SelectAll<T extends Entry>({ pane }: { pane: Pane<T> }) {
    const all = pane.pages.complete && pane.selection.value.ids.size >= pane.order.value.length;
    return <IconButton icon="listChecks" label={t('act.select_all')} aria-pressed={all} onClick={() => void pane.selectAll()} />;
}

export function Clear<T extends Entry>({ pane }: { pane: Pane<T> }) {
    return <IconButton icon="x" label={t('act.clear_selection')} onClick={() => (pane.selection.value = cleared(pane.selection.peek()))} />;
}

export function Chosen<T extends Entry>({ pane, chosen, acts }: { pane: Pane<T>; chosen: readonly T[]; acts: readonly FittingAct[] }) {
    return (
        <div class="chosen" role="toolbar" aria-label={t('chosen.label')}>
            <Clear pane={pane} />
            <span class="chosen-text" role="status">{narrow.value ? t('count.selected', { n: chosen.length }) : chosenText(chosen)}</span>
            {narrow.value && <SelectAll pane={pane} />}
            <Fitting acts={acts} />
        </div>
    );
}
