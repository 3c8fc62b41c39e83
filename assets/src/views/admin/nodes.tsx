// The fleet, live: the nodes with their load, the leases, the uploads, the used space.
import { fleet } from '../../api/fleet';
import type { Fleet, FleetNode, NodeState } from '../../api/shapes';
import { count, dayAndTime, duration, exact, milliseconds, perSecond, percent, size } from '../../i18n/format';
import { t } from '../../i18n/language';
import { drawn, isUp, last, tints, totals } from '../../model/fleet';
import { Badge } from '../../components/badge';
import { Failed } from '../../components/empty';
import { Skeleton } from '../../components/skeleton';
import { Page } from '../page';
import { usePolled } from '../use-polled';
import { useHomeFocus } from '../../components/home-focus';
import { Charts } from './node-charts';

const every = 5000;

export function Nodes() {
    const { value, error, again } = usePolled(fleet, every);
    useHomeFocus(value !== null);
    return (
        <Page title={t('nodes.title')}>
            {!value && error && <Failed text={error} retry={again} />}
            {!value && !error && <Skeleton />}
            {value && (
                <div class="sheet fleet" tabIndex={0} role="region" aria-label={t('nodes.title')} data-home-focus>
                    <div role="alert">
                        {error && (
                            <p class="form-error">{t('nodes.stale', { when: dayAndTime(value.now), why: error })}</p>
                        )}
                    </div>
                    <Figures now={value} />
                    <Charts now={value} />
                    <Table now={value} />
                    <Leases now={value} />
                </div>
            )}
        </Page>
    );
}

function Figures({ now }: { now: Fleet }) {
    const all = totals(now);
    const { used_bytes: usedBytes, free_bytes: freeBytes, total_bytes: totalBytes } = now.storage;
    const figures: [string, string, string | null][] = [
        [t('nodes.ready'), t('nodes.ready_of', { ready: all.ready, all: all.nodes }), null],
        [t('nodes.rate'), all.rate === null ? '–' : perSecond(all.rate), null],
        [t('nodes.errors'), all.errors === null ? '–' : perSecond(all.errors), null],
        [t('nodes.p99'), all.p99 === null ? '–' : milliseconds(all.p99), t('nodes.p99_worst')],
        [
            t('nodes.uploads'),
            count(now.uploads.open),
            now.uploads.open
                ? t('nodes.uploads_of', {
                      active: now.uploads.active,
                      received: size(now.uploads.received_bytes),
                      all: size(now.uploads.length_bytes),
                  })
                : null,
        ],
        [
            t('nodes.space'),
            usedBytes === null ? '–' : size(usedBytes),
            freeBytes === null || totalBytes === null
                ? null
                : t('nodes.space_of', { free: size(freeBytes), all: size(totalBytes) }),
        ],
    ];
    return (
        <dl class="figures">
            {figures.map(([name, value, note]) => (
                <div key={name}>
                    <dt>{name}</dt>
                    <dd>
                        <span class="figure">{value}</span>
                        {note && <span class="note">{note}</span>}
                    </dd>
                </div>
            ))}
        </dl>
    );
}

const tones: Record<NodeState, 'plain' | 'good' | 'bad' | 'accent'> = {
    starting: 'plain',
    ready: 'good',
    unready: 'bad',
    draining: 'accent',
    lost: 'bad',
    gone: 'plain',
};
const stateText = (state: NodeState): string => (state in tones ? t(`nodestate.${state}`) : state);

function askedText(node: FleetNode, now: number): string {
    if (node.asked === 'stop') return t('nodes.asked_stop');
    if (node.drain_asked_at === null) return t('nodes.asked_drain');
    return t('nodes.asked_drain_for', { time: duration(Math.max(0, now - node.drain_asked_at) / 1000) });
}

// Drains of nodes that are not running: they apply when a node of that name starts.
function Awaited({ now }: { now: Fleet }) {
    const absent = now.drains.filter((drain) => !now.items.some((node) => node.name === drain.name && isUp(node)));
    return (
        <>
            {absent.map((drain) => (
                <p key={drain.name} class="note">
                    {t('nodes.drains_at_start', {
                        name: drain.name,
                        time: duration(Math.max(0, now.now - drain.asked_at) / 1000),
                    })}
                </p>
            ))}
        </>
    );
}

