// A row of actions: those that have room are buttons with their words, the rest are under "More".
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { t } from '../i18n/language';
import { Icon } from './icon';
import type { IconName } from './icons';
import { MenuButton } from './menu';

export interface FittingAct {
    label: string;
    icon: IconName;
    keys?: string;
    run: () => void;
}

const gap = 2;
const moreWidth = 40;

// How many of the widths fit, beside the button for the rest where not all do.
export function countFitting(widths: readonly number[], room: number): number {
    const all = widths.reduce((sum, width) => sum + width + gap, 0) - gap;
    if (all <= room) return widths.length;
    let used = moreWidth;
    return widths.findIndex((width) => (used += width + gap) > room);
}

export function Fitting({ acts }: { acts: readonly FittingAct[] }) {
    const row = useRef<HTMLDivElement>(null);
    const widths = useRef(new Map<string, number>());
    const [shown, setShown] = useState(acts.length);
    const names = acts.map((act) => act.label).join('\n');
    const fit = (): void => {
        for (const button of row.current?.querySelectorAll<HTMLElement>('[data-act]') ?? []) widths.current.set(button.dataset.act!, button.offsetWidth);
        const known = acts.map((act) => widths.current.get(act.label));
        const all = known.filter((width) => width !== undefined);
        setShown(all.length < acts.length ? acts.length : countFitting(all, row.current!.clientWidth));
    };
    useLayoutEffect(fit, [names, shown]);
    useLayoutEffect(() => {
        const observer = new ResizeObserver(fit);
        observer.observe(row.current!);
        return () => observer.disconnect();
    }, [names]);
    const rest = acts.slice(shown);
    return (
        <div ref={row} class="fitting">
            {acts.slice(0, shown).map((act) => (
                <button key={act.label} type="button" class="button quiet" data-act={act.label} onClick={act.run} title={act.keys ? `${act.label} (${act.keys})` : undefined}>
                    <Icon name={act.icon} size={16} />
                    <span>{act.label}</span>
                </button>
            ))}
            {rest.length > 0 && <MenuButton label={t('act.more')} icon="ellipsis" entries={() => rest} />}
        </div>
    );
}
