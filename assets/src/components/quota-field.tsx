// A field for a quota.
import { t } from '../i18n/language';
import { quotaBytes } from '../model/quota';
import { Field } from './field';

export function QuotaField({ text, onText }: { text: string; onText: (text: string) => void }) {
    const wrong = quotaBytes(text) === undefined ? t('quota.wrong') : null;
    return (
        <Field
            label={t('quota.label')}
            hint={t('quota.hint')}
            value={text}
            onText={onText}
            wrong={wrong}
            inputMode="decimal"
            autocomplete="off"
        />
    );
}
