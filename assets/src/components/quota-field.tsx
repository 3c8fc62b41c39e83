// The field of a limit.
import { t } from '../i18n/language';
import { quota_bytes } from '../model/quota';
import { Field } from './field';

export function QuotaField({ text, on_text }: { text: string; on_text: (text: string) => void }) {
    const wrong = quota_bytes(text) === undefined ? t('quota.wrong') : null;
    return <Field label={t('quota.label')} hint={t('quota.hint')} value={text} on_text={on_text} wrong={wrong} inputMode="decimal" autocomplete="off" />;
}
