// A table whose rows are fetched in pages, as its end comes near.
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import type { Page } from '../../api/shapes';
import { t } from '../../i18n/language';
import { explain } from '../../model/error-text';
import { Pages, untagged } from '../../model/pages';
import { Button } from '../../components/button';
import { useHomeFocus } from '../../components/home-focus';
import { Failed } from '../../components/empty';
import { Skeleton } from '../../components/skeleton';

// The rows of a table. Requires: `fetch` is the same function in every render. A new `filter` starts a new list.
export function usePages<T extends { id: string }, F>(
    fetch: (filter: F, cursor: string | null, signal: AbortSignal) => Promise<Page<T>>,
    filter: F,
): Pages<T> {
    const key = JSON.stringify(filter);
    const pages = useMemo(() => {
        const asked = JSON.parse(key) as F;
        return new Pages<T>(untagged(({ cursor, signal }) => fetch(asked, cursor, signal)));
    }, [fetch, key]);
    useEffect(() => {
        void pages.ensure(0);
        return () => pages.pause();
    }, [pages]);
    return pages;
}

// Fetches more rows when the end of the table comes near.
function useMore<T extends { id: string }>(pages: Pages<T>) {
    const end = useRef<HTMLDivElement>(null);
    const more = !pages.complete && pages.phase.value === 'ready';
    const { length } = pages.items.value;
    useEffect(() => {
        if (!end.current || !more) return;
        const watch = new IntersectionObserver(([seen]) => seen?.isIntersecting && void pages.ensure(length), {
            rootMargin: '400px',
        });
        watch.observe(end.current);
        return () => watch.disconnect();
    }, [pages, more, length]);
    return { end, more };
}

interface PagedProps<T extends { id: string }> {
    pages: Pages<T>;
    name: string; // CSS class
    label: string;
    heads: readonly (readonly [name: string, text: string])[];
    row: (item: T) => ComponentChildren;
    none: string;
}

export function Paged<T extends { id: string }>({ pages, name, label, heads, row, none }: PagedProps<T>) {
    const { end, more } = useMore(pages);
    const items = pages.items.value;
    useHomeFocus(pages.phase.value !== 'loading');
    if (pages.phase.value === 'failed' && !items.length)
        return <Failed text={explain(pages.error)} retry={() => void pages.refresh(true)} />;
    if (pages.phase.value === 'loading') return <Skeleton />;
    return (
        <div class="table-scroll" tabIndex={0} role="region" aria-label={label} data-home-focus>
            <table class={`table ${name}`}>
                <thead>
                    <tr>
                        {heads.map(([column, text]) => (
                            <th key={column} scope="col" class={column}>
                                {text || <span class="unseen">{t('action.more')}</span>}
                            </th>
                        ))}
                    </tr>
                </thead>
                <tbody>{items.map(row)}</tbody>
            </table>
            {!items.length && <p class="table-none">{none}</p>}
            <div ref={end}>
                {more && (
                    <Button quiet onClick={() => void pages.ensure(items.length)}>
                        {t('action.show_more')}
                    </Button>
                )}
            </div>
        </div>
    );
}
