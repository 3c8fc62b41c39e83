// The viewer grows out of what it was opened from: a view transition, where the browser has them and motion is welcome.
const maxWait = 300; // milliseconds in which the viewer opens; the page is not painted meanwhile

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
    transition.ready.catch(() => undefined); // a browser may skip the motion; the viewer is open all the same
    void transition.finished.finally(() => classList.remove('growing'));
}
