// One page's content in the stage's grid: the head and the main act of the top bar, and what is below.
// The search field stands beside it in the frame, so that it stays while pages change under it.
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
    head?: ComponentChildren | null; // instead of the title
    action?: ComponentChildren;
    drop?: Target | null; // files let go anywhere on the page go there
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
