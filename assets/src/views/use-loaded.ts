// Loads what a page shows: the value, a fault in words, and a way to load again.
import { useEffect, useRef, useState } from 'preact/hooks';
import { isAbort } from '../api/error';
import { explain } from '../model/error-text';

export interface Loaded<T> {
    value: T | null;
    error: string | null;
    again: () => void;
    set: (value: T) => void;
}

export function useLoaded<T>(fetch: (signal: AbortSignal) => Promise<T>, parts: readonly unknown[] = []): Loaded<T> {
    const [value, set] = useState<T | null>(null);
    const [error, setError] = useState<string | null>(null);
    const stop = useRef<AbortController | null>(null);
    const again = (): void => {
        stop.current?.abort();
        stop.current = new AbortController();
        setError(null);
        fetch(stop.current.signal).then(
            (answer) => set(() => answer),
            (error: unknown) => isAbort(error) || setError(explain(error)),
        );
    };
    useEffect(() => {
        again();
        return () => stop.current?.abort();
    }, parts);
    return { value, error, again, set: (next) => set(() => next) };
}
