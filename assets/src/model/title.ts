// The window's title: the page's title, and the progress of the tray, which then shows in the browser's tab, too.
import { effect, signal } from '@preact/signals';
import { percent } from '../i18n/format';

export const pageTitle = signal('');
export const progress = signal<number | null>(null); // 0 to 1; null: nothing is running

export function showTitle(): void {
    effect(() => {
        const far = progress.value === null ? '' : `${percent(Math.floor(progress.value * 100) / 100)} · `;
        document.title = `${far}${pageTitle.value ? `${pageTitle.value} · ` : ''}bodega`;
    });
}
