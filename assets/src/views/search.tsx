// The results of a search by name, in all spaces or in one.
import { urls } from '../api/url';
import { useEffect, useMemo } from 'preact/hooks';
import * as api from '../api/entries';
import type { FoundEntry } from '../api/shapes';
import { size } from '../i18n/format';
import { t } from '../i18n/language';
import { trashEntries } from '../model/actions';
import { Pages, untagged } from '../model/pages';
import { ListState } from '../model/list-state';
import { currentSpace, visibleList } from '../model/current-folder';
import { narrow } from '../model/screen';
import { navigate, route } from '../model/route';
import { canWrite, spaceById, spaceName, spaces } from '../model/spaces';
import { Select } from '../components/field';
import type { ItemActions, Column } from '../components/items/columns';
import { Items } from '../components/items/items';
import { Empty } from '../components/empty';
import { Steps } from '../components/path-steps';
import { When } from '../components/when';
import { actionsFor, listActions, menuFor, type EntryAction } from './folder/actions';
import { SelectionBar } from './folder/toolbar';
import { SelectionToolbar } from './folder/selection-toolbar';
import { ListBody } from './list-body';
import { Page } from './page';

function where(entry: FoundEntry) {
    const space = spaceById(entry.space_id);
    return <Steps steps={entry.path.map((step, at) => (at === 0 && space ? spaceName(space) : step.name))} />;
}

const columns = (): Column<FoundEntry>[] => [
    { name: 'called', label: t('column.name'), cell: (entry) => entry.name },
    { name: 'where', label: t('column.where'), cell: where },
    { name: 'modified', label: t('column.modified'), cell: (entry) => <When at={entry.modified_at} /> },
    { name: 'size', label: t('column.size'), cell: (entry) => (entry.kind === 'folder' ? '' : size(entry.size)) },
];

const mayChange = (entries: readonly FoundEntry[]): boolean =>
    entries.every((entry) => canWrite(spaceById(entry.space_id)?.role));

function foundActions(list: ListState<FoundEntry>): ItemActions<FoundEntry> {
    return {
        ...listActions(list, null, null),
        menu: (entries) =>
            menuFor(entries, list, mayChange(entries)).filter(
                (entry) => entry === 'line' || !['rename', 'details'].includes((entry as { name?: string }).name ?? ''),
            ),
        remove: (entries) => mayChange(entries) && void trashEntries(list.pages, entries),
    };
}

function useList(q: string, space: string | null): ListState<FoundEntry> {
    const list = useMemo(
        () =>
            new ListState<FoundEntry>(
                new Pages(
                    untagged(({ cursor, limit, signal }) => api.search(q, space, cursor, Math.min(limit, 100), signal)),
                ),
            ),
        [q, space],
    );
    useEffect(() => {
        if (q) void list.pages.ensure(0);
        return () => list.pages.pause();
    }, [list, q]);
    useEffect(() => {
        visibleList.value = list;
        return () => (visibleList.value = null);
    }, [list]);
    return list;
}

function Scope({ q, space }: { q: string; space: string | null }) {
    const options: (readonly [string, string])[] = [
        ['', t('search.everywhere')],
        ...(spaces.value ?? []).map((one) => [one.id, spaceName(one)] as const),
    ];
    const choose = (id: string): void => navigate(urls.search(q, id || null), { replace: true });
    return <Select label={t('search.scope')} unlabelled value={space ?? ''} options={options} onChoice={choose} />;
}

const shownActions: EntryAction['name'][] = ['download', 'move', 'copy', 'trash'];

export function SearchView() {
    const now = route.value;
    const q = now.page === 'search' ? now.q.trim() : '';
    const space = now.page === 'search' ? now.space : null;
    const list = useList(q, space);
    useEffect(() => {
        if (space) currentSpace.value = space;
    }, [space]);
    return (
        <Page title={q ? t('search.of', { q }) : t('search.label')}>
            {q ? (
                <Results q={q} space={space} list={list} />
            ) : (
                <Empty icon="search" title={t('search.begin')} text={t('search.begin_text')} />
            )}
        </Page>
    );
}

function Results({ q, space, list }: { q: string; space: string | null; list: ListState<FoundEntry> }) {
    const chosen = list.selected.value;
    const actions = actionsFor(chosen, list, mayChange(chosen));
    return (
        <>
            <div class="toolbar">
                {chosen.length && !narrow.value ? (
                    <SelectionToolbar
                        list={list}
                        chosen={chosen}
                        actions={actions.filter((action) => shownActions.includes(action.name))}
                    />
                ) : (
                    <p class="count" role="status">
                        {countText(list)}
                    </p>
                )}
                <Scope q={q} space={space} />
            </div>
            <ListBody
                pages={list.pages}
                empty={<Empty icon="search" title={t('search.none', { q })} text={t('search.none_text')} />}
            >
                <Items
                    list={list}
                    label={t('search.of', { q })}
                    layout="found"
                    columns={columns()}
                    actions={foundActions(list)}
                    under={where}
                    draggable
                />
            </ListBody>
            {narrow.value && <SelectionBar list={list} write={mayChange(chosen)} />}
        </>
    );
}

function countText({ pages }: ListState<FoundEntry>): string {
    const total = pages.total.value;
    if (pages.phase.value === 'loading') return '\u00a0';
    return total === null ? t('search.many', { n: pages.items.value.length }) : t('search.found', { n: total });
}
