// A file shown large over the page (?preview=ID): images, text, PDF, audio, video; with the arrow
// keys to its neighbours in the list beneath.
import { useEffect, useRef, useState } from 'preact/hooks';
import * as api from '../../api/entries';
import { isAbort } from '../../api/error';
import type { Entry } from '../../api/shapes';
import { size } from '../../i18n/format';
import { t } from '../../i18n/language';
import { explain } from '../../model/error-text';
import { visibleList, currentFolder } from '../../model/current-folder';
import { detailsOpen } from '../../model/details';
import { navigate, previewed, withPreview } from '../../model/route';
import { IconButton } from '../../components/button';
import { focusHome } from '../../components/home-focus';
import { Icon } from '../../components/icon';
import { Name, Skeleton, When } from '../../components/small';
import { Content } from './content';

export function Preview() {
    const id = previewed.value;
    return id ? <Shown id={id} /> : null;
}

// The entry: from the list beneath at once, else fetched.
function useEntry(id: string): { entry: Entry | null; error: string | null } {
    const known = visibleList.value?.item(id) ?? null;
    const [fetched, setFetched] = useState<Entry | null>(null);
    const [error, setError] = useState<string | null>(null);
    useEffect(() => {
        setError(null);
        if (known) return;
        const stop = new AbortController();
        api.openEntry(id, stop.signal).then(setFetched, (error: unknown) => isAbort(error) || setError(explain(error)));
        return () => stop.abort();
    }, [id, known === null]);
    return { entry: known ?? (fetched?.id === id ? fetched : null), error };
}

function neighbours(id: string): { before: string | null; after: string | null; at: number; of: number } {
    const list = visibleList.value;
    const files = list?.pages.items.value.filter((item) => item.kind === 'file') ?? [];
    const at = files.findIndex((item) => item.id === id);
    return {
        before: files[at - 1]?.id ?? null,
        after: at < 0 ? null : (files[at + 1]?.id ?? null),
        at,
        of: files.length,
    };
}

function close(): void {
    navigate(withPreview(null));
}

function Shown({ id }: { id: string }) {
    const dialog = useRef<HTMLDialogElement>(null);
    const { entry, error } = useEntry(id);
    const { before, after, at, of } = neighbours(id);
    const go = (to: string | null): void => {
        if (!to) return;
        navigate(withPreview(to), { replace: true });
        visibleList.peek()?.select(to);
    };
    useEffect(() => {
        dialog.current?.showModal();
        dialog.current?.focus();
        return () => queueMicrotask(focusHome);
    }, []);
    const onKey = (event: KeyboardEvent): void => {
        event.stopPropagation();
        if ((event.target as Element).closest('audio, video, pre, select')) return;
        if (event.key === 'ArrowLeft') go(before);
        else if (event.key === 'ArrowRight') go(after);
    };
    return (
        <dialog
            ref={dialog}
            class="preview"
            tabIndex={-1}
            aria-label={entry ? t('preview.of', { name: entry.name }) : t('loading')}
            onCancel={(event) => (event.preventDefault(), close())}
            onKeyDown={onKey}
        >
            <header class="preview-head">
                <IconButton icon="x" label={t('action.close')} onClick={close} />
                {entry && (
                    <div class="preview-title">
                        <h2>
                            <Name name={entry.name} />
                        </h2>
                        <p>
                            {size(entry.size)} · <When at={entry.modified_at} />
                            {of > 1 && at >= 0 && <> · {t('preview.place', { at: at + 1, of })}</>}
                        </p>
                    </div>
                )}
                {entry && currentFolder.value && (
                    <IconButton
                        icon="info"
                        label={t('details.title')}
                        onClick={() => (
                            close(),
                            currentFolder.peek()?.list.select(entry.id),
                            (detailsOpen.value = true)
                        )}
                    />
                )}
                {entry && (
                    <a
                        class="icon-button"
                        href={api.contentUrl(entry, 'attachment')}
                        download={entry.name}
                        aria-label={t('action.download')}
                        title={t('action.download')}
                    >
                        <Icon name="download" />
                    </a>
                )}
            </header>
            <div class="preview-body" onClick={(event) => event.target === event.currentTarget && close()}>
                {before && (
                    <IconButton
                        class="preview-step before"
                        icon="chevronLeft"
                        size={24}
                        label={t('preview.before')}
                        onClick={() => go(before)}
                    />
                )}
                {error ? (
                    <p class="preview-none" role="alert">
                        {error}
                    </p>
                ) : entry ? (
                    <Content key={`${entry.id} ${entry.version}`} entry={entry} />
                ) : (
                    <Skeleton />
                )}
                {after && (
                    <IconButton
                        class="preview-step after"
                        icon="chevronRight"
                        size={24}
                        label={t('preview.after')}
                        onClick={() => go(after)}
                    />
                )}
            </div>
        </dialog>
    );
}
