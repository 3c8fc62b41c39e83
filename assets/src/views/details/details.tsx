// The details of the selection, or of the folder itself: a panel, or a sheet on a phone.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Entry } from '../../api/shapes';
import { count, size } from '../../i18n/format';
import { t, type Key } from '../../i18n/language';
import { fileKind, hasThumbnail, previewKind, type FileKind } from '../../model/kinds';
import type { ListState } from '../../model/list-state';
import { currentFolder } from '../../model/current-folder';
import { detailsOpen } from '../../model/details';
import { navigate, withPreview } from '../../model/route';
import { narrow } from '../../model/screen';
import { cleared } from '../../model/selection';
import { canWrite } from '../../model/spaces';
import { contentUrl } from '../../api/entries';
import { Button, IconButton } from '../../components/button';
import { Copyable } from '../../components/copyable';
import { Icon, KindIcon } from '../../components/icon';
import { When } from '../../components/when';
import { Recipes } from './recipes';
import { focusHome } from '../../components/home-focus';
import { useLayer } from '../../components/use-layer';
import { Versions } from './versions';

export function Details({ list }: { list: ListState }) {
    const panel = useRef<HTMLElement>(null);
    const close = (): void => {
        detailsOpen.value = false;
        if (narrow.peek()) list.selection.value = cleared(list.selection.peek());
        focusHome();
    };
    useLayer(true, close);
    useEffect(() => {
        if (narrow.peek()) panel.current?.querySelector<HTMLElement>('button')?.focus();
    }, []);
    const chosen = list.selected.value;
    return (
        <>
            {narrow.value && <div class="scrim" aria-hidden="true" onClick={close} />}
            <aside
                ref={panel}
                class="details"
                aria-label={t('details.title')}
                onKeyDown={(event) => event.key === 'Escape' && close()}
            >
                <header class="details-head">
                    <h2>{t('details.title')}</h2>
                    <IconButton icon="x" label={t('action.close')} onClick={close} />
                </header>
                <div class="details-body" tabIndex={0} role="region" aria-label={t('details.content')}>
                    {chosen.length === 1 ? (
                        <OneEntry key={chosen[0]!.id} entry={chosen[0]!} />
                    ) : chosen.length ? (
                        <Several entries={chosen} />
                    ) : (
                        <ThisFolder list={list} />
                    )}
                </div>
            </aside>
        </>
    );
}

export function Facts({ rows }: { rows: readonly (readonly [Key, preact.ComponentChild])[] }) {
    return (
        <dl class="facts">
            {rows.map(([key, value]) => (
                <div key={key}>
                    <dt>{t(key)}</dt>
                    <dd>{value}</dd>
                </div>
            ))}
        </dl>
    );
}

// A picture, or else a line with the icon of the kind.
function Head({ kind, name, picture = null }: { kind: FileKind; name: string; picture?: string | null }) {
    const [broken, setBroken] = useState(false);
    const title = (
        <h3 class="details-name">
            <bdi>{name}</bdi>
        </h3>
    );
    if (!picture || broken)
        return (
            <div class="details-icon">
                <KindIcon kind={kind} size={40} />
                {title}
            </div>
        );
    return (
        <>
            <div class="details-picture">
                <img src={picture} alt="" onError={() => setBroken(true)} />
            </div>
            {title}
        </>
    );
}

function OneEntry({ entry }: { entry: Entry }) {
    const kind = fileKind(entry);
    const folder = entry.kind === 'folder';
    const write = canWrite(currentFolder.value?.role);
    return (
        <>
            <Head kind={kind} name={entry.name} picture={hasThumbnail(entry) ? contentUrl(entry, 'inline') : null} />
            {!folder && (
                <div class="details-actions">
                    {previewKind(entry) && (
                        <Button icon="eye" onClick={() => navigate(withPreview(entry.id))}>
                            {t('action.open')}
                        </Button>
                    )}
                    <a class="button" href={contentUrl(entry, 'attachment')} download={entry.name}>
                        <Icon name="download" size={16} />
                        <span>{t('action.download')}</span>
                    </a>
                </div>
            )}
            <Facts
                rows={[
                    ['fact.kind', t(`kind.${kind}`)],
                    ...(folder
                        ? []
                        : ([
                              ['fact.size', <span title={t('fact.bytes', { n: entry.size })}>{size(entry.size)}</span>],
                          ] as const)),
                    ['fact.modified', <When at={entry.modified_at} />],
                    ...(entry.modified_by ? ([['fact.by', entry.modified_by]] as const) : []),
                    ...(entry.uploaded_at ? ([['fact.uploaded', <When at={entry.uploaded_at} />]] as const) : []),
                    ['fact.created', <When at={entry.created_at} />],
                    ...(entry.sha256
                        ? ([['fact.sha256', <Copyable text={entry.sha256} label={t('action.copy_sha256')} />]] as const)
                        : []),
                ]}
            />
            {!folder && <Versions entry={entry} write={write} />}
            <Recipes entry={entry} write={write} />
        </>
    );
}

function Several({ entries }: { entries: readonly Entry[] }) {
    const files = entries.filter((entry) => entry.kind === 'file');
    const bytes = files.reduce((sum, entry) => sum + entry.size, 0);
    return (
        <>
            <Head kind={files.length ? 'other' : 'folder'} name={t('count.selected', { n: entries.length })} />
            <Facts
                rows={[
                    ['fact.files', count(files.length)],
                    ['fact.folders', count(entries.length - files.length)],
                    ['fact.size', size(bytes)],
                ]}
            />
        </>
    );
}

function ThisFolder({ list }: { list: ListState }) {
    const here = currentFolder.value;
    if (!here) return null;
    const total = list.pages.total.value;
    return (
        <>
            <Head kind="folder" name={here.folder.name} />
            <Facts
                rows={[
                    ['fact.items', total === null ? '…' : count(total)],
                    ['fact.role', t(`role.${here.role}`)],
                ]}
            />
            <p class="note">{t('details.hint')}</p>
            <Recipes
                entry={{ id: here.folder.id, kind: 'folder', name: here.folder.name, parent_id: null }}
                write={canWrite(here.role)}
            />
        </>
    );
}
