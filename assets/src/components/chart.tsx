// A line chart of the last minutes. uPlot is loaded when the first chart is shown. Hidden from screen readers: the
// values are in the table.
import { useEffect, useRef, useState } from 'preact/hooks';
import type uPlot from 'uplot';
import { clock } from '../i18n/format';
import { language } from '../i18n/language';
import { tints, type Lines } from '../model/fleet';
import { dark } from '../model/preferences';

const height = 132;
const colours = ['--document', '--sheet', '--audio', '--video', '--code', '--pdf'].slice(0, tints);

interface ChartProps {
    lines: Lines;
    unit: (value: number) => string;
    least: number; // the axis reaches at least this value
}

export function Chart({ lines, unit, least }: ChartProps) {
    const host = useRef<HTMLDivElement>(null);
    const plot = useRef<uPlot | null>(null);
    const data: uPlot.AlignedData = [lines.times, ...lines.lines.map((line) => line.values)];
    const shape = JSON.stringify([
        lines.lines.map((line) => [line.name, line.tint, line.dashed]),
        language.value,
        dark.value,
    ]);
    const latest = useRef({ lines, unit, least, data });
    latest.current = { lines, unit, least, data };
    const [library, setLibrary] = useState<typeof uPlot | null>(null);
    useEffect(() => {
        let wanted = true;
        void import('uplot').then((module) => wanted && setLibrary(() => module.default));
        return () => void (wanted = false);
    }, []);
    useEffect(() => {
        const element = host.current;
        if (!library || !element) return;
        const now = latest.current;
        const made = new library(options(now.lines, now.unit, now.least, element), now.data, element);
        plot.current = made;
        const watch = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
        watch.observe(element);
        return () => {
            watch.disconnect();
            made.destroy();
            plot.current = null;
        };
    }, [library, shape]);
    useEffect(() => plot.current?.setData(latest.current.data), [lines]);
    return <div ref={host} class="chart" aria-hidden="true" />;
}

// Labels each minute once, however many ticks it has.
function minutes(times: readonly number[]): string[] {
    const told = times.map((time) => clock(time * 1000));
    return told.map((text, at) => (text === told[at - 1] ? '' : text));
}

function options(lines: Lines, unit: (value: number) => string, least: number, element: HTMLElement): uPlot.Options {
    const style = getComputedStyle(element);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const font = `12px ${style.fontFamily}`;
    const axis = {
        stroke: colour('--soft'),
        font,
        ticks: { show: false },
        grid: { stroke: colour('--line'), width: 1 },
    };
    return {
        width: element.clientWidth,
        height,
        padding: [8, 28, 0, 0],
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: true }, y: { range: (_plot, _low, high) => [0, Math.max(least, (high ?? 0) * 1.1)] } },
        axes: [
            { ...axis, grid: { show: false }, size: 28, gap: 9, space: 64, values: (_plot, times) => minutes(times) },
            { ...axis, size: 64, space: 32, values: (_plot, values) => values.map(unit) },
        ],
        series: [
            {},
            ...lines.lines.map((line) => ({
                stroke: colour(colours[line.tint]!),
                width: 1.5,
                dash: line.dashed ? [6, 4] : undefined,
                points: { show: false },
                spanGaps: false,
            })),
        ],
    };
}
