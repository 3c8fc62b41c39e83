// A preview over the page (?preview=ID) of an image, text, PDF, audio or video. The arrow keys step through the list
// beneath.
import { useEffect, useRef, useState } from 'preact/hooks';
import { openEntry } from '../../api/entries';
import { isAbort } from '../../api/error';
import type { Entry } from '../../api/shapes';
import { IconButton } from '../../components/button';
import { focusHome } from '../../components/home-focus';
import { Skeleton } from '../../components/skeleton';
import { useMount } from '../../components/use-mount';
import { t } from '../../i18n/language';
import { visibleList } from '../../model/current-folder';
import { explain } from '../../model/error-text';
import { navigate, previewed, withPreview } from '../../model/route';
import { Content } from './content';
import { PreviewHead } from './head';

export function Preview() {
    const id = previewed.value;
    return id ? <Shown id={id} /> : null;
}

// The entry, from the list beneath or else fetched.
function useEntry(id: string): { entry: Entry | null; error: string | null } {
    const known = visibleList.value?.item(id) ?? null;
    const isKnown = known !== null;
    const [fetched, setFetched] = useState<Entry | null>(null);
    const [error, setError] = useState<string | null>(null);
    useEffect(() => {
        setError(null);
        if (isKnown) return;
        const stop = new AbortController();
        openEntry(id, stop.signal).then(
            setFetched,
            (failure: unknown) => isAbort(failure) || setError(explain(failure)),
        );
        return () => stop.abort();
    }, [id, isKnown]);
    return { entry: known ?? (fetched?.id === id ? fetched : null), error };
}

interface Neighbours {
    before: string | null;
    after: string | null;
    at: number; // -1: not in the list
    of: number;
}

function neighbours(id: string): Neighbours {
    const files = visibleList.value?.pages.items.value.filter((item) => item.kind === 'file') ?? [];
    const at = files.findIndex((item) => item.id === id);
    const after = at < 0 ? null : (files[at + 1]?.id ?? null);
    return { before: files[at - 1]?.id ?? null, after, at, of: files.length };
}

const close = (): void => navigate(withPreview(null));

function go(to: string | null): void {
    if (!to) return;
    navigate(withPreview(to), { replace: true });
    visibleList.peek()?.select(to);
}

function onKey(event: KeyboardEvent, { before, after }: Neighbours): void {
    event.stopPropagation();
    if ((event.target as Element).closest('audio, video, pre, select')) return;
    if (event.key === 'ArrowLeft') go(before);
    else if (event.key === 'ArrowRight') go(after);
}

function Shown({ id }: { id: string }) {
    const dialog = useRef<HTMLDialogElement>(null);
    const { entry, error } = useEntry(id);
    const beside = neighbours(id);
    useMount(() => {
        dialog.current?.showModal();
        dialog.current?.focus();
        return () => queueMicrotask(focusHome);
    });
    const cancel = (event: Event): void => {
        event.preventDefault();
        close();
    };
    return (
        <dialog
            ref={dialog}
            class="preview"
            tabIndex={-1}
            aria-label={entry ? t('preview.of', { name: entry.name }) : t('loading')}
            onCancel={cancel}
            onKeyDown={(event) => onKey(event, beside)}
        >
            <PreviewHead entry={entry} beside={beside} close={close} />
            <div
                class="preview-body"
                role="presentation"
                onClick={(event) => event.target === event.currentTarget && close()}
            >
                <Step to={beside.before} way="before" />
                <Body entry={entry} error={error} />
                <Step to={beside.after} way="after" />
            </div>
        </dialog>
    );
}

function Body({ entry, error }: { entry: Entry | null; error: string | null }) {
    if (error)
        return (
            <p class="preview-none" role="alert">
                {error}
            </p>
        );
    return entry ? <Content key={`${entry.id} ${entry.version}`} entry={entry} /> : <Skeleton />;
}

function Step({ to, way }: { to: string | null; way: 'before' | 'after' }) {
    if (!to) return null;
    return (
        <IconButton
            class={`preview-step ${way}`}
            icon={way === 'before' ? 'chevronLeft' : 'chevronRight'}
            size={24}
            label={t(way === 'before' ? 'preview.before' : 'preview.after')}
            onClick={() => go(to)}
        />
    );
}
