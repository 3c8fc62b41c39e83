// Small things that many views show.
import { urls } from '../api/url';
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { exact, moment, percent, size } from '../i18n/format';
import { t } from '../i18n/language';
import { nameHalves } from '../model/names';
import { Button } from './button';
import { Icon } from './icon';
import type { IconName } from './icons';

// A name that is shortened in its middle, so that its end shows. Screen readers get the whole name and `kind`.
export function Name({ name, folder = false, kind = '' }: { name: string; folder?: boolean; kind?: string }) {
    const [head, tail] = nameHalves(name, folder);
    return (
        <bdi class="name" title={name}>
            <span class="name-head" aria-hidden="true">
                {head}
            </span>
            {tail && (
                <span class="name-tail" aria-hidden="true">
                    {tail}
                </span>
            )}
            <span class="unseen">{kind ? `${name}, ${kind}` : name}</span>
        </bdi>
    );
}

// The steps of a path, each with its own writing direction.
export function Steps({ steps }: { steps: readonly string[] }) {
    return (
        <span title={steps.join(' / ')}>{steps.map((step, at) => [at > 0 && ' / ', <bdi key={at}>{step}</bdi>])}</span>
    );
}

export function When({ at }: { at: number }) {
    return (
        <time dateTime={new Date(at).toISOString()} onMouseEnter={(event) => (event.currentTarget.title = exact(at))}>
            {moment(at)}
        </time>
    );
}

export function Meter({ value, of, label }: { value: number; of: number; label: string }) {
    const part = of > 0 ? Math.min(1, value / of) : 0;
    return (
        <div
            class={`meter ${part >= 0.9 ? 'full' : ''}`}
            role="meter"
            aria-label={label}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={Math.round(part * 100)}
            aria-valuetext={percent(part)}
        >
            <div style={{ width: `${part * 100}%` }} />
        </div>
    );
}

// A thin progress bar. Hidden from screen readers: the text beside it says the same.
export function ThinProgress({ part }: { part: number }) {
    return (
        <div class="progress thin" aria-hidden="true">
            <div style={{ width: `${part * 100}%` }} />
        </div>
    );
}

export function Progress({ part, label, thin, text }: { part: number; label: string; thin?: boolean; text?: string }) {
    return (
        <div
            class={thin ? 'progress thin' : 'progress'}
            role="progressbar"
            aria-label={label}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={Math.round(part * 100)}
            aria-valuetext={text}
        >
            <div style={{ width: `${part * 100}%` }} />
        </div>
    );
}

export const usedText = (used: number, quota: number | null): string =>
    quota === null ? t('used.plain', { used: size(used) }) : t('used.of', { used: size(used), quota: size(quota) });

// False until `ms` have passed: a fast answer needs no skeleton.
export function useLate(ms = 150): boolean {
    const [late, setLate] = useState(false);
    useEffect(() => {
        const timer = setTimeout(() => setLate(true), ms);
        return () => clearTimeout(timer);
    }, [ms]);
    return late;
}

export function Skeleton({ rows = 6 }: { rows?: number }) {
    const late = useLate();
    return (
        <div class="skeleton" aria-busy="true" aria-label={t('loading')} role="status">
            {late && Array.from({ length: rows }, (_, i) => <div key={i} class="skeleton-row" />)}
        </div>
    );
}

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

export const Badge = ({
    tone = 'plain',
    children,
}: {
    tone?: 'plain' | 'good' | 'bad' | 'accent';
    children: ComponentChildren;
}) => <span class={`badge ${tone}`}>{children}</span>;
