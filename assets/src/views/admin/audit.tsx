// Who did what, newest first.
import { useState } from 'preact/hooks';
import * as accounts from '../../api/accounts';
import type { AuditRow, Person } from '../../api/shapes';
import { day_and_time, exact } from '../../i18n/format';
import { t } from '../../i18n/language';
import { Select } from '../../parts/field';
import { Page } from '../page';
import { useLoaded } from '../load';
import { action_name, known_actions } from './actions';
import { Paged, usePages } from './paged';

export function Audit() {
    const [user, set_user] = useState('');
    const [action, set_action] = useState('');
    const pages = usePages((cursor, signal) => accounts.audit({ user_id: user, action }, cursor, signal), [user, action]);
    const everybody = useLoaded((signal) => accounts.users('', null, signal));
    const users: readonly Person[] = everybody.value?.items ?? [];
    const seen = new Set([...known_actions, ...pages.items.value.map((row) => row.action)]);
    return (
        <Page title={t('audit.title')}>
            <div class="toolbar filters">
                <Select label={t('audit.user')} unlabelled value={user} on_choice={set_user} options={[['', t('audit.everybody')], ...users.map((one) => [one.id, one.username] as const)]} />
                <Select label={t('audit.action')} unlabelled value={action} on_choice={set_action} options={[['', t('audit.everything')], ...[...seen].map((one) => [one, action_name(one)] as const)]} />
            </div>
            <Paged name="trail" pages={pages} label={t('audit.title')} none={t('audit.none')} row={row} heads={[['when', t('column.when')], ['who', t('column.who')], ['what', t('column.what')], ['target', t('column.target')], ['address', t('column.address')]]} />
        </Page>
    );
}

function detail_text(detail: AuditRow['detail']): string {
    return Object.entries(detail ?? {})
        .filter(([, value]) => value !== null && value !== '')
        .map(([key, value]) => `${key}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
        .join(' · ');
}

const row = (one: AuditRow) => (
    <tr key={one.id}>
        <td class="when">
            <time dateTime={new Date(one.at).toISOString()} title={exact(one.at)}>{day_and_time(one.at)}</time>
        </td>
        <td class="who">{one.user ?? t('audit.nobody')}</td>
        <td class="what">{action_name(one.action)}</td>
        <td class="target">
            <span>{one.target ?? ''}</span>
            {detail_text(one.detail) && <span class="note">{detail_text(one.detail)}</span>}
        </td>
        <td class="address">{one.address ?? ''}</td>
    </tr>
);