function Table({ now }: { now: Fleet }) {
    const order = drawn(now).map((node) => node.id);
    const heads = [
        'column.name',
        'nodes.state',
        'nodes.version',
        'nodes.uptime',
        'nodes.load',
        'nodes.rate',
        'nodes.errors',
        'nodes.latency',
        'nodes.work',
    ] as const;
    return (
        <div class="card wide">
            <h2 id="fleet-nodes">{t('nodes.all')}</h2>
            <div class="fleet-scroll" tabIndex={0} role="region" aria-labelledby="fleet-nodes">
                <table class="table nodes">
                    <thead>
                        <tr>
                            {heads.map((key) => (
                                <th key={key} scope="col">
                                    {t(key)}
                                </th>
                            ))}
                        </tr>
                    </thead>
                    <tbody>
                        {now.items.map((node) => (
                            <Row key={node.id} node={node} now={now.now} position={order.indexOf(node.id)} />
                        ))}
                    </tbody>
                </table>
            </div>
            <Awaited now={now} />
        </div>
    );
}

const Cell = ({ label, children }: { label: string; children: string }) => (
    <td data-label={label}>
        <span>{children}</span>
    </td>
);

function Row({ node, now, position }: { node: FleetNode; now: number; position: number }) {
    const stats = isUp(node) ? node.stats : null;
    const shown = (value: number | null | undefined, text: (value: number) => string): string =>
        value === null || value === undefined ? '–' : text(value);
    const cpu = last(stats?.cpu);
    const p50 = last(stats?.p50);
    const p99 = last(stats?.p99);
    const silent = Math.round((now - node.seen_at) / 1000);
    return (
        <tr class={isUp(node) ? '' : 'off'}>
            <th scope="row">
                <span class="node-name">
                    {position >= 0 && (
                        <span
                            class={`dot tint-${position % tints} ${position >= tints ? 'dashed' : ''}`}
                            aria-hidden="true"
                        />
                    )}
                    <span>{node.name}</span>
                </span>
                {node.address && <span class="note">{node.address}</span>}
            </th>
            <td data-label={t('nodes.state')}>
                <Badge tone={tones[node.state]}>{stateText(node.state)}</Badge>
                {isUp(node) && node.asked && <span class="note">{askedText(node, now)}</span>}
                {!isUp(node) && (
                    <span class="note" title={exact(node.seen_at)}>
                        {t('nodes.seen', { ago: duration(silent) })}
                    </span>
                )}
            </td>
            <Cell label={t('nodes.version')}>{node.version}</Cell>
            <Cell label={t('nodes.uptime')}>{duration((node.seen_at - node.started_at) / 1000)}</Cell>
            <Cell label={t('nodes.load')}>
                {cpu === null
                    ? '–'
                    : t('nodes.load_of', {
                          cpu: percent(cpu / (stats?.cores || 1)),
                          memory: shown(stats?.memory_bytes, size),
                      })}
            </Cell>
            <Cell label={t('nodes.rate')}>{shown(last(stats?.rate), perSecond)}</Cell>
            <Cell label={t('nodes.errors')}>{shown(last(stats?.errors), perSecond)}</Cell>
            <Cell label={t('nodes.latency')}>
                {p50 === null || p99 === null ? '–' : `${milliseconds(p50)} · ${milliseconds(p99)}`}
            </Cell>
            <Cell label={t('nodes.work')}>
                {stats
                    ? t('nodes.work_of', {
                          connections: count(stats.connections ?? 0),
                          uploads: count(stats.uploads ?? 0),
                      })
                    : '–'}
            </Cell>
        </tr>
    );
}

function Leases({ now }: { now: Fleet }) {
    return (
        <section class="card wide" aria-labelledby="fleet-leases">
            <h2 id="fleet-leases">{t('nodes.leases')}</h2>
            <p class="note">{t('nodes.leases_text')}</p>
            {!now.leases.length && <p class="note">{t('nodes.leases_none')}</p>}
            <ul class="things">
                {now.leases.map((lease) => (
                    <li key={lease.name}>
                        <code>{lease.name}</code>
                        <p class="grow">{lease.node ?? t('nodes.leases_unknown')}</p>
                        <p class="note">
                            {t('nodes.leases_left', { left: duration(Math.max(0, lease.expires_at - now.now) / 1000) })}
                        </p>
                    </li>
                ))}
            </ul>
        </section>
    );
}
