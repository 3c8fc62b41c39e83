// Refreshes the open folder (conditionally) when the tab gets the focus, and every 15 seconds while it is visible.
import { useEffect } from 'preact/hooks';
import type { Folder } from '../../model/folders';

const every = 15_000;

export function useFreshness(folder: Folder): void {
    useEffect(() => {
        const look = (): void => {
            if (document.visibilityState === 'visible' && folder.entry.peek()) void folder.list.pages.refresh();
        };
        const timer = setInterval(look, every);
        window.addEventListener('focus', look);
        document.addEventListener('visibilitychange', look);
        return () => {
            clearInterval(timer);
            window.removeEventListener('focus', look);
            document.removeEventListener('visibilitychange', look);
            folder.list.pages.pause();
        };
    }, [folder]);
}
