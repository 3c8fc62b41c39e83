// One line of a list.
import type { Entry } from '../../api/shapes';
import { t } from '../../i18n/language';
import { fileKind } from '../../model/kinds';
import { entryClipboard } from '../../model/current-folder';
import { narrow } from '../../model/screen';
import { IconButton } from '../button';
import { focusHome } from '../home-focus';
import { Icon, KindIcon } from '../icon';
import { Name } from '../name';
import { useLate } from '../skeleton';
import type { ItemsProps } from './columns';
import { RenameField } from './rename';

interface RowProps<T extends Entry> extends ItemsProps<T> {
    item: T | null; // null: not fetched yet
    index: number;
    top: number;
    height: number;
}

export function Row<T extends Entry>(props: RowProps<T>) {
    const { item, index, top, height, list, columns, actions, draggable, drop } = props;
    const style = { transform: `translateY(${top}px)`, height: `${height}px` };
    if (!item) return <Ghost index={index} style={style} />;
    const leaving = list.pages.leaving.value.has(item.id);
    const on = !leaving && list.selection.value.ids.has(item.id);
    const at = list.selection.value.focus === item.id;
    const open = drop?.(item);
    const cut = entryClipboard.value?.cut && entryClipboard.value.entries.some((entry) => entry.id === item.id);
    const [first, ...others] = columns;
    return (
        <div
            id={`row-${item.id}`}
            data-id={item.id}
            data-drop={open ? item.id : undefined}
            data-drop-name={open ? item.name : undefined}
            role="row"
            class={`row cells ${on ? 'on' : ''} ${at ? 'at' : ''} ${cut || leaving ? 'cut' : ''}`}
            aria-busy={leaving || undefined}
            aria-rowindex={index}
            aria-selected={on}
            draggable={draggable && list.renaming.value !== item.id}
            style={style}
        >
            <div role="gridcell" aria-colindex={1} class={`cell ${first!.name}`}>
                <Tick />
                <KindIcon kind={fileKind(item)} />
                {list.renaming.value === item.id && actions.rename ? (
                    <RenameField entry={item} done={(name) => finishRename(props, item, name)} />
                ) : (
                    <span class="title">
                        <Name name={item.name} folder={item.kind === 'folder'} kind={t(`kind.${fileKind(item)}`)} />
                        {narrow.value && <span class="under">{props.under(item)}</span>}
                    </span>
                )}
                <IconButton
                    icon="ellipsis"
                    label={t('action.more_for', { name: item.name })}
                    tabIndex={-1}
                    data-part="menu"
                    class="row-menu"
                />
            </div>
            {!narrow.value &&
                others.map((column, i) => (
                    <div key={column.name} role="gridcell" aria-colindex={i + 2} class={`cell ${column.name}`}>
                        {column.cell(item)}
                    </div>
                ))}
        </div>
    );
}

export function finishRename<T extends Entry>({ list, actions }: ItemsProps<T>, item: T, name: string | null): void {
    list.renaming.value = null;
    if (name !== null) actions.rename?.(item, name);
    focusHome();
}

export const Tick = () => (
    <span class="tick" data-part="tick" aria-hidden="true">
        <Icon name="check" size={12} />
    </span>
);

function Ghost({ index, style }: { index: number; style: Record<string, string> }) {
    const late = useLate();
    return (
        <div role="row" class="row ghost" aria-rowindex={index} aria-busy="true" style={style}>
            <div role="gridcell" class="cell">
                {late && <span class={`ghost-bar w${index % 4}`} />}
            </div>
        </div>
    );
}
