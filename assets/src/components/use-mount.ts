// Runs `work` once, when the component mounts; the function that it returns runs at unmount.
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

type Work = () => void | (() => void);

export function useMount(work: Work): void {
    const first = useRef(work);
    useEffect(() => first.current(), []);
}

// The same, before the browser paints.
export function useMountBeforePaint(work: Work): void {
    const first = useRef(work);
    useLayoutEffect(() => first.current(), []);
}
