// The tray: uploads and jobs. It stays while pages change, is restored after a reload, and is folded to a line on a
// phone.
import { signal, type Signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { percent } from '../../i18n/format';
import { t } from '../../i18n/language';
import { narrow } from '../../model/screen';
import { progress } from '../../model/title';
import { trayOpen } from '../../model/uploads/uploads';
import { IconButton } from '../../components/button';
import { Progress } from '../../components/progress';
import { jobRows } from './jobs';
import type { Kind } from './kind';
import { mirrored } from './mirrored';
import { takeDropped, uploads } from './uploads';

const kinds: readonly Kind[] = [uploads, mirrored, jobRows];

const unfolded = signal(false); // on a phone, where it starts folded

interface Summary {
    open: number;
    failed: number;
    part: number;
    headline: string;
    facts: readonly string[];
}

function summary(shown: readonly Kind[]): Summary {
    const running = shown.filter((kind) => kind.open() > 0);
    const told = running.length ? running : shown;
    const [only] = told;
    return {
        open: running.reduce((sum, kind) => sum + kind.open(), 0),
        failed: shown.reduce((sum, kind) => sum + kind.failed(), 0),
        part: running.length ? running.reduce((sum, kind) => sum + kind.part(), 0) / running.length : 1,
        headline: told.length === 1 ? only!.headline() : t('tray.label'),
        facts: told.length === 1 ? (only!.facts?.() ?? []) : told.map((kind) => kind.headline()),
    };
}

// The announcement for screen readers: at the start, at the end and on failure, not for each step.
function useSpoken({ open, failed, headline }: Summary): string {
    const before = useRef({ open: 0, failed: 0 });
    const [spoken, speak] = useState('');
    const latest = useRef(headline);
    latest.current = headline;
    useEffect(() => {
        const was = before.current;
        if ((was.open === 0) !== (open === 0) || failed > was.failed) speak(latest.current);
        before.current = { open, failed };
    }, [open, failed]);
    return spoken;
}

export function Tray() {
    const shown = kinds.filter((kind) => kind.open() + kind.ended() > 0);
    const now = summary(shown);
    const spoken = useSpoken(now);
    useEffect(() => {
        progress.value = now.open ? now.part : null;
    }, [now.open, now.part]);
    useEffect(() => () => void (progress.value = null), []);
    const fold = narrow.value ? unfolded : trayOpen;
    const open = fold.value;
    return (
        <>
            <span class="unseen" role="status">
                {spoken}
            </span>
            {shown.length > 0 && (
                <section
                    class={`tray ${open ? 'open' : ''}`}
                    aria-label={t('tray.label')}
                    onDragOver={(event) => uploads.open() > 0 && event.preventDefault()}
                    onDrop={takeDropped}
                >
                    <TrayHead shown={shown} now={now} fold={fold} />
                    {now.open > 0 && <Progress part={now.part} label={t('tray.label')} text={percent(now.part)} />}
                    {open && <div class="tray-rows">{shown.map((kind) => kind.rows())}</div>}
                </section>
            )}
        </>
    );
}

interface TrayHeadProps {
    shown: readonly Kind[];
    now: Summary;
    fold: Signal<boolean>; // true: the rows are shown
}

function TrayHead({ shown, now, fold }: TrayHeadProps) {
    const open = fold.value;
    return (
        <header class="tray-head">
            <div class="tray-title">
                <h2>{now.headline}</h2>
                {now.facts.length > 0 && <p>{now.facts.join(' · ')}</p>}
            </div>
            {shown.map((kind) => kind.buttons?.())}
            <IconButton
                icon={open ? 'chevronDown' : 'chevronUp'}
                label={t(open ? 'tray.fold' : 'tray.unfold')}
                aria-expanded={open}
                onClick={() => (fold.value = !open)}
            />
            {now.open === 0 && (
                <IconButton icon="x" label={t('action.close')} onClick={() => shown.forEach((kind) => kind.clear())} />
            )}
        </header>
    );
}
