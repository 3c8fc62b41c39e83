// Buttons: with text, or with only an icon (which then needs a label).
import type { ButtonHTMLAttributes, ComponentChildren, Ref } from 'preact';
import { useRef } from 'preact/hooks';
import { Icon } from './icon';
import type { IconName } from './icons';
import { useMount } from './use-mount';

type Native = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'icon' | 'autofocus'>;

interface ButtonProps extends Native {
    icon?: IconName;
    primary?: boolean;
    danger?: boolean;
    quiet?: boolean;
    busy?: boolean;
    autofocus?: boolean;
    children: ComponentChildren;
}

// busy: the button does nothing, but keeps the focus, which a disabled one would lose.
export function Button({
    icon,
    primary,
    danger,
    quiet,
    busy,
    autofocus,
    children,
    type = 'button',
    onClick,
    ...rest
}: ButtonProps) {
    const button = useRef<HTMLButtonElement>(null);
    useMount(() => {
        if (autofocus) button.current?.focus();
    });
    const look = danger ? 'danger' : primary ? 'primary' : quiet ? 'quiet' : '';
    return (
        <button
            ref={button}
            type={type}
            class={`button ${look}`}
            aria-busy={busy || undefined}
            aria-disabled={busy || undefined}
            onClick={busy ? (event) => event.preventDefault() : onClick}
            {...rest}
        >
            {icon && <Icon name={icon} size={16} />}
            <span>{children}</span>
        </button>
    );
}

interface IconButtonProps extends Native {
    icon: IconName;
    label: string;
    size?: number;
    buttonRef?: Ref<HTMLButtonElement>;
}

export function IconButton({ icon, label, size = 18, buttonRef, class: extra, ...rest }: IconButtonProps) {
    return (
        <button
            ref={buttonRef}
            type="button"
            class={`icon-button ${typeof extra === 'string' ? extra : ''}`}
            aria-label={label}
            title={label}
            {...rest}
        >
            <Icon name={icon} size={size} />
        </button>
    );
}
