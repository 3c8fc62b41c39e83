// Work of the moment in which a component is first shown; what it returns is done when the component goes.
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

type Work = () => void | (() => void);

export function useMount(work: Work): void {
    const first = useRef(work);
    useEffect(() => first.current(), []);
}

// The same before the browser paints.
export function useMountBeforePaint(work: Work): void {
    const first = useRef(work);
    useLayoutEffect(() => first.current(), []);
}
