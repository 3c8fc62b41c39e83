// The audit trail, newest first: which account did what.
import { urls } from '../../api/url';
import * as accounts from '../../api/accounts';
import type { AuditFilter, AuditRow, Space } from '../../api/shapes';
import { allPages } from '../../api/all-pages';
import { allSpaces } from '../../api/spaces';
import { dayAndTime, exact } from '../../i18n/format';
import { t } from '../../i18n/language';
import { parseId } from '../../model/ids';
import { address, navigate } from '../../model/route';
import { spaceName } from '../../model/spaces';
import { Select } from '../../components/field';
import { useLoaded } from '../use-loaded';
import { Page } from '../page';
import { actionName, factName, factValue, isToldByName, knownActions } from './audit-actions';
import { Paged, usePages } from './paged';

// The filter is in the URL, so that a view of the log can be bookmarked and shared.
type Part = 'user' | 'action' | 'on' | 'since' | 'until';
type Parts = Record<Part, string>;

function partsOf(search: string): Parts {
    const given = new URLSearchParams(search);
    const of = (part: Part): string => given.get(part) ?? '';
    return {
        user: parseId(of('user')) ?? '',
        action: of('action'),
        on: parseId(of('on')) ?? '',
        since: of('since'),
        until: of('until'),
    };
}

// Local midnight of "2026-11-26" plus `later` days, in milliseconds; empty: not a date.
function midnight(day: string, later = 0): string {
    const [year, month, date] = day.split('-').map(Number);
    const when = new Date(year ?? NaN, (month ?? NaN) - 1, (date ?? NaN) + later).getTime();
    return when >= 0 ? String(when) : '';
}

export function Audit() {
    const parts = partsOf(address.value.search);
    const filter: AuditFilter = {
        user_id: parts.user,
        action: parts.action,
        entry_id: parts.on,
        since: midnight(parts.since),
        until: midnight(parts.until, 1),
    };
    const pages = usePages(accounts.audit, filter);
    const row = (one: AuditRow) => {
        const other = one.target_id && one.target_id !== parts.on ? one.target_id : null;
        return <Row key={one.id} one={one} only={other && urls.audit({ ...parts, on: other })} />;
    };
    return (
        <Page title={t('audit.title')}>
            <Filters parts={parts} rows={pages.items.value} />
            <Paged
                name="trail"
                pages={pages}
                label={t('audit.title')}
                none={t('audit.none')}
                row={row}
                heads={[
                    ['when', t('column.when')],
                    ['who', t('column.who')],
                    ['what', t('column.what')],
                    ['target', t('column.target')],
                    ['address', t('column.address')],
                ]}
            />
        </Page>
    );
}

type Options = (readonly [value: string, text: string])[];

// The spaces, and the current target if it is not one of them.
function targetOptions(spaces: readonly Space[], on: string, rows: readonly AuditRow[]): Options {
    const known: Options = spaces.map((space) => [space.id, spaceName(space)]);
    const any: Options = [['', t('audit.any_target')]];
    if (!on || spaces.some((space) => space.id === on)) return [...any, ...known];
    const name = rows.find((row) => row.target_id === on)?.target || on;
    return [...any, ...known, [on, t('audit.one_target', { name })]];
}

function Filters({ parts, rows }: { parts: Parts; rows: readonly AuditRow[] }) {
    const { user, action, on, since, until } = parts;
    const choose = (part: Part) => (value: string) =>
        navigate(urls.audit({ ...parts, [part]: value }), { replace: true });
    const users = useLoaded((signal) => allPages((cursor) => accounts.users('', cursor, signal))).value ?? [];
    const spaces = useLoaded((signal) => allPages((cursor) => allSpaces(cursor, signal))).value ?? [];
    const seen = new Set([...knownActions, ...rows.map((row) => row.action), ...(action ? [action] : [])]);
    const people: Options = users.map((one) => [one.id, one.username]);
    const actions: Options = [...seen].map((one) => [one, actionName(one)]);
    return (
        <div class="toolbar filters">
            <Select
                label={t('audit.user')}
                unlabelled
                value={user}
                onChoice={choose('user')}
                options={[['', t('audit.everybody')], ...people]}
            />
            <Select
                label={t('audit.action')}
                unlabelled
                value={action}
                onChoice={choose('action')}
                options={[['', t('audit.everything')], ...actions]}
            />
            <Select
                label={t('column.target')}
                unlabelled
                value={on}
                onChoice={choose('on')}
                options={targetOptions(spaces, on, rows)}
            />
            <Day label={t('audit.since')} value={since} most={until} onDay={choose('since')} />
            <Day label={t('audit.until')} value={until} least={since} onDay={choose('until')} />
        </div>
    );
}

function Day({
    label,
    value,
    least,
    most,
    onDay,
}: {
    label: string;
    value: string;
    least?: string;
    most?: string;
    onDay: (day: string) => void;
}) {
    return (
        <label class="filter-day">
            <span>{label}</span>
            <input
                type="date"
                value={value}
                min={least || undefined}
                max={most || undefined}
                onChange={(event) => onDay(event.currentTarget.value)}
            />
        </label>
    );
}

function detailText(detail: AuditRow['detail']): string {
    const text = (key: string, value: unknown): string =>
        typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
            ? factValue(key, String(value))
            : JSON.stringify(value);
    return Object.entries(detail ?? {})
        .filter(([key, value]) => value !== null && value !== '' && !isToldByName(key, detail))
        .map(([key, value]) => `${factName(key)}: ${text(key, value)}`)
        .join(' · ');
}

// only: URL of the log with only this target.
function Row({ one, only }: { one: AuditRow; only: string | null }) {
    return (
        <tr>
            <td class="when">
                <time dateTime={new Date(one.at).toISOString()} title={exact(one.at)}>
                    {dayAndTime(one.at)}
                </time>
            </td>
            <td class="who">
                <bdi>{one.user ?? t('audit.nobody')}</bdi>
            </td>
            <td class="what">{actionName(one.action)}</td>
            <td class="target">
                {only && one.target ? (
                    <a class="target-name" href={only} title={t('audit.only', { name: one.target })}>
                        <bdi>{one.target}</bdi>
                    </a>
                ) : (
                    <span>
                        <bdi>{one.target ?? ''}</bdi>
                    </span>
                )}
                {detailText(one.detail) && <span class="note">{detailText(one.detail)}</span>}
            </td>
            <td class="address">{one.address ?? ''}</td>
        </tr>
    );
}
