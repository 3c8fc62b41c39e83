// The page of a folder: the toolbar, and the list or grid, or the reason why neither can be shown.
import { useEffect, useMemo } from 'preact/hooks';
import { isApiError } from '../../api/error';
import type { Entry, OpenEntry } from '../../api/shapes';
import { t } from '../../i18n/language';
import { explain } from '../../model/error-text';
import { knownName, openFolder, type Folder } from '../../model/folders';
import { currentSpace, visibleList, currentFolder } from '../../model/current-folder';
import { detailsOpen } from '../../model/details';
import { sort } from '../../model/preferences';
import { narrow, wide } from '../../model/screen';
import { only } from '../../model/selection';
import { me } from '../../model/session';
import { canWrite, refreshSpaces, spaceById } from '../../model/spaces';
import { Button } from '../../components/button';
import { Breadcrumbs } from '../../components/breadcrumbs';
import { useHomeFocus } from '../../components/home-focus';
import { Items } from '../../components/items/items';
import { MenuButton, type MenuEntry } from '../../components/menu';
import { Empty, Failed } from '../../components/empty';
import { Skeleton } from '../../components/skeleton';
import { showMembers } from '../admin/members';
import { askEditSpace } from '../admin/space-dialogs';
import { Page } from '../page';
import { listActions } from './actions';
import { SelectionBar, Toolbar } from './toolbar';
import { folderColumns, folderUnder } from './columns';
import { newMenu, uploadFiles } from './new';
import { useFreshness } from './use-freshness';

export function FolderView({ id, reveal = null }: { id: string; reveal?: Entry | null }) {
    const order = sort.value;
    const folder = useMemo(() => openFolder(id, order), [id, order]);
    useFreshness(folder);
    useEffect(() => void folder.visit(), [folder]);
    useReveal(folder, reveal);
    const entry = folder.entry.value;
    useCurrentFolder(folder, entry);
    const error = folder.error.value ?? (folder.list.pages.phase.value === 'failed' ? folder.list.pages.error : null);
    if (error && !(entry && folder.list.pages.items.value.length)) {
        const text = isApiError(error, 'not_found', 'gone', 'invalid') ? t('folder.gone') : explain(error);
        return (
            <Page title={t('failed.title')}>
                <Failed text={text} retry={() => void folder.visit()} untitled />
            </Page>
        );
    }
    const write = canWrite(entry?.role);
    return (
        <Page
            title={entry ? titleOf(entry) : (knownName(id) ?? '')}
            head={entry && <Breadcrumbs entry={entry} more={<SpaceMenu entry={entry} />} />}
            action={entry && write && !narrow.value && <NewButton folder={folder} entry={entry} />}
            drop={entry && write ? { id, name: titleOf(entry) } : null}
        >
            <Contents folder={folder} entry={entry} write={write} />
        </Page>
    );
}

export const titleOf = (entry: OpenEntry): string => {
    const space = spaceById(entry.space_id);
    return entry.parent_id
        ? entry.name
        : space?.kind === 'personal'
          ? t('space.personal')
          : (space?.name ?? entry.name);
};

function useCurrentFolder(folder: Folder, entry: OpenEntry | null): void {
    useEffect(() => {
        if (!entry) return;
        currentSpace.value = entry.space_id;
        currentFolder.value = {
            spaceId: entry.space_id,
            folder: { id: folder.id, name: titleOf(entry) },
            role: entry.role,
            list: folder.list,
        };
        return () => (currentFolder.value = null);
    }, [folder, entry]);
    useEffect(() => {
        visibleList.value = folder.list;
        return () => (visibleList.value = null);
    }, [folder]);
}

const revealWithin = 5000; // most rows that are fetched to find a linked file

// For /files/ID: selects the file in its folder, and opens the details.
function useReveal(folder: Folder, entry: Entry | null): void {
    const id = entry?.id;
    useEffect(() => {
        if (!id) return;
        const { list } = folder;
        if (wide.peek()) detailsOpen.value = true;
        list.selection.value = only(id);
        const look = async (): Promise<void> => {
            for (let until = 200; !list.item(id) && until <= revealWithin && !list.pages.complete; until += 1000)
                await list.pages.ensure(until);
            list.select(id);
        };
        void look();
    }, [folder, id]);
}

// The menu of a team space: its members and, for managers, its settings.
function SpaceMenu({ entry }: { entry: OpenEntry }) {
    const space = spaceById(entry.space_id);
    if (entry.parent_id !== null || space?.kind !== 'team') return null;
    const may = space.role === 'manager' || me.value?.role === 'admin';
    const edit = (): void => void askEditSpace(space).then((done) => done && refreshSpaces());
    const entries = (): MenuEntry[] => [
        { label: t('members.title'), icon: 'users', run: () => void showMembers(space) },
        ...(may ? [{ label: t('space.edit'), icon: 'settings' as const, run: edit }] : []),
    ];
    return <MenuButton icon="ellipsis" label={t('action.more_for', { name: space.name })} entries={entries} />;
}

const NewButton = ({ folder, entry }: { folder: Folder; entry: OpenEntry }) => (
    <MenuButton
        label={t('new.label')}
        icon="plus"
        text={t('new.button')}
        primary
        class="new-button"
        entries={() => newMenu({ id: folder.id, name: titleOf(entry) }, folder.list)}
    />
);

function Contents({ folder, entry, write }: { folder: Folder; entry: OpenEntry | null; write: boolean }) {
    const { list } = folder;
    const { pages } = list;
    const here = currentFolder.value?.list === list ? currentFolder.value : null;
    const parent = entry?.parent_id ?? null;
    const actions = useMemo(() => listActions(list, here, parent), [list, here, parent]);
    if (pages.phase.value === 'loading' && !pages.items.value.length) return <Skeleton rows={8} />;
    const empty = pages.phase.value === 'ready' && pages.length === 0;
    return (
        <>
            <Toolbar list={list} write={write} />
            {pages.stale.value && (
                <div class="strip" role="status">
                    <span>{t('folder.changed')}</span>
                    <Button quiet onClick={() => void pages.refresh(true)}>
                        {t('folder.show_changes')}
                    </Button>
                </div>
            )}
            {empty ? (
                <EmptyFolder folder={folder} entry={entry} write={write} />
            ) : (
                <Items
                    list={list}
                    label={t('folder.list', { name: entry ? titleOf(entry) : '' })}
                    layout="folder"
                    columns={folderColumns.value}
                    actions={actions}
                    under={folderUnder}
                    draggable
                    drop={(item) => write && item.kind === 'folder'}
                />
            )}
            {narrow.value && <SelectionBar list={list} write={write} />}
        </>
    );
}

function EmptyFolder({ folder, entry, write }: { folder: Folder; entry: OpenEntry | null; write: boolean }) {
    useHomeFocus(entry);
    if (!entry) return null;
    const to = { id: folder.id, name: titleOf(entry) };
    const first = entry.parent_id === null && spaceById(entry.space_id)?.kind === 'personal';
    if (!write) return <Empty icon="folderOpen" title={t('empty.folder')} text={t('empty.viewer')} />;
    return (
        <Empty
            icon={first ? 'warehouse' : 'folderOpen'}
            title={t(first ? 'empty.personal' : 'empty.folder')}
            text={t(narrow.value ? 'empty.add' : 'empty.drop')}
        >
            <Button primary icon="upload" data-home-focus onClick={() => uploadFiles(to)}>
                {t('new.files')}
            </Button>
        </Empty>
    );
}
