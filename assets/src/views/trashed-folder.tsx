// The contents of a trashed folder: each entry can be opened, downloaded and restored.
import { urls } from '../api/url';
import { useEffect, useMemo } from 'preact/hooks';
import * as api from '../api/entries';
import type { Entry, OpenEntry } from '../api/shapes';
import { t } from '../i18n/language';
import { explain } from '../model/error-text';
import { Pages, untagged } from '../model/pages';
import { ListState } from '../model/list-state';
import { currentSpace } from '../model/current-folder';
import { navigate } from '../model/route';
import { narrow } from '../model/screen';
import { canWrite, spaceById } from '../model/spaces';
import { Icon } from '../components/icon';
import type { ItemActions } from '../components/items/columns';
import { Items } from '../components/items/items';
import type { MenuEntry } from '../components/menu';
import { Empty, Failed } from '../components/empty';
import { Skeleton } from '../components/skeleton';
import { SelectionToolbar } from './folder/selection-toolbar';
import { folderColumns, folderUnder } from './folder/columns';
import { useLoaded } from './use-loaded';
import { Page } from './page';
import { restore } from './trash-actions';
import { showTrashedFile } from './trashed-dialog';

// Not sortable: the server sorts by name, folders first.
const columns = () => folderColumns.value.map(({ sort, ...column }) => column);

export function TrashedFolder({ space, id }: { space: string; id: string }) {
    const folder = useLoaded((signal) => api.trashedEntry(id, signal), id);
    const list = useMemo(
        () =>
            new ListState<Entry>(
                new Pages(untagged(({ cursor, limit, signal }) => api.trashedChildren(id, cursor, limit, signal))),
            ),
        [id],
    );
    useEffect(() => {
        currentSpace.value = space;
        void list.pages.ensure(0);
        return () => list.pages.pause();
    }, [space, list]);
    const { pages } = list;
    const error = folder.error ?? (pages.phase.value === 'failed' ? explain(pages.error) : null);
    const again = (): void => {
        folder.again();
        void pages.refresh(true);
    };
    return (
        <Page
            title={folder.value?.name ?? t('trash.title')}
            head={folder.value && <TrashBreadcrumbs space={space} folder={folder.value} />}
        >
            {error ? (
                <Failed text={error} retry={again} />
            ) : pages.phase.value === 'loading' || !folder.value ? (
                <Skeleton />
            ) : pages.items.value.length === 0 ? (
                <Empty icon="folderOpen" title={t('trash.folder_empty')} text={t('trash.folder_empty_text')} />
            ) : (
                <Contents space={space} list={list} top={folder.value.path[0]?.name ?? folder.value.name} />
            )}
        </Page>
    );
}

function TrashBreadcrumbs({ space, folder }: { space: string; folder: OpenEntry }) {
    const steps = [
        { href: urls.trash(space), name: t('trash.title') },
        ...folder.path.map((step) => ({ href: urls.trash(space, step.id), name: step.name })),
    ];
    return (
        <nav class="breadcrumbs" aria-label={t('breadcrumbs.label')}>
            <ol>
                {steps.map(({ href, name }) => (
                    <li key={href}>
                        <a href={href} title={name}>
                            <bdi>{name}</bdi>
                        </a>
                        <Icon name="chevronRight" size={14} />
                    </li>
                ))}
                <li class="here">
                    <h1 title={folder.name}>
                        <bdi>{folder.name}</bdi>
                    </h1>
                </li>
            </ol>
        </nav>
    );
}

function Contents({ space, list, top }: { space: string; list: ListState; top: string }) {
    const write = canWrite(spaceById(space)?.role);
    const chosen = list.selected.value;
    const menu = (entries: readonly Entry[]): MenuEntry[] =>
        write ? [{ label: t('trash.restore'), icon: 'restore', run: () => void restore(list, entries) }] : [];
    const open = async (entry: Entry): Promise<void> => {
        if (entry.kind === 'folder') return navigate(urls.trash(space, entry.id));
        if ((await showTrashedFile(entry, write)) === 'restore') await restore(list, [entry]);
    };
    const actions: ItemActions<Entry> = { open: (entry) => void open(entry), menu };
    return (
        <>
            <div class={narrow.value && chosen.length ? 'bottom-bar' : 'toolbar'}>
                {chosen.length && write ? (
                    <SelectionToolbar
                        list={list}
                        chosen={chosen}
                        actions={[
                            { label: t('trash.restore'), icon: 'restore', run: () => void restore(list, chosen) },
                        ]}
                    />
                ) : (
                    <p class="count">{t('trash.folder_note', { name: top })}</p>
                )}
            </div>
            <Items
                list={list}
                label={t('trash.title')}
                layout="folder"
                columns={columns()}
                actions={actions}
                under={folderUnder}
            />
        </>
    );
}
