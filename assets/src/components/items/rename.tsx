// Renaming in place: the stem is selected; Enter and blur save, Esc cancels.
import { useRef, useState } from 'preact/hooks';
import type { Entry } from '../../api/shapes';
import { t, type Key } from '../../i18n/language';
import { useMountBeforePaint } from '../use-mount';
import { nameError, splitName, type NameError } from '../../model/names';

const errorTexts: Record<NameError, Key> = {
    empty: 'name.empty',
    dots: 'name.dots',
    characters: 'name.characters',
    long: 'name.long',
};

export function nameErrorText(name: string): string | null {
    const error = nameError(name);
    return error && t(errorTexts[error]);
}

export function RenameField({ entry, done }: { entry: Entry; done: (name: string | null) => void }) {
    const input = useRef<HTMLInputElement>(null);
    const over = useRef(false);
    const [wrong, setWrong] = useState<string | null>(null);
    // Before the paint, so that the first typed letter replaces the stem.
    useMountBeforePaint(() => {
        const stem = entry.kind === 'folder' ? entry.name : splitName(entry.name)[0];
        input.current?.focus();
        input.current?.setSelectionRange(0, stem.length);
    });
    const finish = (name: string | null): void => {
        if (over.current) return;
        over.current = true;
        done(name);
    };
    const keep = (leaving: boolean): void => {
        const name = input.current!.value;
        const error = nameErrorText(name);
        if (error && !leaving) return setWrong(error);
        finish(error ? null : name);
    };
    return (
        <span class="rename">
            <input
                ref={input}
                aria-label={t('rename.label', { name: entry.name })}
                aria-invalid={wrong ? 'true' : undefined}
                defaultValue={entry.name}
                spellcheck={false}
                autocomplete="off"
                onInput={(event) => setWrong(nameErrorText(event.currentTarget.value))}
                onBlur={() => keep(true)}
                onKeyDown={(event) => {
                    event.stopPropagation();
                    if (event.key === 'Enter') keep(false);
                    if (event.key === 'Escape') finish(null);
                }}
            />
            {wrong && (
                <span class="rename-wrong" role="alert">
                    {wrong}
                </span>
            )}
        </span>
    );
}
