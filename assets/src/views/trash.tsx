// The trash of a space: back to where it was, or gone for good.
import { useEffect, useMemo } from 'preact/hooks';
import * as api from '../api/entries';
import { is_refusal } from '../api/refusal';
import type { Entry, TrashedEntry } from '../api/shapes';
import { size } from '../i18n/format';
import { t } from '../i18n/language';
import { with_free_name } from '../model/acts';
import { explain } from '../model/explain';
import { entry_arrived } from '../model/folders';
import { Pages } from '../model/pages';
import { Pane } from '../model/pane';
import { current_space } from '../model/place';
import { navigate, trash_path } from '../model/route';
import { narrow } from '../model/screen';
import { cleared } from '../model/selection';
import { can_write, space_by_id, space_name, spaces, spaces_changed } from '../model/spaces';
import { complain, say } from '../model/toasts';
import { show_trash } from '../model/trash';
import { Button, IconButton } from '../parts/button';
import { confirm } from '../parts/confirm';
import { Select } from '../parts/field';
import { Fitting } from '../parts/fitting';
import type { Acts, Column } from '../parts/items/columns';
import { Items } from '../parts/items/items';
import type { MenuEntry } from '../parts/menu';
import { Empty, Failed, Skeleton, Steps, When } from '../parts/small';
import { SelectAll, chosen_text } from './folder/bars';
import { Page } from './page';
import { choose_folder } from './picker';
import { show_trashed } from './trashed-dialog';

type TrashPane = Pane<TrashedEntry>;

const columns = (): Column<TrashedEntry>[] => [
    { name: 'called', label: t('column.name'), cell: (entry) => entry.name },
    { name: 'where', label: t('column.was_in'), cell: (entry) => <Steps steps={steps_to(entry)} /> },
    { name: 'modified', label: t('column.deleted'), cell: (entry) => <When at={entry.trashed_at} /> },
    { name: 'by', label: t('column.deleted_by'), cell: (entry) => entry.trashed_by ?? '' },
    { name: 'size', label: t('column.size'), cell: (entry) => (entry.kind === 'folder' ? '' : size(entry.size)) },
];

function steps_to(entry: TrashedEntry): string[] {
    const space = space_by_id(entry.space_id);
    if (entry.original_path === null) return [t('trash.folder_gone')];
    return [space ? space_name(space) : '', ...entry.original_path.split('/')].filter(Boolean);
}

const where = (entry: TrashedEntry): string => steps_to(entry).join(' / ');

// The entry as it is now: in its place, under another name if its own is taken, or in a folder that a person chose.
async function restore_one(entry: TrashedEntry): Promise<Entry> {
    try {
        return await api.restore(entry.id);
    } catch (error) {
        if (is_refusal(error, 'name_taken')) return with_free_name(entry, (name) => api.restore(entry.id, { name }));
        if (!is_refusal(error, 'conflict')) throw error;
    }
    const to = await choose_folder({ act: 'restore', entries: [entry], begin: null });
    if (!to) throw new DOMException('never mind', 'AbortError');
    return api.restore(entry.id, { parent_id: to.id });
}

async function restore(pane: TrashPane, entries: readonly TrashedEntry[]): Promise<void> {
    const back: Entry[] = [];
    let renamed = 0;
    for (const entry of entries) {
        const taken = pane.pages.begin(new Set([entry.id]));
        try {
            const restored = await restore_one(entry);
            taken.end();
            entry_arrived(restored);
            back.push(restored);
            if (restored.name !== entry.name) renamed++;
        } catch (error) {
            taken.end(new Set([entry.id]));
            if (!(error instanceof DOMException)) complain(explain(error));
        }
    }
    spaces_changed();
    if (back.length) say(restored_text(back, renamed));
}

// One sentence, also when names were taken.
function restored_text(back: readonly Entry[], renamed: number): string {
    const { name } = back[0]!;
    if (!renamed) return t('done.restored', { n: back.length, name });
    return back.length === 1 ? t('done.restored_as', { name }) : t('done.restored_renamed', { n: renamed, all: back.length });
}

async function open(pane: TrashPane, entry: TrashedEntry, write: boolean): Promise<void> {
    if ((await show_trashed({ entry, was_in: where(entry), write })) === 'restore') await restore(pane, [entry]);
}

