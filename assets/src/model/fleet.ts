// The lines and totals of the nodes page: the samples of all nodes on one time axis.
import type { Fleet, FleetNode, NodeStats, Samples } from '../api/shapes';

export type Measure = 'rate' | 'errors' | 'p99' | 'cpu';

export interface Line {
    id: string;
    name: string;
    tint: number; // 0…5, by its position in the list
    dashed: boolean; // the tints are used a second time
    values: (number | null)[];
}

export interface Lines {
    times: number[]; // seconds since 1970, ascending, one a sample
    lines: Line[];
}

export const tints = 6;
const usualEvery = 5000;

export const isUp = (node: FleetNode): boolean => node.state !== 'gone' && node.state !== 'lost';

// Nodes that ended are not drawn; lost nodes are, up to their last sample.
export const drawn = (fleet: Fleet): FleetNode[] => fleet.items.filter((node) => node.state !== 'gone');

export const last = (samples: Samples | undefined): number | null => samples?.[samples.length - 1] ?? null;

// Samples are placed by the time at which the node's row was written (the database's clock).
export function lines(fleet: Fleet, measure: Measure): Lines {
    const nodes = drawn(fleet);
    const every = nodes.find((node) => node.stats?.every)?.stats?.every ?? usualEvery;
    const slots = nodes.map((node) => {
        const samples = node.stats?.[measure] ?? [];
        const end = Math.round(node.seen_at / every);
        return new Map(samples.map((value, i) => [end - (samples.length - 1 - i), value]));
    });
    const all = slots.flatMap((slot) => [...slot.keys()]);
    if (!all.length) return { times: [], lines: [] };
    const first = all.reduce((a, b) => Math.min(a, b));
    const span = all.reduce((a, b) => Math.max(a, b)) - first + 1;
    const times = Array.from({ length: span }, (_, i) => ((first + i) * every) / 1000);
    return {
        times,
        lines: nodes.map((node, n) => ({
            id: node.id,
            name: node.name,
            tint: n % tints,
            dashed: n >= tints,
            values: times.map((_, i) => slots[n]!.get(first + i) ?? null),
        })),
    };
}

export interface Totals {
    ready: number;
    nodes: number;
    rate: number | null;
    errors: number | null;
    p99: number | null; // of the slowest node
}

export function totals(fleet: Fleet): Totals {
    const up = fleet.items.filter(isUp);
    const known = (measure: keyof NodeStats & Measure): number[] =>
        up.map((node) => last(node.stats?.[measure])).filter((value) => value !== null);
    const sum = (values: number[]): number | null => (values.length ? values.reduce((a, b) => a + b) : null);
    const worst = known('p99');
    return {
        ready: up.filter((node) => node.state === 'ready').length,
        nodes: fleet.items.filter((node) => node.state !== 'gone').length,
        rate: sum(known('rate')),
        errors: sum(known('errors')),
        p99: worst.length ? Math.max(...worst) : null,
    };
}
