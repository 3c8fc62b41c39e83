// Shell commands (curl) for an entry, which work as they are with a token from the profile page.
import { path, urlOf, urls, type ApiPath } from '../../api/url';
import type { Entry } from '../../api/shapes';
import { t } from '../../i18n/language';
import { Copyable } from '../../components/copyable';
import { Icon } from '../../components/icon';

// Quotes any text for a POSIX shell.
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const bearer = '-H "Authorization: Bearer $BODEGA_TOKEN"';

export function recipesFor(
    entry: Pick<Entry, 'id' | 'kind' | 'name' | 'parent_id'>,
    origin: string,
    write: boolean,
): [label: 'download' | 'replace' | 'put' | 'list', line: string][] {
    const at = (to: ApiPath): string => quoted(origin + urlOf(to));
    if (entry.kind === 'folder') {
        const list: [label: 'list', line: string] = [
            'list',
            `curl ${bearer} ${at(path`entries/${entry.id}/children`)}`,
        ];
        return write ? [['put', `curl -T FILE ${bearer} ${at(path`entries/${entry.id}/files/`)}`], list] : [list];
    }
    const download: [label: 'download', line: string] = [
        'download',
        `curl -o ${quoted(entry.name)} ${bearer} ${at(path`entries/${entry.id}/content`)}`,
    ];
    if (!write || !entry.parent_id) return [download];
    return [
        download,
        [
            'replace',
            `curl -T ${quoted(entry.name)} ${bearer} ${at(path`entries/${entry.parent_id}/files/${entry.name}`)}`,
        ],
    ];
}

export function Recipes({
    entry,
    write,
}: {
    entry: Pick<Entry, 'id' | 'kind' | 'name' | 'parent_id'>;
    write: boolean;
}) {
    return (
        <details class="details-part recipes">
            <summary>
                <Icon name="chevronRight" size={16} />
                {t('recipes.title')}
            </summary>
            {recipesFor(entry, location.origin, write).map(([label, line]) => (
                <div key={label}>
                    <h4>{t(`recipes.${label}`)}</h4>
                    <Copyable block text={line} label={t('action.copy')} />
                </div>
            ))}
            <p class="note">
                {t('recipes.token')} <a href={urls.tokens}>{t('recipes.make_token')}</a>
            </p>
        </details>
    );
}
