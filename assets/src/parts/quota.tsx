// A limit of bytes, written in GiB; empty is no limit.
import { t } from '../i18n/language';
import { Field } from './field';

const gib = 2 ** 30;

export const quota_text = (bytes: number | null): string => (bytes === null ? '' : String(Math.round((bytes / gib) * 100) / 100));

// undefined: not a number that makes sense.
export function quota_bytes(text: string): number | null | undefined {
    const plain = text.trim().replace(',', '.');
    if (!plain) return null;
    const value = Number(plain);
    return Number.isFinite(value) && value >= 0 && value < 2 ** 22 ? Math.round(value * gib) : undefined;
}

export function QuotaField({ text, on_text }: { text: string; on_text: (text: string) => void }) {
    const wrong = quota_bytes(text) === undefined ? t('quota.wrong') : null;
    return <Field label={t('quota.label')} hint={t('quota.hint')} value={text} on_text={on_text} wrong={wrong} inputMode="decimal" autocomplete="off" />;
}
