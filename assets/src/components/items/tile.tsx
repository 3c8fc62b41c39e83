// A tile of the grid: a thumbnail, or else the large icon of its kind.
import { useState } from 'preact/hooks';
import { contentUrl } from '../../api/entries';
import type { Entry } from '../../api/shapes';
import { size } from '../../i18n/format';
import { t } from '../../i18n/language';
import { fileKind, hasThumbnail } from '../../model/kinds';
import { IconButton } from '../button';
import { KindIcon } from '../icon';
import { Name } from '../name';
import type { ItemsProps } from './columns';
import { RenameField } from './rename';
import { Tick, finishRename } from './row';

interface TileProps<T extends Entry> extends ItemsProps<T> {
    item: T | null;
    column: number;
}

export function Tile<T extends Entry>(props: TileProps<T>) {
    const { item, column, list, actions, draggable, drop } = props;
    if (!item) return <div role="gridcell" aria-colindex={column} class="tile ghost" aria-busy="true" />;
    const leaving = list.pages.leaving.value.has(item.id);
    const on = !leaving && list.selection.value.ids.has(item.id);
    const at = list.selection.value.focus === item.id;
    const open = drop?.(item);
    return (
        <div
            id={`row-${item.id}`}
            data-id={item.id}
            data-drop={open ? item.id : undefined}
            data-drop-name={open ? item.name : undefined}
            role="gridcell"
            class={`tile ${on ? 'on' : ''} ${at ? 'at' : ''} ${leaving ? 'cut' : ''}`}
            aria-busy={leaving || undefined}
            aria-colindex={column}
            aria-selected={on}
            draggable={draggable && list.renaming.value !== item.id}
        >
            <div class="thumb">
                <Picture item={item} />
                <Tick />
                <IconButton
                    icon="ellipsis"
                    label={t('action.more_for', { name: item.name })}
                    tabIndex={-1}
                    data-part="menu"
                    class="row-menu"
                />
            </div>
            <div class="tile-text">
                {list.renaming.value === item.id && actions.rename ? (
                    <RenameField entry={item} done={(name) => finishRename(props, item, name)} />
                ) : (
                    <Name
                        name={item.name}
                        folder={item.kind === 'folder'}
                        kind={item.kind === 'file' ? t(`kind.${fileKind(item)}`) : ''}
                    />
                )}
                <span class="under">{item.kind === 'folder' ? t('kind.folder') : size(item.size)}</span>
            </div>
        </div>
    );
}

function Picture({ item }: { item: Entry }) {
    const [broken, setBroken] = useState(false);
    if (!hasThumbnail(item) || broken) return <KindIcon kind={fileKind(item)} size={44} />;
    return (
        <img
            src={contentUrl(item, 'inline')}
            alt=""
            loading="lazy"
            decoding="async"
            draggable={false}
            onError={() => setBroken(true)}
        />
    );
}
