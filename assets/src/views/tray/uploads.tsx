// This tab's uploads in the tray, with throughput and time left. Each one, or all, can be paused, resumed, retried and
// cancelled.
import { useEffect } from 'preact/hooks';
import { signal } from '@preact/signals';
import { duration, size, speed } from '../../i18n/format';
import { t } from '../../i18n/language';
import { readDrop } from '../../model/uploads/drop';
import type { Totals } from '../../model/uploads/queue';
import { giveAgain, currentThroughput, queue, reading } from '../../model/uploads/uploads';
import { Button, IconButton } from '../../components/button';
import { confirm } from '../../model/dialogs';
import type { Kind } from './kind';
import { UploadRow } from './row';

const mostShown = 200;

const throughput = signal(currentThroughput());

// Updates the throughput every second while something is sent.
function ThroughputClock() {
    useEffect(() => {
        const timer = setInterval(() => (throughput.value = currentThroughput()), 1000);
        return () => clearInterval(timer);
    }, []);
    return null;
}

const openCount = ({ counts }: Totals): number =>
    counts.waiting + counts.sending + counts.paused + counts.conflict + counts.failed + counts.fileless;

export function headline(totals: Totals): string {
    const { counts } = totals;
    if (reading.value !== null) return t('tray.reading', { n: reading.value });
    if (counts.sending && counts.sending <= totals.held) return t('tray.held');
    if (counts.sending || counts.waiting) return t('tray.uploading', { n: counts.sending + counts.waiting });
    if (counts.conflict) return t('tray.asking', { n: counts.conflict });
    if (counts.failed) return t('tray.failed', { n: counts.failed });
    if (counts.fileless) return t('tray.fileless', { n: counts.fileless });
    if (counts.paused) return t('tray.paused', { n: counts.paused });
    return t('tray.done', { n: counts.done });
}

function facts(): string[] {
    const totals = queue.totals.value;
    if (!totals.counts.sending) return [];
    const sent = t('tray.sent', { sent: size(totals.sent), size: size(totals.size) });
    const now = throughput.value;
    if (!now.speed || totals.counts.sending <= totals.held) return [sent];
    return [sent, speed(now.speed), ...(now.left === null ? [] : [t('tray.left', { time: duration(now.left) })])];
}

export const uploads: Kind = {
    name: 'uploads',
    open: () => openCount(queue.totals.value) + (reading.value === null ? 0 : 1),
    ended: () => queue.items.value.length - openCount(queue.totals.value),
    failed: () => queue.totals.value.counts.failed,
    part: () => (queue.totals.value.size ? queue.totals.value.sent / queue.totals.value.size : 1),
    headline: () => headline(queue.totals.value),
    facts,
    clear: () => queue.clearFinished(),
    buttons: () => <UploadButtons key="uploads" totals={queue.totals.value} />,
    rows: () => <UploadRows key="uploads" />,
};

// Files that are dropped on the tray are matched with uploads that need their file.
export function takeDropped(event: DragEvent): void {
    if (!queue.totals.peek().counts.fileless || !event.dataTransfer) return;
    event.preventDefault();
    event.stopPropagation();
    void readDrop(event.dataTransfer).then((drop) => giveAgain(drop.files.map((found) => found.file)));
}

function UploadButtons({ totals: { counts } }: { totals: Totals }) {
    return (
        <>
            {counts.sending > 0 && <ThroughputClock />}
            {counts.sending + counts.waiting > 0 && (
                <IconButton icon="pause" label={t('tray.pause_all')} onClick={queue.pauseAll} />
            )}
            {counts.sending + counts.waiting === 0 && counts.paused + counts.failed > 0 && (
                <IconButton icon="play" label={t('tray.resume_all')} onClick={queue.resumeAll} />
            )}
        </>
    );
}

const order = { conflict: 0, failed: 1, fileless: 2, sending: 3, paused: 4, waiting: 5, done: 6, skipped: 7 } as const;

function UploadRows() {
    void queue.totals.value; // subscribes: the order depends on the states
    const items = queue.items.value;
    const sorted =
        items.length > 2000
            ? items.filter((item) => !['done', 'skipped', 'waiting'].includes(item.state.peek()))
            : [...items].sort((a, b) => order[a.state.peek()] - order[b.state.peek()]);
    const shown = sorted.slice(0, mostShown);
    const rest = items.length - shown.length;
    const open = openCount(queue.totals.value);
    return (
        <>
            <ul tabIndex={0} aria-label={t('tray.list')}>
                {shown.map((item) => (
                    <UploadRow key={item.key} item={item} />
                ))}
                {rest > 0 && <li class="tray-rest">{t('tray.rest', { n: rest })}</li>}
            </ul>
            {items.length > 1 && open > 0 && (
                <footer>
                    {open < items.length && (
                        <Button quiet onClick={() => queue.clearFinished()}>
                            {t('tray.clear')}
                        </Button>
                    )}
                    <Button quiet onClick={() => void cancelAll(open)}>
                        {t('tray.cancel_all')}
                    </Button>
                </footer>
            )}
        </>
    );
}

async function cancelAll(n: number): Promise<void> {
    if (await confirm({ title: t('tray.cancel_all'), text: t('tray.cancel_ask', { n }), yes: t('tray.cancel_all') }))
        queue.cancelAll();
}
