// The tiles of a grid, row by row.
import type { Entry } from '../../api/shapes';
import type { ItemsProps } from './columns';
import { Tile } from './tile';
import type { Geometry } from './use-geometry';

interface TileRowsProps<T extends Entry> {
    indexes: readonly number[];
    geometry: Geometry;
    items: ItemsProps<T>;
}

export function TileRows<T extends Entry>({ indexes, geometry, items: props }: TileRowsProps<T>) {
    const { across, topOf } = geometry;
    const items = props.list.pages.items.value;
    return (
        <>
            {byRow(indexes, across).map(({ row, members }) => (
                <div
                    key={row}
                    role="row"
                    class="tile-row"
                    aria-rowindex={row + 1}
                    style={{
                        transform: `translateY(${topOf(row)}px)`,
                        gridTemplateColumns: `repeat(${across}, minmax(0, 1fr))`,
                    }}
                >
                    {members.map((i) => (
                        <Tile key={items[i]?.id ?? i} item={items[i] ?? null} column={(i % across) + 1} {...props} />
                    ))}
                </div>
            ))}
        </>
    );
}

function byRow(indexes: readonly number[], across: number): { row: number; members: number[] }[] {
    const rows = new Map<number, number[]>();
    for (const i of indexes) {
        const row = Math.floor(i / across);
        rows.set(row, [...(rows.get(row) ?? []), i]);
    }
    return [...rows].map(([row, members]) => ({ row, members }));
}