async function erase(pane: TrashPane, entries: readonly TrashedEntry[]): Promise<void> {
    const sure = await confirm({ title: t('trash.erase'), text: t('trash.erase_ask', { n: entries.length, name: entries[0]!.name }), yes: t('trash.erase') });
    if (!sure) return;
    for (const entry of entries) {
        const taken = pane.pages.begin(new Set([entry.id]));
        try {
            await api.erase(entry.id);
            taken.end();
        } catch (error) {
            taken.end(new Set([entry.id]));
            return complain(explain(error));
        }
    }
    spaces_changed();
    say(t('done.erased', { n: entries.length, name: entries[0]!.name }));
}

async function empty(pane: TrashPane, space: string, name: string): Promise<void> {
    if (!(await confirm({ title: t('trash.empty'), text: t('trash.empty_ask', { name }), yes: t('trash.empty') }))) return;
    try {
        await api.empty_trash(space);
        await pane.pages.refresh(true);
        spaces_changed();
    } catch (error) {
        complain(explain(error));
    }
}

export function TrashView({ id }: { id: string }) {
    const pane = useMemo(
        () => new Pane<TrashedEntry>(new Pages(async ({ cursor, limit, signal }) => ({ unchanged: false, etag: null, value: await api.trashed(id, cursor, limit, signal) }))),
        [id],
    );
    useEffect(() => {
        current_space.value = id;
        const end_show = show_trash(pane.pages);
        void pane.pages.ensure(0);
        return () => {
            end_show();
            pane.pages.pause();
        };
    }, [pane]);
    const space = space_by_id(id);
    const write = can_write(space?.role);
    const { pages } = pane;
    const several = (spaces.value ?? []).length > 1;
    return (
        <Page title={t('trash.title')}>
            {several && (
                <div class="toolbar filters">
                    <Select label={t('trash.of')} unlabelled value={id} options={spaces.value!.map((one) => [one.id, space_name(one)] as const)} on_choice={(space) => navigate(trash_path(space))} />
                </div>
            )}
            {pages.phase.value === 'failed' ? <Failed text={explain(pages.error)} retry={() => void pages.refresh(true)} />
            : pages.phase.value === 'loading' ? <Skeleton />
            : pages.items.value.length === 0 ? <Empty icon="trash" title={t('empty.trash')} text={t('empty.trash_text')} />
            : <Trashed pane={pane} write={write} clear={() => void empty(pane, id, space ? space_name(space) : '')} />}
        </Page>
    );
}

function Trashed({ pane, write, clear }: { pane: TrashPane; write: boolean; clear: () => void }) {
    const chosen = pane.selected.value;
    const menu = (entries: readonly TrashedEntry[]): MenuEntry[] => write ? [
        { label: t('trash.restore'), icon: 'restore', run: () => void restore(pane, entries) },
        'line',
        { label: t('trash.erase'), icon: 'trash', danger: true, keys: t('key.delete'), run: () => void erase(pane, entries) },
    ] : [];
    const acts: Acts<TrashedEntry> = { open: (entry) => void open(pane, entry, write), menu, remove: write ? (entries) => void erase(pane, entries) : undefined };
    return (
        <>
            <div class={narrow.value && chosen.length ? 'bottom-bar' : 'toolbar'}>
                {chosen.length && write ? (
                    <div class="chosen" role="toolbar" aria-label={t('chosen.label')}>
                        <IconButton icon="x" label={t('act.clear_selection')} onClick={() => (pane.selection.value = cleared(pane.selection.peek()))} />
                        <span class="chosen-text" role="status">{narrow.value ? t('count.selected', { n: chosen.length }) : chosen_text(chosen)}</span>
                        {narrow.value && <SelectAll pane={pane} />}
                        <Fitting acts={[{ label: t('trash.restore'), icon: 'restore', run: () => void restore(pane, chosen) }, { label: t('trash.erase'), icon: 'trash', run: () => void erase(pane, chosen) }]} />
                    </div>
                ) : (
                    <>
                        <p class="count">{t('trash.note')}</p>
                        {write && <Button quiet icon="trash" onClick={clear}>{t('trash.empty')}</Button>}
                    </>
                )}
            </div>
            <Items pane={pane} label={t('trash.title')} layout="trashed" columns={columns()} acts={acts} under={(entry) => <When at={entry.trashed_at} />} />
        </>
    );
}
