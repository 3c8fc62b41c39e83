// A toolbar: actions that fit are buttons with text, the others are in the menu "More".
import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { t } from '../i18n/language';
import { Icon } from './icon';
import type { IconName } from './icons';
import { MenuButton } from './menu';

export interface ToolbarAction {
    label: string;
    icon: IconName;
    keys?: string;
    run: () => void;
}

const gap = 2;
const moreWidth = 40;

// How many buttons fit, beside the menu button if not all do.
export function countFitting(widths: readonly number[], room: number): number {
    const all = widths.reduce((sum, width) => sum + width + gap, 0) - gap;
    if (all <= room) return widths.length;
    let used = moreWidth;
    return widths.findIndex((width) => (used += width + gap) > room);
}

export function OverflowToolbar({ actions }: { actions: readonly ToolbarAction[] }) {
    const row = useRef<HTMLDivElement>(null);
    const widths = useRef(new Map<string, number>());
    const [shown, setShown] = useState(actions.length);
    const names = actions.map((action) => action.label).join('\n');
    const latest = useRef(actions);
    latest.current = actions;
    const fit = useCallback((): void => {
        for (const button of row.current?.querySelectorAll<HTMLElement>('[data-action]') ?? [])
            widths.current.set(button.dataset.action!, button.offsetWidth);
        const { length } = latest.current;
        const known = latest.current.map((action) => widths.current.get(action.label));
        const all = known.filter((width) => width !== undefined);
        setShown(all.length < length ? length : countFitting(all, row.current!.clientWidth));
    }, []);
    useLayoutEffect(fit, [fit, names, shown]);
    useLayoutEffect(() => {
        const observer = new ResizeObserver(fit);
        observer.observe(row.current!);
        return () => observer.disconnect();
    }, [fit, names]);
    const rest = actions.slice(shown);
    return (
        <div ref={row} class="overflow-toolbar">
            {actions.slice(0, shown).map((action) => (
                <button
                    key={action.label}
                    type="button"
                    class="button quiet"
                    data-action={action.label}
                    onClick={action.run}
                    title={action.keys ? `${action.label} (${action.keys})` : undefined}
                >
                    <Icon name={action.icon} size={16} />
                    <span>{action.label}</span>
                </button>
            ))}
            {rest.length > 0 && <MenuButton label={t('action.more')} icon="ellipsis" entries={() => rest} />}
        </div>
    );
}
