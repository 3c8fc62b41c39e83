// Who is in a space, and what each may do there.
import { useEffect, useId, useState } from 'preact/hooks';
import { people } from '../../api/accounts';
import * as api from '../../api/spaces';
import type { Member, Person, Role, Space } from '../../api/shapes';
import { t } from '../../i18n/language';
import { show } from '../../model/dialogs';
import { explain } from '../../model/error-text';
import { me } from '../../model/session';
import { spaceName, spacesChanged } from '../../model/spaces';
import { Button, IconButton } from '../../components/button';
import { Dialog } from '../../components/dialog';
import { Field, Select } from '../../components/field';
import { Avatar } from '../../components/avatar';
import { Skeleton } from '../../components/small';
import { useLoaded } from '../use-loaded';

const roles: readonly Role[] = ['viewer', 'editor', 'manager'];
const roleOptions = () => roles.map((role) => [role, t(`role.${role}`)] as const);

function Members({ space, close }: { space: Space; close: () => void }) {
    const { value, error, again, set } = useLoaded((signal) => api.members(space.id, signal));
    const [wrong, setWrong] = useState<string | null>(null);
    const items = value ?? [];
    const manage = space.role === 'manager' || me.value?.role === 'admin';
    const save = async (next: Member[], work: () => Promise<unknown>): Promise<void> => {
        set(next);
        setWrong(null);
        try {
            await work();
            spacesChanged();
        } catch (error) {
            setWrong(explain(error, { conflict: t('members.last_manager') }));
            again();
        }
    };
    const put = (userId: string, username: string, role: Role): Promise<void> =>
        save(
            [...items.filter((m) => m.user_id !== userId), { user_id: userId, username, role }].sort((a, b) =>
                a.username.localeCompare(b.username),
            ),
            () => api.putMember(space.id, userId, role),
        );
    return (
        <Dialog title={t('members.of', { name: spaceName(space) })} onClose={close}>
            {manage && <AddMember members={items} add={(person, role) => void put(person.id, person.username, role)} />}
            <div role="alert">{(wrong ?? error) && <p class="form-error">{wrong ?? error}</p>}</div>
            {!value && !error && <Skeleton rows={3} />}
            <ul class="things members">
                {items.map((member) => (
                    <li key={member.user_id}>
                        <Avatar of="person" name={member.username} />
                        <p class="grow">
                            <bdi>{member.username}</bdi>
                        </p>
                        {manage ? (
                            <Select
                                unlabelled
                                label={t('members.role_of', { name: member.username })}
                                value={member.role}
                                options={roleOptions()}
                                onChoice={(role) => void put(member.user_id, member.username, role)}
                            />
                        ) : (
                            <p class="note">{t(`role.${member.role}`)}</p>
                        )}
                        {manage && (
                            <IconButton
                                icon="x"
                                size={16}
                                label={t('members.remove', { name: member.username })}
                                onClick={() =>
                                    void save(
                                        items.filter((m) => m !== member),
                                        () => api.removeMember(space.id, member.user_id),
                                    )
                                }
                            />
                        )}
                    </li>
                ))}
            </ul>
            <dl class="roles-told">
                {roles.map((role) => (
                    <div key={role}>
                        <dt>{t(`role.${role}`)}</dt>
                        <dd>{t(`role.${role}_may`)}</dd>
                    </div>
                ))}
            </dl>
        </Dialog>
    );
}

function AddMember({ members, add }: { members: readonly Member[]; add: (person: Person, role: Role) => void }) {
    const [text, setText] = useState('');
    const [role, setRole] = useState<Role>('editor');
    const [found, setFound] = useState<Person[]>([]);
    const list = useId();
    useEffect(() => {
        const stop = new AbortController();
        const timer = setTimeout(
            () =>
                people(text.trim(), stop.signal).then(
                    (answer) => setFound(answer.items),
                    () => undefined,
                ),
            150,
        );
        return () => (clearTimeout(timer), stop.abort());
    }, [text]);
    const inside = new Set(members.map((member) => member.user_id));
    const choices = found.filter((person) => !inside.has(person.id));
    const chosen = choices.find((person) => person.username.toLowerCase() === text.trim().toLowerCase());
    const submit = (event: Event): void => {
        event.preventDefault();
        if (!chosen) return;
        add(chosen, role);
        setText('');
    };
    return (
        <form class="add-member" onSubmit={submit}>
            <Field
                label={t('members.add')}
                first
                value={text}
                onText={setText}
                list={list}
                autocomplete="off"
                autocapitalize="off"
                spellcheck={false}
                placeholder={t('account.username')}
            />
            <datalist id={list}>
                {choices.map((person) => (
                    <option key={person.id} value={person.username} />
                ))}
            </datalist>
            <Select label={t('members.role')} value={role} options={roleOptions()} onChoice={setRole} />
            <Button type="submit" primary disabled={!chosen}>
                {t('members.put')}
            </Button>
        </form>
    );
}

export const showMembers = (space: Space): Promise<void> =>
    show<void>((close) => <Members space={space} close={() => close()} />);
