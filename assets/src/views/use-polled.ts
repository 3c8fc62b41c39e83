// What changes all the time: asked for again and again while the page is looked at.
import { useEffect, useRef, useState } from 'preact/hooks';
import { isAbort } from '../api/error';
import { explain } from '../model/error-text';

export interface Polled<T> {
    value: T | null; // the last that came, though a later question failed
    error: string | null;
    again: () => void;
}

// The next question waits for the answer before; none is asked in a tab that nobody sees.
// `fetch` is the same function each time.
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
