// Tooltips for the sidebar while it shows only icons.
import { useEffect, useState } from 'preact/hooks';
import { rail } from '../model/screen';

interface Tip {
    text: string;
    x: number;
    y: number;
}

export function RailTip() {
    const [tip, setTip] = useState<Tip | null>(null);
    const on = rail.value;
    useEffect(() => {
        if (!on) return setTip(null);
        const look = (event: Event): void => {
            const link = (event.target as Element).closest?.<HTMLElement>('.sidebar [data-tip]');
            const box = link?.getBoundingClientRect();
            setTip(box ? { text: link!.dataset.tip!, x: box.right + 8, y: box.top + box.height / 2 } : null);
        };
        const leave = (): void => setTip(null);
        const events: [string, (event: Event) => void][] = [
            ['pointerover', look],
            ['focusin', look],
            ['focusout', leave],
            ['pointerdown', leave],
            ['keydown', leave],
        ];
        for (const [name, listener] of events) document.addEventListener(name, listener);
        return () => events.forEach(([name, listener]) => document.removeEventListener(name, listener));
    }, [on]);
    return (
        tip && (
            <div class="rail-tip" aria-hidden="true" style={{ left: `${tip.x}px`, top: `${tip.y}px` }}>
                <bdi>{tip.text}</bdi>
            </div>
        )
    );
}
