// Polls a value while the page is visible.
import { useEffect, useRef, useState } from 'preact/hooks';
import { isAbort } from '../api/error';
import { explain } from '../model/error-text';

export interface Polled<T> {
    value: T | null; // the last answer, even if a later poll failed
    error: string | null;
    again: () => void;
}

// A poll starts `every` milliseconds after the last answer, and only in a visible tab. Requires: `fetch` is the same
// function in every render.
export function usePolled<T>(fetch: (signal: AbortSignal) => Promise<T>, every: number): Polled<T> {
    const [value, setValue] = useState<T | null>(null);
    const [error, setError] = useState<string | null>(null);
    const again = useRef<() => void>(() => undefined);
    useEffect(() => {
        const stop = new AbortController();
        let timer = 0;
        let asking = false;
        const poll = async (): Promise<void> => {
            clearTimeout(timer);
            if (asking || document.hidden) return;
            asking = true;
            try {
                const answer = await fetch(stop.signal);
                setValue(() => answer);
                setError(null);
            } catch (error) {
                if (!isAbort(error)) setError(explain(error));
            }
            asking = false;
            if (!stop.signal.aborted) timer = window.setTimeout(() => void poll(), every);
        };
        again.current = () => void poll();
        document.addEventListener('visibilitychange', again.current);
        void poll();
        return () => {
            stop.abort();
            clearTimeout(timer);
            document.removeEventListener('visibilitychange', again.current);
        };
    }, [fetch, every]);
    return { value, error, again: () => again.current() };
}
