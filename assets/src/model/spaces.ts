// The spaces that the user may see.
import { computed, signal } from '@preact/signals';
import * as api from '../api/spaces';
import type { Role, Space } from '../api/shapes';
import { t } from '../i18n/language';
import { reportError } from './report-error';

export const spaces = signal<readonly Space[] | null>(null);
export const personal = computed(() => spaces.value?.find((space) => space.kind === 'personal') ?? null);

export async function loadSpaces(): Promise<void> {
    spaces.value = await api.spaces();
}

// Loads them again in the background.
export function refreshSpaces(): void {
    loadSpaces().catch(reportError);
}

export const spaceById = (id: string): Space | null => spaces.value?.find((space) => space.id === id) ?? null;
export const spaceName = (space: Space): string => (space.kind === 'personal' ? t('space.personal') : space.name);
export const canWrite = (role: Role | null | undefined): boolean => role === 'editor' || role === 'manager';

let due: ReturnType<typeof setTimeout> | null = null;

// The used space has changed: fetches the spaces again soon, once for many changes.
export function spacesChanged(): void {
    due ??= setTimeout(() => {
        due = null;
        loadSpaces().catch(() => undefined); // the next change retries
    }, 1200);
}
