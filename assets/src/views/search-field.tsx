// The one search field: / focuses it, typing searches, Esc leaves it.
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../i18n/language';
import { narrow } from '../model/screen';
import { canGoBack, navigate, route } from '../model/route';
import { IconButton } from '../components/button';
import { focusHome } from '../components/home-focus';
import { Icon } from '../components/icon';

const pause = 220; // after the last letter, milliseconds

export function focusSearch(): void {
    const field = document.querySelector<HTMLInputElement>('#search');
    if (field) return void (field.focus(), field.select());
    document.querySelector<HTMLButtonElement>('#search-open')?.click();
}

function searchPath(q: string): string {
    const now = route.peek();
    const space = now.page === 'search' ? now.space : null;
    const params = new URLSearchParams({ q, ...(space ? { space } : {}) });
    return `/search?${params.toString()}`;
}

export function SearchField() {
    const now = route.value;
    const searching = now.page === 'search';
    const [text, setText] = useState(searching ? now.q : '');
    const [open, setOpen] = useState(searching);
    const input = useRef<HTMLInputElement>(null);
    const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
    useEffect(() => {
        if (searching && now.q !== text && document.activeElement !== input.current) setText(now.q);
    }, [searching && now.q]);
    useEffect(() => () => clearTimeout(timer.current), []);
    const go = (q: string): void => {
        clearTimeout(timer.current);
        if (q.trim() || searching) navigate(searchPath(q), { replace: route.peek().page === 'search' });
    };
    const leave = (): void => {
        clearTimeout(timer.current);
        setText('');
        setOpen(false);
        if (searching) canGoBack() ? history.back() : navigate('/');
        else focusHome();
    };
    if (narrow.value && !open)
        return (
            <IconButton
                icon="search"
                id="search-open"
                label={t('search.label')}
                onClick={() => (setOpen(true), setTimeout(focusSearch))}
            />
        );
    return (
        <search class={`search ${narrow.value ? 'over' : ''}`}>
            <Icon name="search" size={16} />
            <input
                ref={input}
                id="search"
                type="search"
                autocomplete="off"
                spellcheck={false}
                value={text}
                placeholder={t('search.placeholder')}
                aria-label={t('search.label')}
                aria-keyshortcuts="/"
                onInput={(event) => {
                    const q = event.currentTarget.value;
                    setText(q);
                    clearTimeout(timer.current);
                    timer.current = setTimeout(() => go(q), pause);
                }}
                onKeyDown={(event) => {
                    event.stopPropagation();
                    if (event.key === 'Enter') go(text);
                    else if (event.key === 'Escape') leave();
                    else if (event.key === 'ArrowDown') {
                        event.preventDefault();
                        document.querySelector<HTMLElement>('.items')?.focus();
                    }
                }}
            />
            {!text && !narrow.value && <kbd aria-hidden="true">/</kbd>}
            {narrow.value && <IconButton icon="x" label={t('action.close')} onClick={leave} />}
        </search>
    );
}
