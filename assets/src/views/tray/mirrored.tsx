// Uploads of other tabs.
import { t } from '../../i18n/language';
import { fileKind } from '../../model/kinds';
import { askTab, mirrorUploads, mirrors, rowsTold, type MirroredRow } from '../../model/uploads/mirror';
import { thisTab } from '../../model/uploads/presence';
import { queue } from '../../model/uploads/uploads';
import { IconButton } from '../../components/button';
import { KindIcon } from '../../components/icon';
import { Name } from '../../components/name';
import { ThinProgress } from '../../components/progress';
import type { Kind } from './kind';
import { words } from './row';
import { headline, uploads } from './uploads';

const sum = (of: (one: (typeof mirrors.value)[number]) => number): number =>
    mirrors.value.reduce((all, one) => all + of(one), 0);

export const mirrored: Kind = {
    name: 'mirrored',
    open: () => sum((one) => one.open),
    ended: () => 0,
    failed: () => 0,
    part: () => (mirrors.value.length ? sum((one) => one.part) / mirrors.value.length : 1),
    headline: () => mirrors.value[0]?.headline ?? '',
    facts: () => [t('tray.other_tab')],
    clear: () => undefined,
    rows: () => <Mirrors key="mirrored" />,
};

function Mirrors() {
    return (
        <ul tabIndex={0} aria-label={t('tray.other_tab')}>
            {mirrors.value.map((one) => [
                ...one.rows.map((row) => <Row key={row.key} row={row} tab={one.tab} />),
                one.all > one.rows.length && (
                    <li key={one.tab} class="tray-rest">
                        {t('tray.rest', { n: one.all - one.rows.length })}
                    </li>
                ),
            ])}
        </ul>
    );
}

function Row({ row, tab }: { row: MirroredRow; tab: string }) {
    const label = { name: row.name };
    const sends = row.state === 'sending' || row.state === 'waiting';
    return (
        <li class={`upload ${row.state}`}>
            <KindIcon kind={fileKind({ kind: 'file', name: row.name, mime: null })} />
            <div class="upload-text">
                <Name name={row.name} />
                <p class={row.state === 'failed' ? 'wrong' : ''}>{row.text}</p>
                {row.part !== null && <ThinProgress part={row.part} />}
            </div>
            {sends && (
                <IconButton
                    icon="pause"
                    size={16}
                    label={t('upload.pause', label)}
                    onClick={() => askTab(tab, row.key, 'pause')}
                />
            )}
            {(row.state === 'paused' || row.state === 'failed') && (
                <IconButton
                    icon={row.state === 'paused' ? 'play' : 'refresh'}
                    size={16}
                    label={t(row.state === 'paused' ? 'upload.resume' : 'upload.retry', label)}
                    onClick={() => askTab(tab, row.key, 'resume')}
                />
            )}
            <IconButton
                icon="x"
                size={16}
                label={t('upload.cancel', label)}
                onClick={() => askTab(tab, row.key, 'cancel')}
            />
        </li>
    );
}

// Broadcasts this tab's uploads to the others.
export function shareUploads(): void {
    const look = () => {
        const items = queue.items.value.filter((item) => !['done', 'skipped'].includes(item.state.value));
        const rows = items.slice(0, rowsTold).map((item): MirroredRow => {
            const state = item.state.value;
            const { name, size } = item.saved;
            return {
                key: item.key,
                name,
                state,
                text: words(item),
                part: size && ['sending', 'paused'].includes(state) ? item.sent.value / size : null,
            };
        });
        return {
            open: uploads.open(),
            all: items.length,
            part: uploads.part(),
            headline: headline(queue.totals.value),
            rows,
        };
    };
    mirrorUploads(thisTab, look, (key, command) => {
        const item = queue.items.peek().find((one) => one.key === key);
        if (item) queue[command](item);
    });
}
