// The upload tray: what is under way, how fast, how long still; each and all can be paused, gone on
// with, tried again and given up. It stays while pages change.
import { useEffect, useState } from 'preact/hooks';
import { duration, percent, size, speed } from '../../i18n/format';
import { t } from '../../i18n/language';
import { give_again, pace_now, queue, reading, tray_open } from '../../model/uploads/uploads';
import { read_drop } from '../../model/uploads/drop';
import type { Totals } from '../../model/uploads/queue';
import { Button, IconButton } from '../../parts/button';
import { confirm } from '../../parts/confirm';
import { UploadRow } from './row';

const most_shown = 200;

function usePace(active: boolean): { speed: number | null; left: number | null } {
    const [pace, set_pace] = useState(pace_now);
    useEffect(() => {
        if (!active) return;
        const timer = setInterval(() => set_pace(pace_now()), 1000);
        return () => clearInterval(timer);
    }, [active]);
    return active ? pace : { speed: null, left: null };
}

const open_count = ({ counts }: Totals): number => counts.waiting + counts.sending + counts.paused + counts.taken + counts.failed + counts.fileless;

function headline(totals: Totals): string {
    const { counts } = totals;
    if (reading.value !== null) return t('tray.reading', { n: reading.value });
    if (counts.sending && counts.sending <= totals.held) return t('tray.held');
    if (counts.sending || counts.waiting) return t('tray.uploading', { n: counts.sending + counts.waiting });
    if (counts.taken) return t('tray.asking', { n: counts.taken });
    if (counts.failed) return t('tray.failed', { n: counts.failed });
    if (counts.fileless) return t('tray.fileless', { n: counts.fileless });
    if (counts.paused) return t('tray.paused', { n: counts.paused });
    return t('tray.done', { n: counts.done });
}

export function Tray() {
    const items = queue.items.value;
    const totals = queue.totals.value;
    const active = totals.counts.sending > 0;
    const held = totals.counts.sending <= totals.held;
    const pace = usePace(active);
    if (!items.length && reading.value === null) return null;
    const part = totals.size ? totals.sent / totals.size : 1;
    const title = headline(totals);
    const facts = [active ? t('tray.sent', { sent: size(totals.sent), size: size(totals.size) }) : '', pace.speed && !held ? speed(pace.speed) : '', pace.left !== null && pace.speed && !held ? t('tray.left', { time: duration(pace.left) }) : ''].filter(Boolean);
    const open = tray_open.value;
    return (
        <section
            class={`tray ${open ? 'open' : ''}`}
            aria-label={t('tray.label')}
            onDragOver={(event) => totals.counts.fileless > 0 && event.preventDefault()}
            onDrop={(event) => {
                if (!totals.counts.fileless || !event.dataTransfer) return;
                event.preventDefault();
                event.stopPropagation();
                void read_drop(event.dataTransfer).then((drop) => give_again(drop.files.map((found) => found.file)));
            }}
        >
            <header class="tray-head">
                <div class="tray-title">
                    <h2>{title}</h2>
                    {facts.length > 0 && <p>{facts.join(' · ')}</p>}
                </div>
                <TrayButtons totals={totals} />
                <IconButton icon={open ? 'chevron_down' : 'chevron_up'} label={t(open ? 'tray.fold' : 'tray.unfold')} aria-expanded={open} onClick={() => (tray_open.value = !open)} />
                {open_count(totals) === 0 && <IconButton icon="x" label={t('act.close')} onClick={() => queue.clear_finished()} />}
            </header>
            {open_count(totals) > 0 && (
                <div class="progress" role="progressbar" aria-label={t('tray.label')} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(part * 100)} aria-valuetext={percent(part)}>
                    <div style={{ width: `${part * 100}%` }} />
                </div>
            )}
            {open && <Rows />}
            <span class="unseen" role="status">{open_count(totals) === 0 ? title : ''}</span>
        </section>
    );
}

function TrayButtons({ totals }: { totals: Totals }) {
    const { counts } = totals;
    return (
        <>
            {counts.sending + counts.waiting > 0 && <IconButton icon="pause" label={t('tray.pause_all')} onClick={queue.pause_all} />}
            {counts.sending + counts.waiting === 0 && counts.paused + counts.failed > 0 && <IconButton icon="play" label={t('tray.go_on_all')} onClick={queue.go_on_all} />}
        </>
    );
}

const order = { taken: 0, failed: 1, fileless: 2, sending: 3, paused: 4, waiting: 5, done: 6, skipped: 7 } as const;

function Rows() {
    void queue.totals.value; // the order follows the states
    const items = queue.items.value;
    const sorted = items.length > 2000 ? items.filter((item) => !['done', 'skipped', 'waiting'].includes(item.state.peek())) : [...items].sort((a, b) => order[a.state.peek()] - order[b.state.peek()]);
    const shown = sorted.slice(0, most_shown);
    const rest = items.length - shown.length;
    const open = open_count(queue.totals.value);
    return (
        <div class="tray-rows">
            <ul tabIndex={0} aria-label={t('tray.list')}>
                {shown.map((item) => <UploadRow key={item.key} item={item} />)}
                {rest > 0 && <li class="tray-rest">{t('tray.rest', { n: rest })}</li>}
            </ul>
            {items.length > 1 && open > 0 && (
                <footer>
                    {open < items.length && <Button quiet onClick={() => queue.clear_finished()}>{t('tray.clear')}</Button>}
                    <Button quiet onClick={() => void cancel_all(open)}>{t('tray.cancel_all')}</Button>
                </footer>
            )}
        </div>
    );
}

async function cancel_all(n: number): Promise<void> {
    if (await confirm({ title: t('tray.cancel_all'), text: t('tray.cancel_ask', { n }), yes: t('tray.cancel_all') })) queue.cancel_all();
}
