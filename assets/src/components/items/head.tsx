// The column heads; sortable ones are buttons.
import { t } from '../../i18n/language';
import { sort } from '../../model/preferences';
import type { SortKey } from '../../api/shapes';
import { Icon } from '../icon';
import type { Column } from './columns';

export function sortBy(key: SortKey): void {
    const now = sort.peek();
    const first = key === 'size' || key === 'modified_at' ? 'desc' : 'asc';
    sort.value = { key, order: now.key !== key ? first : now.order === 'asc' ? 'desc' : 'asc' };
}

export function Head<T>({ columns }: { columns: readonly Column<T>[] }) {
    return (
        <div class="head" role="rowgroup">
            <div role="row" aria-rowindex={1} class="cells">
                {columns.map((column, i) => {
                    const on = column.sort !== undefined && sort.value.key === column.sort;
                    const order = sort.value.order === 'asc' ? 'ascending' : 'descending';
                    return (
                        <div
                            key={column.name}
                            role="columnheader"
                            aria-colindex={i + 1}
                            aria-sort={on ? order : undefined}
                            class={`cell ${column.name}`}
                        >
                            {column.sort ? (
                                <button
                                    type="button"
                                    class="sorter"
                                    onClick={() => sortBy(column.sort!)}
                                    title={t('sort.by', { what: column.label })}
                                >
                                    {column.label}
                                    {on && <Icon name={order === 'ascending' ? 'arrowUp' : 'arrowDown'} size={14} />}
                                </button>
                            ) : (
                                <span>{column.label}</span>
                            )}
                        </div>
                    );
                })}
            </div>
        </div>
    );
}
