// Charts of the fleet's last minutes, a line for each node. The newest values are in the table.
import type { Fleet } from '../../api/shapes';
import { milliseconds, perSecond, percent } from '../../i18n/format';
import { t } from '../../i18n/language';
import { lines, tints, type Measure } from '../../model/fleet';
import { Chart } from '../../components/chart';

interface Drawing {
    measure: Measure;
    title: 'nodes.rate' | 'nodes.errors' | 'nodes.p99' | 'nodes.cpu';
    unit: (value: number) => string;
    least: number;
}

const drawings: readonly Drawing[] = [
    { measure: 'rate', title: 'nodes.rate', unit: perSecond, least: 1 },
    { measure: 'errors', title: 'nodes.errors', unit: perSecond, least: 1 },
    { measure: 'p99', title: 'nodes.p99', unit: milliseconds, least: 10 },
    { measure: 'cpu', title: 'nodes.cpu', unit: percent, least: 1 },
];

export function Charts({ now }: { now: Fleet }) {
    const named = lines(now, 'rate').lines;
    return (
        <section class="charts" aria-label={t('nodes.charts')}>
            {drawings.map(({ measure, title, unit, least }) => {
                const drawn = lines(now, measure);
                return (
                    <figure key={measure} class="card">
                        <figcaption>
                            <h2>{t(title)}</h2>
                            <span class="unseen">{t('nodes.chart_text', { n: drawn.lines.length })}</span>
                        </figcaption>
                        {drawn.lines.some((line) => line.values.some((value) => value !== null)) ? (
                            <Chart lines={drawn} unit={unit} least={least} />
                        ) : (
                            <p class="chart none note">{t('nodes.chart_none')}</p>
                        )}
                    </figure>
                );
            })}
            {named.length > 1 && (
                <ul class="legend" aria-hidden="true">
                    {named.map((line) => (
                        <li key={line.id}>
                            <span class={`dot tint-${line.tint % tints} ${line.dashed ? 'dashed' : ''}`} />
                            {line.name}
                        </li>
                    ))}
                </ul>
            )}
        </section>
    );
}
