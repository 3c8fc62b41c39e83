// Toasts: short messages about what was done (with undo for eight seconds) or what failed.
import { signal } from '@preact/signals';

export interface Toast {
    id: number;
    text: string;
    tone: 'plain' | 'bad';
    action: { label: string; run: () => void } | null;
    until: number;
}

export const toasts = signal<readonly Toast[]>([]);

const plainTime = 5000;
const undoTime = 8000;
let made = 0;

function add(toast: Omit<Toast, 'id' | 'until'>, time: number): number {
    const shown = { ...toast, id: ++made, until: Date.now() + time };
    for (const old of toasts.peek().slice(0, -2)) dismiss(old.id);
    toasts.value = [...toasts.peek(), shown];
    schedule(shown.id, time);
    return shown.id;
}

const timers = new Map<number, ReturnType<typeof setTimeout>>();

function schedule(id: number, time: number): void {
    clearTimeout(timers.get(id));
    timers.set(
        id,
        setTimeout(() => dismiss(id), time),
    );
}

export function dismiss(id: number): void {
    clearTimeout(timers.get(id));
    timers.delete(id);
    toasts.value = toasts.peek().filter((toast) => toast.id !== id);
}

// For a sign-out: toasts can name the former user's files.
export function dismissAll(): void {
    for (const toast of toasts.peek()) dismiss(toast.id);
}

// Keeps the toasts while the pointer or the focus is on them.
export function hold(): void {
    for (const timer of timers.values()) clearTimeout(timer);
}
export function release(): void {
    for (const toast of toasts.peek()) schedule(toast.id, Math.max(3000, toast.until - Date.now()));
}

// Each returns the id for dismiss().
export const showMessage = (text: string, action: Toast['action'] = null): number =>
    add({ text, tone: 'plain', action }, plainTime);
export const showError = (text: string, action: Toast['action'] = null): number =>
    add({ text, tone: 'bad', action }, undoTime);
export const offerUndo = (text: string, label: string, run: () => void): number =>
    add({ text, tone: 'plain', action: { label, run } }, undoTime);
