// Loads a value: gives the value or the error's text, and a function that loads it again.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { isAbort } from '../api/error';
import { explain } from '../model/error-text';

export interface Loaded<T> {
    value: T | null;
    error: string | null;
    again: () => void;
    set: (value: T) => void;
}

// A new `key` loads again.
export function useLoaded<T>(fetch: (signal: AbortSignal) => Promise<T>, key = ''): Loaded<T> {
    const [value, set] = useState<T | null>(null);
    const [error, setError] = useState<string | null>(null);
    const stop = useRef<AbortController | null>(null);
    const latest = useRef(fetch);
    latest.current = fetch;
    const again = useCallback((): void => {
        stop.current?.abort();
        stop.current = new AbortController();
        setError(null);
        latest.current(stop.current.signal).then(
            (answer) => set(() => answer),
            (failure: unknown) => isAbort(failure) || setError(explain(failure)),
        );
    }, []);
    useEffect(() => {
        again();
        return () => stop.current?.abort();
    }, [again, key]);
    return { value, error, again, set: (next) => set(() => next) };
}
