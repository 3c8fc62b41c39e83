// How full a space is.
import { percent, size } from '../i18n/format';
import { t } from '../i18n/language';

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

export const usedText = (used: number, quota: number | null): string =>
    quota === null ? t('used.plain', { used: size(used) }) : t('used.of', { used: size(used), quota: size(quota) });
