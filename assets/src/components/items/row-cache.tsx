// The rows of a list, cached. Preact skips a row whose node is the same object, so scrolling renders only the rows that
// come into view. A row renders again by itself when a signal that it reads changes.
import type { VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Entry } from '../../api/shapes';
import type { ItemsProps } from './columns';
import { Row } from './row';
import type { Geometry } from './use-geometry';

export function useRows<T extends Entry>(props: ItemsProps<T>, { head, height, topOf }: Geometry) {
    const cache = useRef(new Map<string, { node: VNode; deps: readonly unknown[] }>());
    const fresh = new Map<string, { node: VNode; deps: readonly unknown[] }>();
    useLayoutEffect(() => {
        cache.current = fresh;
    });
    return (at: number, item: T | null): VNode => {
        const key = item?.id ?? String(at);
        const index = at + (head ? 2 : 1);
        const top = topOf(at);
        const deps = [item, index, top, height, props.list, props.actions, props.columns];
        const known = cache.current.get(key);
        const kept = known?.deps.every((dep, i) => dep === deps[i])
            ? known
            : { node: <Row key={key} item={item} index={index} top={top} height={height} {...props} />, deps };
        fresh.set(key, kept);
        return kept.node;
    };
}
