// The path of a folder; each step is a link and a drop target. A long path is shortened in its middle.
import { urls } from '../api/url';
import type { ComponentChild } from 'preact';
import type { OpenEntry, Step } from '../api/shapes';
import { t } from '../i18n/language';
import { navigate } from '../model/route';
import { narrow, rail, wide } from '../model/screen';
import { canWrite, spaceById } from '../model/spaces';
import { Icon } from './icon';
import { MenuButton } from './menu';

export function splitPath<T>(steps: readonly T[], ends: number): [first: T[], hidden: T[], last: T[]] {
    if (steps.length <= ends) return [[...steps], [], []];
    return [steps.slice(0, 1), steps.slice(1, steps.length - ends + 1), steps.slice(steps.length - ends + 1)];
}

export function Breadcrumbs({ entry, more }: { entry: OpenEntry; more?: ComponentChild }) {
    const space = spaceById(entry.space_id);
    const write = canWrite(entry.role);
    const named = (step: Step, at: number): Step =>
        at === 0
            ? { id: step.id, name: space?.kind === 'personal' ? t('space.personal') : (space?.name ?? step.name) }
            : step;
    const all = [...entry.path, { id: entry.id, name: entry.name }].map(named);
    const here = all[all.length - 1]!;
    const [first, hidden, last] = splitPath(all.slice(0, -1), wide.value ? 3 : narrow.value || rail.value ? 1 : 2);
    const path = (step: Step): string => (step.id === space?.root_id ? urls.space(space.id) : urls.folder(step.id));
    const link = (step: Step) => (
        <li key={step.id}>
            <a href={path(step)} title={step.name} data-drop={write ? step.id : undefined} data-drop-name={step.name}>
                <bdi>{step.name}</bdi>
            </a>
            <Icon name="chevronRight" size={14} />
        </li>
    );
    return (
        <nav class="breadcrumbs" aria-label={t('breadcrumbs.label')}>
            <ol>
                {first.map(link)}
                {hidden.length > 0 && (
                    <li>
                        <MenuButton
                            label={t('breadcrumbs.hidden')}
                            icon="ellipsis"
                            entries={() =>
                                hidden.map((step) => ({
                                    label: step.name,
                                    icon: 'folder' as const,
                                    run: () => navigate(path(step)),
                                }))
                            }
                        />
                        <Icon name="chevronRight" size={14} />
                    </li>
                )}
                {last.map(link)}
                <li class="here">
                    <h1 title={here.name}>
                        <bdi>{here.name}</bdi>
                    </h1>
                </li>
                {more && <li>{more}</li>}
            </ol>
        </nav>
    );
}
