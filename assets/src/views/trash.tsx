// The trash of a space.
import { urls } from '../api/url';
import { useEffect, useMemo } from 'preact/hooks';
import * as api from '../api/entries';
import type { TrashedEntry } from '../api/shapes';
import { size } from '../i18n/format';
import { t } from '../i18n/language';
import { explain } from '../model/error-text';
import { Pages, untagged } from '../model/pages';
import { ListState } from '../model/list-state';
import { currentSpace } from '../model/current-folder';
import { parseId } from '../model/ids';
import { address, navigate } from '../model/route';
import { narrow } from '../model/screen';
import { server } from '../model/session';
import { canWrite, spaceById, spaceName, spaces, spacesChanged } from '../model/spaces';
import { showError } from '../model/toasts';
import { registerTrash } from '../model/trash';
import { Button } from '../components/button';
import { confirm } from '../model/dialogs';
import { Select } from '../components/field';
import type { ItemActions, Column } from '../components/items/columns';
import { Items } from '../components/items/items';
import type { MenuEntry } from '../components/menu';
import { Empty } from '../components/empty';
import { Steps } from '../components/path-steps';
import { When } from '../components/when';
import { SelectionToolbar } from './folder/selection-toolbar';
import { ListBody } from './list-body';
import { Page } from './page';
import { erase, restore } from './trash-actions';
import { showTrashed } from './trashed-dialog';
import { TrashedFolder } from './trashed-folder';

type TrashList = ListState<TrashedEntry>;

const columns = (): Column<TrashedEntry>[] => [
    { name: 'called', label: t('column.name'), cell: (entry) => entry.name },
    { name: 'where', label: t('column.was_in'), cell: (entry) => <Steps steps={stepsTo(entry)} /> },
    { name: 'modified', label: t('column.deleted'), cell: (entry) => <When at={entry.trashed_at} /> },
    { name: 'by', label: t('column.deleted_by'), cell: (entry) => entry.trashed_by ?? '' },
    { name: 'size', label: t('column.size'), cell: (entry) => (entry.kind === 'folder' ? '' : size(entry.size)) },
];

function stepsTo(entry: TrashedEntry): string[] {
    const space = spaceById(entry.space_id);
    if (entry.original_path === null) return [t('trash.folder_gone')];
    return [space ? spaceName(space) : '', ...entry.original_path.split('/')].filter(Boolean);
}

const where = (entry: TrashedEntry): string => stepsTo(entry).join(' / ');

// Opens a folder's contents, or the dialog of a file.
async function open(list: TrashList, entry: TrashedEntry, write: boolean): Promise<void> {
    if (entry.kind === 'folder') return navigate(urls.trash(entry.space_id, entry.id));
    if ((await showTrashed({ entry, wasIn: where(entry), write })) === 'restore') await restore(list, [entry]);
}

// The note on when entries are deleted automatically.
function note(): string {
    const days = Math.floor(server.value.trash_keep / 86_400_000);
    return days > 0 ? t('trash.note_days', { n: days }) : t('trash.note');
}

async function empty(list: TrashList, space: string, name: string): Promise<void> {
    if (!(await confirm({ title: t('trash.empty'), text: t('trash.empty_ask', { name }), yes: t('trash.empty') })))
        return;
    try {
        await api.emptyTrash(space);
        await list.pages.refresh(true);
        spacesChanged();
    } catch (error) {
        showError(explain(error));
    }
}

export function TrashView({ id }: { id: string }) {
    const folder = parseId(new URLSearchParams(address.value.search).get('in'));
    return folder ? <TrashedFolder key={folder} space={id} id={folder} /> : <Tops id={id} />;
}

function Tops({ id }: { id: string }) {
    const list = useMemo(
        () =>
            new ListState<TrashedEntry>(
                new Pages(untagged(({ cursor, limit, signal }) => api.trashed(id, cursor, limit, signal))),
            ),
        [id],
    );
    useEffect(() => {
        currentSpace.value = id;
        const endShow = registerTrash(list.pages);
        void list.pages.ensure(0);
        return () => {
            endShow();
            list.pages.pause();
        };
    }, [id, list]);
    const space = spaceById(id);
    const write = canWrite(space?.role);
    const several = (spaces.value ?? []).length > 1;
    return (
        <Page title={t('trash.title')}>
            {several && (
                <div class="toolbar filters">
                    <Select
                        label={t('trash.of')}
                        unlabelled
                        value={id}
                        options={spaces.value!.map((one) => [one.id, spaceName(one)] as const)}
                        onChoice={(other) => navigate(urls.trash(other))}
                    />
                </div>
            )}
            <ListBody
                pages={list.pages}
                empty={<Empty icon="trash" title={t('empty.trash')} text={t('empty.trash_text')} />}
            >
                <Trashed list={list} write={write} clear={() => void empty(list, id, space ? spaceName(space) : '')} />
            </ListBody>
        </Page>
    );
}

function Trashed({ list, write, clear }: { list: TrashList; write: boolean; clear: () => void }) {
    const chosen = list.selected.value;
    const bar = chosen.length > 0 && write;
    const menu = (entries: readonly TrashedEntry[]): MenuEntry[] =>
        write
            ? [
                  { label: t('trash.restore'), icon: 'restore', run: () => void restore(list, entries) },
                  'line',
                  {
                      label: t('trash.erase'),
                      icon: 'trash',
                      danger: true,
                      keys: t('key.delete'),
                      run: () => void erase(list, entries),
                  },
              ]
            : [];
    const actions: ItemActions<TrashedEntry> = {
        open: (entry) => void open(list, entry, write),
        menu,
        remove: write ? (entries) => void erase(list, entries) : undefined,
    };
    return (
        <>
            {(!bar || narrow.value) && (
                <div class="toolbar">
                    <p class="count">{note()}</p>
                    {write && (
                        <Button quiet icon="trash" onClick={clear}>
                            {t('trash.empty')}
                        </Button>
                    )}
                </div>
            )}
            {bar && (
                <div class={narrow.value ? 'bottom-bar' : 'toolbar'}>
                    <SelectionToolbar
                        list={list}
                        chosen={chosen}
                        actions={[
                            { label: t('trash.restore'), icon: 'restore', run: () => void restore(list, chosen) },
                            { label: t('trash.erase'), icon: 'trash', run: () => void erase(list, chosen) },
                        ]}
                    />
                </div>
            )}
            <Items
                list={list}
                label={t('trash.title')}
                layout="trashed"
                columns={columns()}
                actions={actions}
                under={(entry) => <When at={entry.trashed_at} />}
            />
        </>
    );
}
