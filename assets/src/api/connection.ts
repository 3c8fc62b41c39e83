// Tracks whether the server answers. GETs that fail wait here before they are retried; the banner shows it.
import { signal } from '@preact/signals';

export interface Trouble {
    why: 'offline' | 'unavailable' | 'throttled';
    waiting: number; // calls that are waiting
}

export const trouble = signal<Trouble | null>(null);

const wake = new Set<() => void>();
const longest = 15_000;

// Milliseconds before retry number `attempt` (0 is the first), with jitter. Retry-After takes precedence.
export function pauseBefore(attempt: number, retryAfter: number | null, random = Math.random()): number {
    if (retryAfter !== null) return Math.min(120_000, retryAfter * 1000 + random * 250);
    return Math.min(longest, 500 * 2 ** attempt) * (0.75 + random / 2);
}

export function tryNow(): void {
    for (const resume of [...wake]) resume();
}

export function answered(): void {
    if (trouble.peek()) trouble.value = null;
}

export function waitToRetry(milliseconds: number, why: Trouble['why'], signal?: AbortSignal): Promise<void> {
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

if (typeof window !== 'undefined') window.addEventListener('online', tryNow);
