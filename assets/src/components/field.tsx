// Form fields, with label, hint and error linked for screen readers.
import type { ComponentChildren, InputHTMLAttributes } from 'preact';
import { useId, useState } from 'preact/hooks';
import { t } from '../i18n/language';
import { IconButton } from './button';

interface Native {
    name?: string;
    list?: string;
    required?: boolean;
    minLength?: number;
    maxLength?: number;
    inputMode?: 'decimal' | 'text';
    placeholder?: string;
    autocomplete?: string;
    autocapitalize?: 'off';
    spellcheck?: boolean;
    autofocus?: boolean;
}

interface FieldProps extends Native {
    label: string;
    value: string;
    onText: (text: string) => void;
    hint?: string;
    wrong?: string | null;
    first?: boolean; // takes the focus when its dialog opens
}

export function Field({ label, value, onText, hint, wrong, first, ...rest }: FieldProps) {
    const id = useId();
    const note = wrong ?? hint;
    return (
        <div class="field">
            <label for={id}>{label}</label>
            <input
                id={id}
                value={value}
                data-first={first || undefined}
                aria-invalid={wrong ? 'true' : undefined}
                aria-describedby={note ? `${id}-note` : undefined}
                onInput={(event) => onText(event.currentTarget.value)}
                {...(rest as object)}
            />
            <Note id={`${id}-note`} text={note ?? null} wrong={Boolean(wrong)} />
        </div>
    );
}

// A field for a user name: no capitals or corrections by the keyboard.
export const UsernameField = (props: Omit<FieldProps, 'autocapitalize' | 'spellcheck'>) => (
    <Field autocapitalize="off" spellcheck={false} {...props} />
);

function Note({ id, text, wrong }: { id: string; text: string | null; wrong: boolean }) {
    return (
        <p id={id} class={wrong ? 'note wrong' : 'note'} role={wrong ? 'alert' : undefined} hidden={!text}>
            {text}
        </p>
    );
}

export function PasswordField({ label, value, onText, hint, wrong, first, ...rest }: Omit<FieldProps, 'list'>) {
    const id = useId();
    const [shown, setShown] = useState(false);
    const native = { ...rest, type: shown ? 'text' : 'password' } as InputHTMLAttributes<HTMLInputElement>;
    const note = wrong ?? hint;
    return (
        <div class="field">
            <label for={id}>{label}</label>
            <div class="with-button">
                <input
                    id={id}
                    value={value}
                    data-first={first || undefined}
                    aria-invalid={wrong ? 'true' : undefined}
                    aria-describedby={note ? `${id}-note` : undefined}
                    spellcheck={false}
                    autocapitalize="off"
                    onInput={(event) => onText(event.currentTarget.value)}
                    {...native}
                />
                <IconButton
                    icon="eye"
                    label={t(shown ? 'password.hide' : 'password.show')}
                    aria-pressed={shown}
                    onClick={() => setShown(!shown)}
                />
            </div>
            <Note id={`${id}-note`} text={note ?? null} wrong={Boolean(wrong)} />
        </div>
    );
}

interface SelectProps<V extends string> {
    label: string;
    value: V;
    options: readonly (readonly [V, string])[];
    onChoice: (value: V) => void;
    unlabelled?: boolean; // the label is only for screen readers
    disabled?: boolean;
    hint?: string;
}

export function Select<V extends string>({
    label,
    value,
    options,
    onChoice,
    unlabelled,
    disabled,
    hint,
}: SelectProps<V>) {
    const id = useId();
    return (
        <div class={unlabelled ? 'field bare' : 'field'}>
            {!unlabelled && <label for={id}>{label}</label>}
            <select
                id={id}
                aria-label={unlabelled ? label : undefined}
                value={value}
                disabled={disabled}
                onChange={(event) => onChoice(event.currentTarget.value as V)}
            >
                {options.map(([key, text]) => (
                    <option key={key} value={key} selected={key === value}>
                        {text}
                    </option>
                ))}
            </select>
            {hint && <p class="note">{hint}</p>}
        </div>
    );
}

export function Segments<V extends string>({
    label,
    value,
    options,
    onChoice,
}: {
    label: string;
    value: V;
    options: readonly (readonly [V, ComponentChildren])[];
    onChoice: (value: V) => void;
}) {
    const name = useId();
    return (
        <fieldset class="segments">
            <legend>{label}</legend>
            <div>
                {options.map(([key, text]) => (
                    <label key={key} class={key === value ? 'on' : ''}>
                        <input type="radio" name={name} checked={key === value} onChange={() => onChoice(key)} />
                        <span>{text}</span>
                    </label>
                ))}
            </div>
        </fieldset>
    );
}
