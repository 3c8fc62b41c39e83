// An open folder: its list or grid, the bar above it, and what to see when it is empty or refused.
import { useEffect, useMemo } from 'preact/hooks';
import { isRefusal } from '../../api/error';
import type { Entry, OpenEntry } from '../../api/shapes';
import { language, t } from '../../i18n/language';
import { explain } from '../../model/error-text';
import { knownName, openFolder, type Folder } from '../../model/folders';
import { currentSpace, listed, place } from '../../model/current-folder';
import { detailsOpen } from '../../model/details';
import { sort } from '../../model/preferences';
import { narrow, wide } from '../../model/screen';
import { me } from '../../model/session';
import { canWrite, loadSpaces, spaceById } from '../../model/spaces';
import { Button } from '../../components/button';
import { Crumbs } from '../../components/breadcrumbs';
import { useHomeFocus } from '../../components/home-focus';
import { Items } from '../../components/items/items';
import { MenuButton, type MenuEntry } from '../../components/menu';
import { Empty, Failed, Skeleton } from '../../components/small';
import { showMembers } from '../admin/members';
import { askEditSpace } from '../admin/space-dialogs';
import { Page } from '../page';
import { listActs } from './actions';
import { SelectionBar, Toolbar } from './toolbar';
import { folderColumns, folderUnder } from './columns';
import { newMenu, uploadFiles } from './new';
import { useFreshness } from './use-freshness';

export function FolderView({ id, reveal = null }: { id: string; reveal?: Entry | null }) {
    const folder = useMemo(() => openFolder(id, sort.value), [id, sort.value]);
    useFreshness(folder);
    useEffect(() => void folder.visit(), [folder]);
    useReveal(folder, reveal);
    const entry = folder.entry.value;
    usePlace(folder, entry);
    const fault = folder.fault.value ?? (folder.pane.pages.phase.value === 'failed' ? folder.pane.pages.error : null);
    if (fault && !(entry && folder.pane.pages.items.value.length)) {
        const text = isRefusal(fault, 'not_found', 'gone', 'invalid') ? t('folder.gone') : explain(fault);
        return <Page title={t('failed.title')}><Failed text={text} retry={() => void folder.visit()} untitled /></Page>;
    }
    const write = canWrite(entry?.role);
    return (
        <Page title={entry ? titleOf(entry) : (knownName(id) ?? '')} head={entry && <Crumbs entry={entry} more={<SpaceMenu entry={entry} />} />} act={entry && write && !narrow.value && <NewButton folder={folder} entry={entry} />} drop={entry && write ? { id, name: titleOf(entry) } : null}>
            <Contents folder={folder} entry={entry} write={write} />
        </Page>
    );
}

export const titleOf = (entry: OpenEntry): string => {
    const space = spaceById(entry.space_id);
    return entry.parent_id ? entry.name : space?.kind === 'personal' ? t('space.personal') : (space?.name ?? entry.name);
};

function usePlace(folder: Folder, entry: OpenEntry | null): void {
    useEffect(() => {
        if (!entry) return;
        currentSpace.value = entry.space_id;
        place.value = { spaceId: entry.space_id, folder: { id: folder.id, name: titleOf(entry) }, role: entry.role, pane: folder.pane };
        return () => (place.value = null);
    }, [folder, entry]);
    useEffect(() => {
        listed.value = folder.pane;
        return () => (listed.value = null);
    }, [folder]);
}

const revealWithin = 5000; // rows fetched to bring a linked file into view

// /files/ID: the file is selected in its folder, with the details open.
function useReveal(folder: Folder, entry: Entry | null): void {
    useEffect(() => {
        if (!entry) return;
        const { pane } = folder;
        if (wide.peek()) detailsOpen.value = true;
        pane.selection.value = { ids: new Set([entry.id]), anchor: entry.id, focus: entry.id };
        const look = async (): Promise<void> => {
            for (let until = 200; !pane.item(entry.id) && until <= revealWithin && !pane.pages.complete; until += 1000) await pane.pages.ensure(until);
            pane.select(entry.id);
        };
        void look();
    }, [folder, entry?.id]);
}

// At the top of a team space: who is in it and, for those who may, its name.
function SpaceMenu({ entry }: { entry: OpenEntry }) {
    const space = spaceById(entry.space_id);
    if (entry.parent_id !== null || space?.kind !== 'team') return null;
    const may = space.role === 'manager' || me.value?.role === 'admin';
    const edit = (): void => void askEditSpace(space).then((done) => done && loadSpaces());
    const entries = (): MenuEntry[] => [
        { label: t('members.title'), icon: 'users', run: () => void showMembers(space) },
        ...(may ? [{ label: t('space.edit'), icon: 'settings' as const, run: edit }] : []),
    ];
    return <MenuButton icon="ellipsis" label={t('act.more_for', { name: space.name })} entries={entries} />;
}

const NewButton = ({ folder, entry }: { folder: Folder; entry: OpenEntry }) => (
    <MenuButton label={t('new.label')} icon="plus" text={t('new.button')} primary class="new-button" entries={() => newMenu({ id: folder.id, name: titleOf(entry) }, folder.pane)} />
);

function Contents({ folder, entry, write }: { folder: Folder; entry: OpenEntry | null; write: boolean }) {
    const { pane } = folder;
    const { pages } = pane;
    const here = place.value?.pane === pane ? place.value : null;
    const parent = entry?.parent_id ?? null;
    const acts = useMemo(() => listActs(pane, here, parent), [pane, here, parent]);
    const columns = useMemo(folderColumns, [language.value]);
    if (pages.phase.value === 'loading' && !pages.items.value.length) return <Skeleton rows={8} />;
    const empty = pages.phase.value === 'ready' && pages.length === 0;
    return (
        <>
            <Toolbar pane={pane} write={write} />
            {pages.stale.value && (
                <div class="strip" role="status">
                    <span>{t('folder.changed')}</span>
                    <Button quiet onClick={() => void pages.refresh(true)}>{t('folder.show_changes')}</Button>
                </div>
            )}
            {empty ? <EmptyFolder folder={folder} entry={entry} write={write} /> : (
                <Items
                    pane={pane}
                    label={t('folder.list', { name: entry ? titleOf(entry) : '' })}
                    layout="folder"
                    columns={columns}
                    acts={acts}
                    under={folderUnder}
                    draggable
                    drop={(item) => write && item.kind === 'folder'}
                />
            )}
            {narrow.value && <SelectionBar pane={pane} write={write} />}
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
        <Empty icon={first ? 'warehouse' : 'folderOpen'} title={t(first ? 'empty.personal' : 'empty.folder')} text={t(narrow.value ? 'empty.add' : 'empty.drop')}>
            <Button primary icon="upload" data-home-focus onClick={() => uploadFiles(to)}>{t('new.files')}</Button>
        </Empty>
    );
}
