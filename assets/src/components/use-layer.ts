// A part that lies over the page: on a phone, Back closes it.
import { useEffect, useRef } from 'preact/hooks';
import { cover } from '../model/layers';
import { narrow } from '../model/screen';

// The layer is registered again whenever `again` changes: for a dialog whose close() was refused.
export function useLayer(open: boolean, close: () => void, again: unknown = null): void {
    const latest = useRef(close);
    latest.current = close;
    useEffect(() => (open && narrow.peek() ? cover({ close: () => latest.current() }) : undefined), [open, again]);
}
