// A menu, opened by a button or at a point. Arrows and letters move in it; Esc, a choice or a press outside closes it.
import { signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { Icon } from './icon';
import type { IconName } from './icons';
import { focusHome } from './home-focus';
import { useLayer } from './use-layer';
import { Button, IconButton } from './button';

export interface MenuItem {
    label: string;
    icon?: IconName;
    keys?: string; // shortcut, shown at the end
    danger?: boolean;
    checked?: boolean; // makes it a radio item
    disabled?: boolean;
    href?: string;
    run?: () => void;
}
export type MenuEntry = MenuItem | 'line';

// The rectangle, in the window, that the menu opens at.
export type MenuAnchor = Pick<DOMRect, 'left' | 'top' | 'right' | 'bottom'>;

interface OpenMenu {
    label: string;
    entries: readonly MenuEntry[];
    at: MenuAnchor;
    opener: HTMLElement | null;
}

const current = signal<OpenMenu | null>(null);

export function openMenu(
    label: string,
    entries: readonly MenuEntry[],
    at: MenuAnchor,
    opener: HTMLElement | null = null,
): void {
    current.value = { label, entries, at, opener };
}

function closeMenu(giveBack = true): void {
    const was = current.peek();
    current.value = null;
    if (!giveBack || !was) return;
    if (was.opener?.isConnected) was.opener.focus({ preventScroll: true });
    else focusHome();
}

interface MenuButtonProps {
    label: string;
    icon?: IconName;
    text?: ComponentChildren;
    primary?: boolean;
    class?: string;
    entries: () => readonly MenuEntry[];
}

export function MenuButton({ label, icon, text, primary, class: extra, entries }: MenuButtonProps) {
    const toggle = (event: MouseEvent): void => {
        const button = event.currentTarget as HTMLElement;
        event.stopPropagation();
        if (current.peek()?.opener === button) return closeMenu();
        openMenu(label, entries(), button.getBoundingClientRect(), button);
    };
    const state = { 'aria-haspopup': 'menu' as const, onClick: toggle, class: extra };
    if (text === undefined) return <IconButton icon={icon!} label={label} {...state} />;
    return (
        <Button icon={icon} primary={primary} {...state} class={`button ${primary ? 'primary' : ''} ${extra ?? ''}`}>
            {text}
        </Button>
    );
}

function placeMenu(menu: HTMLElement, at: MenuAnchor): void {
    const gap = 4;
    const { offsetWidth: width, offsetHeight: height } = menu;
    const left = at.left + width <= innerWidth - 8 ? at.left : Math.max(8, at.right - width);
    const below = at.bottom + gap;
    const top =
        below + height <= innerHeight - 8
            ? below
            : at.top - gap - height >= 8
              ? at.top - gap - height
              : Math.max(8, innerHeight - height - 8);
    menu.style.left = `${left}px`;
    menu.style.top = `${top}px`;
}

const itemSelector = '[role^="menuitem"]:not([aria-disabled="true"])';

function walk(menu: HTMLElement, event: KeyboardEvent): void {
    const items = [...menu.querySelectorAll<HTMLElement>(itemSelector)];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const to = (index: number): void => items[(index + items.length) % items.length]?.focus();
    if (event.key === 'ArrowDown') to(at + 1);
    else if (event.key === 'ArrowUp') to(at < 0 ? -1 : at - 1);
    else if (event.key === 'Home') to(0);
    else if (event.key === 'End') to(-1);
    else if (event.key === 'Escape' || event.key === 'Tab') closeMenu();
    else if (event.key.length === 1)
        items.find((item) => item.textContent?.trim().toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
    else return;
    event.preventDefault();
}

export function MenuLayer() {
    const open = current.value;
    return (
        open && (
            <section aria-label={open.label}>
                <Menu key={open} open={open} />
            </section>
        )
    );
}

function Menu({ open }: { open: OpenMenu }) {
    const menu = useRef<HTMLDivElement>(null);
    useLayer(true, () => closeMenu(false));
    useLayoutEffect(() => {
        menu.current?.showPopover();
        placeMenu(menu.current!, open.at);
        menu.current?.querySelector<HTMLElement>(itemSelector)?.focus();
    }, [open]);
    useEffect(() => {
        const outside = (event: Event): void => {
            if (!menu.current?.contains(event.target as Node) && !open.opener?.contains(event.target as Node))
                closeMenu(false);
        };
        const away = (): void => closeMenu(false);
        document.addEventListener('pointerdown', outside, true);
        window.addEventListener('resize', away);
        window.addEventListener('popstate', away);
        return () => {
            document.removeEventListener('pointerdown', outside, true);
            window.removeEventListener('resize', away);
            window.removeEventListener('popstate', away);
        };
    }, [open]);
    return (
        <div
            ref={menu}
            class="menu"
            popover="manual"
            role="menu"
            tabIndex={-1}
            aria-label={open.label}
            onKeyDown={(event) => {
                event.stopPropagation();
                walk(menu.current!, event);
            }}
        >
            {open.entries.map((entry, i) =>
                entry === 'line' ? <div key={i} role="separator" /> : <Item key={i} item={entry} />,
            )}
        </div>
    );
}

function Item({ item }: { item: MenuItem }) {
    const run = (): void => {
        if (item.disabled) return;
        closeMenu();
        item.run?.();
    };
    const inside = (
        <>
            {item.checked !== undefined ? (
                item.checked ? (
                    <Icon name="check" size={16} />
                ) : (
                    <span class="icon-space" />
                )
            ) : (
                item.icon && <Icon name={item.icon} size={16} />
            )}
            <span class="menu-label">{item.label}</span>
            {item.keys && <kbd>{item.keys}</kbd>}
        </>
    );
    const look = `menu-item ${item.danger ? 'danger' : ''}`;
    if (item.href)
        return (
            <a role="menuitem" tabIndex={-1} class={look} href={item.href} onClick={run}>
                {inside}
            </a>
        );
    return (
        <button
            type="button"
            role={item.checked === undefined ? 'menuitem' : 'menuitemradio'}
            aria-checked={item.checked}
            aria-disabled={item.disabled || undefined}
            tabIndex={-1}
            class={look}
            onClick={run}
        >
            {inside}
        </button>
    );
}
