// Opens the preview with a view transition out of its tile, unless the user prefers reduced motion.
const maxWait = 300; // milliseconds to wait for the preview; the page is not painted meanwhile

function viewerOpen(): Promise<void> {
    const until = Date.now() + maxWait;
    return new Promise((resolve) => {
        const look = (): void =>
            void (document.querySelector('.preview[open]') || Date.now() > until ? resolve() : setTimeout(look, 8));
        look();
    });
}

export function openWithTransition(tile: HTMLElement | null, show: () => void): void {
    if (
        !tile ||
        typeof document.startViewTransition !== 'function' ||
        matchMedia('(prefers-reduced-motion: reduce)').matches
    )
        return show();
    const { classList } = document.documentElement;
    tile.style.setProperty('view-transition-name', 'viewer');
    classList.add('growing');
    const transition = document.startViewTransition(async () => {
        tile.style.removeProperty('view-transition-name');
        show();
        await viewerOpen();
    });
    transition.ready.catch(() => undefined); // a browser may skip the transition; the preview opens anyway
    void transition.finished.finally(() => classList.remove('growing'));
}
