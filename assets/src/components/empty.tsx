// What shows in place of a list that is empty, or of a page that failed.
import type { ComponentChildren } from 'preact';
import { urls } from '../api/url';
import { t } from '../i18n/language';
import { Button } from './button';
import { Icon } from './icon';
import type { IconName } from './icons';

interface EmptyProps {
    icon: IconName;
    title: string;
    text?: string;
    children?: ComponentChildren;
}

export function Empty({ icon, title, text, children }: EmptyProps) {
    return (
        <div class="empty">
            <span class="empty-icon">
                <Icon name={icon} size={40} />
            </span>
            <h2>{title}</h2>
            {text && <p>{text}</p>}
            {children && <div class="empty-actions">{children}</div>}
        </div>
    );
}

// untitled: for pages whose title already says that something failed.
export function Failed({ text, retry, untitled = false }: { text: string; retry?: () => void; untitled?: boolean }) {
    return (
        <div class="empty" role="alert">
            <span class="empty-icon bad">
                <Icon name="triangleAlert" size={40} />
            </span>
            {!untitled && <h2>{t('failed.title')}</h2>}
            <p>{text}</p>
            <div class="empty-actions">
                {retry && <Button onClick={retry}>{t('action.try_again')}</Button>}
                <a class="button" href={urls.home}>
                    {t('nav.home')}
                </a>
            </div>
        </div>
    );
}
