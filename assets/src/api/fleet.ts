// The fleet as the catalog has it, for administrators.
import { call } from './call';
import { path } from './path';

export type NodeState = 'starting' | 'ready' | 'unready' | 'draining' | 'lost' | 'gone';

// Samples are of `every` milliseconds each, the newest last; null: nothing was answered then, or it isn't known.
export type Samples = readonly (number | null)[];

export interface NodeStats {
    every?: number;
    cores?: number;
    load?: number; // of the machine, over a minute
    memory_bytes?: number | null;
    connections?: number;
    working?: number;
    uploads?: number;
    rate?: Samples; // requests a second
    errors?: Samples; // answers of 5xx a second
    p50?: Samples; // milliseconds
    p99?: Samples;
    cpu?: Samples; // of one core
}

export interface FleetNode {
    id: string; // of this run of the process
    name: string;
    version: string;
    address: string;
    state: NodeState;
    asked: 'drain' | 'stop' | null; // by an operator
    started_at: number;
    seen_at: number;
    stats: NodeStats | null;
    drain_asked_at: number | null; // by an operator, for a node of this name
}

export interface FleetLease {
    name: string;
    owner: string;
    node: string | null; // null: its owner has no row any more
    fence: number;
    expires_at: number;
}

export interface Fleet {
    items: FleetNode[];
    now: number; // the database's clock, as all times here
    drains: { name: string; asked_at: number }[]; // whether such a node runs or not
    leases: FleetLease[];
    uploads: { open: number; active: number; received_bytes: number; length_bytes: number };
    storage: { used_bytes: number | null; free_bytes: number | null; total_bytes: number | null };
}

export const fleet = (signal?: AbortSignal): Promise<Fleet> => call('GET', path`nodes`, { signal, patient: false });
