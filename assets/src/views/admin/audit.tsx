// Who did what, newest first.
import * as accounts from '../../api/accounts';
import { query } from '../../api/path';
import type { AuditRow, Person } from '../../api/shapes';
import { every } from '../../api/all-pages';
import { all_spaces } from '../../api/spaces';
import { day_and_time, exact } from '../../i18n/format';
import { t } from '../../i18n/language';
import { parse_id } from '../../model/ids';
import { address, navigate } from '../../model/route';
import { space_name } from '../../model/spaces';
import { Select } from '../../components/field';
import { useLoaded } from '../use-loaded';
import { Page } from '../page';
import { action_name, fact_name, fact_value, is_told_by_name, known_actions } from './audit-actions';
import { Paged, usePages } from './paged';

// In the address bar, so that a view of the log can be kept and sent.
type Part = 'user' | 'action' | 'on' | 'since' | 'until';
type Parts = Record<Part, string>;

function parts_of(search: string): Parts {
    const given = new URLSearchParams(search);
    const of = (part: Part): string => given.get(part) ?? '';
    return { user: parse_id(of('user')) ?? '', action: of('action'), on: parse_id(of('on')) ?? '', since: of('since'), until: of('until') };
}

const address_of = (parts: Parts): string => `/admin/audit${query(parts)}`;

// Midnight here of "2026-11-26", so many days later; empty if it is no day.
function midnight(day: string, later = 0): string {
    const [year, month, date] = day.split('-').map(Number);
    const when = new Date(year ?? NaN, (month ?? NaN) - 1, (date ?? NaN) + later).getTime();
    return when >= 0 ? String(when) : '';
}

export function Audit() {
    const parts = parts_of(address.value.search);
    const { user, action, on, since, until } = parts;
    const choose = (part: Part) => (value: string) => navigate(address_of({ ...parts, [part]: value }), { replace: true });
    const filter: accounts.AuditFilter = { user_id: user, action, entry_id: on, since: midnight(since), until: midnight(until, 1) };
    const pages = usePages((cursor, signal) => accounts.audit(filter, cursor, signal), [user, action, on, since, until]);
    const everybody = useLoaded((signal) => every((cursor) => accounts.users('', cursor, signal)));
    const spaces = useLoaded((signal) => every((cursor) => all_spaces(cursor, signal))).value ?? [];
    const users: readonly Person[] = everybody.value ?? [];
    const seen = new Set([...known_actions, ...pages.items.value.map((row) => row.action), ...(action ? [action] : [])]);
    const targets: (readonly [string, string])[] = [['', t('audit.any_target')], ...spaces.map((space) => [space.id, space_name(space)] as const)];
    if (on && !spaces.some((space) => space.id === on)) targets.push([on, t('audit.one_target', { name: pages.items.value.find((row) => row.target_id === on)?.target || on })]);
    const row = (one: AuditRow) => <Row key={one.id} one={one} only={one.target_id && one.target_id !== on ? address_of({ ...parts, on: one.target_id }) : null} />;
    return (
        <Page title={t('audit.title')}>
            <div class="toolbar filters">
                <Select label={t('audit.user')} unlabelled value={user} on_choice={choose('user')} options={[['', t('audit.everybody')], ...users.map((one) => [one.id, one.username] as const)]} />
                <Select label={t('audit.action')} unlabelled value={action} on_choice={choose('action')} options={[['', t('audit.everything')], ...[...seen].map((one) => [one, action_name(one)] as const)]} />
                <Select label={t('column.target')} unlabelled value={on} on_choice={choose('on')} options={targets} />
                <Day label={t('audit.since')} value={since} most={until} on_day={choose('since')} />
                <Day label={t('audit.until')} value={until} least={since} on_day={choose('until')} />
            </div>
            <Paged name="trail" pages={pages} label={t('audit.title')} none={t('audit.none')} row={row} heads={[['when', t('column.when')], ['who', t('column.who')], ['what', t('column.what')], ['target', t('column.target')], ['address', t('column.address')]]} />
        </Page>
    );
}

function Day({ label, value, least, most, on_day }: { label: string; value: string; least?: string; most?: string; on_day: (day: string) => void }) {
    return (
        <label class="filter-day">
            <span>{label}</span>
            <input type="date" value={value} min={least || undefined} max={most || undefined} onChange={(event) => on_day(event.currentTarget.value)} />
        </label>
    );
}

function detail_text(detail: AuditRow['detail']): string {
    return Object.entries(detail ?? {})
        .filter(([key, value]) => value !== null && value !== '' && !is_told_by_name(key, detail))
        .map(([key, value]) => `${fact_name(key)}: ${typeof value === 'object' ? JSON.stringify(value) : fact_value(key, String(value))}`)
        .join(' · ');
}

// only: the address of this row's target alone.
function Row({ one, only }: { one: AuditRow; only: string | null }) {
    return (
        <tr>
            <td class="when">
                <time dateTime={new Date(one.at).toISOString()} title={exact(one.at)}>{day_and_time(one.at)}</time>
            </td>
            <td class="who"><bdi>{one.user ?? t('audit.nobody')}</bdi></td>
            <td class="what">{action_name(one.action)}</td>
            <td class="target">
                {only && one.target ? <a class="target-name" href={only} title={t('audit.only', { name: one.target })}><bdi>{one.target}</bdi></a> : <span><bdi>{one.target ?? ''}</bdi></span>}
                {detail_text(one.detail) && <span class="note">{detail_text(one.detail)}</span>}
            </td>
            <td class="address">{one.address ?? ''}</td>
        </tr>
    );
}
