// Whether the server answers. GETs that fail for a while wait here and try again; the banner shows it.
import { signal } from '@preact/signals';

export interface Trouble {
    why: 'offline' | 'unavailable' | 'throttled';
    waiting: number; // calls that wait
}

export const trouble = signal<Trouble | null>(null);

const wake = new Set<() => void>();
const longest = 15_000;

// Milliseconds before try number `attempt` (0 is the first again), with jitter; the server's word wins.
export function pause_before(attempt: number, retry_after: number | null, random = Math.random()): number {
    if (retry_after !== null) return Math.min(120_000, retry_after * 1000 + random * 250);
    return Math.min(longest, 500 * 2 ** attempt) * (0.75 + random / 2);
}

export function try_now(): void {
    for (const resume of [...wake]) resume();
}

export function answered(): void {
    if (trouble.peek()) trouble.value = null;
}

export function wait_to_retry(milliseconds: number, why: Trouble['why'], signal?: AbortSignal): Promise<void> {
    trouble.value = { why, waiting: wake.size + 1 };
    return new Promise((resolve, reject) => {
        const finish = (): void => {
            clearTimeout(timer);
            wake.delete(finish);
            signal?.removeEventListener('abort', abandon);
            resolve();
        };
        const abandon = (): void => {
            clearTimeout(timer);
            wake.delete(finish);
            if (!wake.size) trouble.value = null;
            reject(new DOMException('given up', 'AbortError'));
        };
        const timer = setTimeout(finish, milliseconds);
        wake.add(finish);
        signal?.addEventListener('abort', abandon);
    });
}

if (typeof window !== 'undefined') window.addEventListener('online', try_now);
