// A list, or what replaces it while it is loading, when it failed, or when it is empty.
import type { ComponentChildren } from 'preact';
import { Failed } from '../components/empty';
import { Skeleton } from '../components/skeleton';
import { explain } from '../model/error-text';
import type { Pages } from '../model/pages';

interface ListBodyProps<T extends { id: string }> {
    pages: Pages<T>;
    empty: ComponentChildren;
    children: ComponentChildren;
}

export function ListBody<T extends { id: string }>({ pages, empty, children }: ListBodyProps<T>) {
    const phase = pages.phase.value;
    if (phase === 'failed') return <Failed text={explain(pages.error)} retry={() => void pages.refresh(true)} />;
    if (phase === 'loading') return <Skeleton />;
    return <>{pages.items.value.length === 0 ? empty : children}</>;
}
