// A page in the stage's grid: its title and main action in the top bar, and its content below. The search field is part
// of the layout, so it stays while pages change.
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n/language';
import type { Target } from '../model/transfer';
import { pageTitle } from '../model/title';
import { useHomeFocus } from '../components/home-focus';
import { Banner } from './banner';
import { visibleText } from '../components/bidi-controls';

interface PageProps {
    title: string;
    head?: ComponentChildren | null; // replaces the title
    action?: ComponentChildren;
    drop?: Target | null; // target for files that are dropped anywhere on the page
    children: ComponentChildren;
}

export function Page({ title, head, action, drop, children }: PageProps) {
    useEffect(() => {
        pageTitle.value = visibleText(title);
    }, [title]);
    useHomeFocus(title);
    return (
        <div class="page" data-drop={drop?.id} data-drop-name={drop?.name}>
            <header>
                <div class="top-head">
                    {head ?? <h1 class={title ? 'page-title' : 'unseen'}>{title || t('loading')}</h1>}
                </div>
                {action && <div class="top-action">{action}</div>}
            </header>
            <main id="main" class="content" tabIndex={-1}>
                <Banner />
                {children}
            </main>
        </div>
    );
}
