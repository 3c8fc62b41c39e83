// What a search found: by name, in all the spaces or in one.
import { useEffect, useMemo } from 'preact/hooks';
import * as api from '../api/entries';
import type { FoundEntry } from '../api/shapes';
import { size } from '../i18n/format';
import { t } from '../i18n/language';
import { trash_entries } from '../model/actions';
import { explain } from '../model/error-text';
import { Pages } from '../model/pages';
import { Pane } from '../model/list-state';
import { current_space, listed } from '../model/current-folder';
import { narrow } from '../model/screen';
import { navigate, route } from '../model/route';
import { can_write, space_by_id, space_name, spaces } from '../model/spaces';
import { Select } from '../components/field';
import type { Acts, Column } from '../components/items/columns';
import { Items } from '../components/items/items';
import { Empty, Failed, Skeleton, Steps, When } from '../components/small';
import { acts_for, list_acts, menu_for, type Act } from './folder/actions';
import { SelectionBar } from './folder/toolbar';
import { Chosen } from './folder/selection-toolbar';
import { Page } from './page';

function where(entry: FoundEntry) {
    const space = space_by_id(entry.space_id);
    return <Steps steps={entry.path.map((step, at) => (at === 0 && space ? space_name(space) : step.name))} />;
}

const columns = (): Column<FoundEntry>[] => [
    { name: 'called', label: t('column.name'), cell: (entry) => entry.name },
    { name: 'where', label: t('column.where'), cell: where },
    { name: 'modified', label: t('column.modified'), cell: (entry) => <When at={entry.modified_at} /> },
    { name: 'size', label: t('column.size'), cell: (entry) => (entry.kind === 'folder' ? '' : size(entry.size)) },
];

const may_change = (entries: readonly FoundEntry[]): boolean => entries.every((entry) => can_write(space_by_id(entry.space_id)?.role));

function found_acts(pane: Pane<FoundEntry>): Acts<FoundEntry> {
    return {
        ...list_acts(pane, null, null),
        menu: (entries) => menu_for(entries, pane, may_change(entries)).filter((entry) => entry === 'line' || !['rename', 'details'].includes((entry as { name?: string }).name ?? '')),
        remove: (entries) => may_change(entries) && void trash_entries(pane.pages, entries),
    };
}

function usePane(q: string, space: string | null): Pane<FoundEntry> {
    const pane = useMemo(
        () => new Pane<FoundEntry>(new Pages(async ({ cursor, limit, signal }) => ({ unchanged: false, etag: null, value: await api.search(q, space, cursor, Math.min(limit, 100), signal) }))),
        [q, space],
    );
    useEffect(() => {
        if (q) void pane.pages.ensure(0);
        return () => pane.pages.pause();
    }, [pane]);
    return pane;
}

function Scope({ q, space }: { q: string; space: string | null }) {
    const options: (readonly [string, string])[] = [['', t('search.everywhere')], ...(spaces.value ?? []).map((one) => [one.id, space_name(one)] as const)];
    const choose = (id: string): void => navigate(`/search?${new URLSearchParams({ q, ...(id ? { space: id } : {}) }).toString()}`, { replace: true });
    return <Select label={t('search.scope')} unlabelled value={space ?? ''} options={options} on_choice={choose} />;
}

const shown_acts: Act['name'][] = ['download', 'move', 'copy', 'trash'];

export function SearchView() {
    const now = route.value;
    const q = now.page === 'search' ? now.q.trim() : '';
    const space = now.page === 'search' ? now.space : null;
    const pane = usePane(q, space);
    const { pages } = pane;
    useEffect(() => {
        if (space) current_space.value = space;
    }, [space]);
    useEffect(() => {
        listed.value = pane;
        return () => (listed.value = null);
    }, [pane]);
    const total = pages.total.value;
    const chosen = pane.selected.value;
    return (
        <Page title={q ? t('search.of', { q }) : t('search.label')}>
            {!q ? <Empty icon="search" title={t('search.begin')} text={t('search.begin_text')} /> : (
                <>
                    <div class="toolbar">
                        {chosen.length && !narrow.value ? <Chosen pane={pane} chosen={chosen} acts={acts_for(chosen, pane, may_change(chosen)).filter((act) => shown_acts.includes(act.name))} /> : <p class="count" role="status">{pages.phase.value === 'loading' ? '\u00a0' : total === null ? t('search.many', { n: pages.items.value.length }) : t('search.found', { n: total })}</p>}
                        <Scope q={q} space={space} />
                    </div>
                    {pages.phase.value === 'failed' ? <Failed text={explain(pages.error)} retry={() => void pages.refresh(true)} />
                    : pages.phase.value === 'loading' ? <Skeleton />
                    : pages.items.value.length === 0 ? <Empty icon="search" title={t('search.none', { q })} text={t('search.none_text')} />
                    : <Items pane={pane} label={t('search.of', { q })} layout="found" columns={columns()} acts={found_acts(pane)} under={where} draggable />}
                    {narrow.value && <SelectionBar pane={pane} write={may_change(chosen)} />}
                </>
            )}
        </Page>
    );
}
