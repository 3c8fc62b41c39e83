// The search field: / focuses it, typing searches, Esc leaves it.
import { urls } from '../api/url';
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../i18n/language';
import { narrow } from '../model/screen';
import { canGoBack, navigate, route } from '../model/route';
import { IconButton } from '../components/button';
import { focusHome } from '../components/home-focus';
import { Icon } from '../components/icon';

const pause = 220; // milliseconds after the last letter

export function focusSearch(): void {
    const field = document.querySelector<HTMLInputElement>('#search');
    if (field) return void (field.focus(), field.select());
    document.querySelector<HTMLButtonElement>('#search-open')?.click();
}

function searchPath(q: string): string {
    const now = route.peek();
    const space = now.page === 'search' ? now.space : null;
    return urls.search(q, space);
}

// The typed text. It is searched for after a pause or by Enter; Esc leaves the search.
function useSearch() {
    const now = route.value;
    const asked = now.page === 'search' ? now.q : null;
    const [text, setText] = useState(asked ?? '');
    const [open, setOpen] = useState(asked !== null);
    const input = useRef<HTMLInputElement>(null);
    const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
    useEffect(() => {
        if (asked !== null && document.activeElement !== input.current) setText(asked);
    }, [asked]);
    useEffect(() => () => clearTimeout(timer.current), []);
    const go = (q: string): void => {
        clearTimeout(timer.current);
        if (q.trim() || asked !== null) navigate(searchPath(q), { replace: route.peek().page === 'search' });
    };
    const type = (q: string): void => {
        setText(q);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => go(q), pause);
    };
    const leave = (): void => {
        clearTimeout(timer.current);
        setText('');
        setOpen(false);
        if (asked === null) focusHome();
        else if (canGoBack()) history.back();
        else navigate(urls.home);
    };
    const unfold = (): void => {
        setOpen(true);
        setTimeout(focusSearch);
    };
    return { text, open, input, go, type, leave, unfold };
}

export function SearchField() {
    const { text, open, input, go, type, leave, unfold } = useSearch();
    const onKey = (event: KeyboardEvent): void => {
        event.stopPropagation();
        if (event.key === 'Enter') go(text);
        else if (event.key === 'Escape') leave();
        else if (event.key === 'ArrowDown') {
            event.preventDefault();
            document.querySelector<HTMLElement>('.items')?.focus();
        }
    };
    if (narrow.value && !open)
        return <IconButton icon="search" id="search-open" label={t('search.label')} onClick={unfold} />;
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
                onInput={(event) => type(event.currentTarget.value)}
                onKeyDown={onKey}
            />
            {!text && !narrow.value && <kbd aria-hidden="true">/</kbd>}
            {narrow.value && <IconButton icon="x" label={t('action.close')} onClick={leave} />}
        </search>
    );
}
