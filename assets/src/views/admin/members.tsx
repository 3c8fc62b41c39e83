// The dialog with a space's members and their roles.
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
import { Select, UsernameField } from '../../components/field';
import { Avatar } from '../../components/avatar';
import { Skeleton } from '../../components/skeleton';
import { useLoaded } from '../use-loaded';

const roles: readonly Role[] = ['viewer', 'editor', 'manager'];
const typingPause = 150; // milliseconds after the last letter
const roleOptions = () => roles.map((role) => [role, t(`role.${role}`)] as const);

// The members. Changes show at once; if the server refuses one, the list is fetched again.
function useMembers(space: Space) {
    const { value, error, again, set } = useLoaded((signal) => api.members(space.id, signal));
    const [refusal, setRefusal] = useState<string | null>(null);
    const items = value ?? [];
    const save = async (next: Member[], work: () => Promise<unknown>): Promise<void> => {
        set(next);
        setRefusal(null);
        try {
            await work();
            spacesChanged();
        } catch (failure) {
            setRefusal(explain(failure, { conflict: t('members.last_manager') }));
            again();
        }
    };
    const others = (id: string): Member[] => items.filter((member) => member.user_id !== id);
    const put = ({ id, username }: Person, role: Role): void => {
        const next = [...others(id), { user_id: id, username, role }];
        next.sort((a, b) => a.username.localeCompare(b.username));
        void save(next, () => api.putMember(space.id, id, role));
    };
    const remove = (id: string): void => void save(others(id), () => api.removeMember(space.id, id));
    return { items, loading: !value && !error, error: refusal ?? error, put, remove };
}

function Members({ space, close }: { space: Space; close: () => void }) {
    const { items, loading, error, put, remove } = useMembers(space);
    const manage = space.role === 'manager' || me.value?.role === 'admin';
    return (
        <Dialog title={t('members.of', { name: spaceName(space) })} onClose={close}>
            {manage && <AddMember members={items} add={put} />}
            <div role="alert">{error && <p class="form-error">{error}</p>}</div>
            {loading && <Skeleton rows={3} />}
            <ul class="things members">
                {items.map((member) => (
                    <MemberRow key={member.user_id} member={member} manage={manage} put={put} remove={remove} />
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

interface MemberRowProps {
    member: Member;
    manage: boolean;
    put: (person: Person, role: Role) => void;
    remove: (id: string) => void;
}

function MemberRow({ member, manage, put, remove }: MemberRowProps) {
    const { user_id: id, username, role } = member;
    return (
        <li>
            <Avatar of="person" name={username} />
            <p class="grow">
                <bdi>{username}</bdi>
            </p>
            {manage ? (
                <Select
                    unlabelled
                    label={t('members.role_of', { name: username })}
                    value={role}
                    options={roleOptions()}
                    onChoice={(chosen) => put({ id, username }, chosen)}
                />
            ) : (
                <p class="note">{t(`role.${role}`)}</p>
            )}
            {manage && (
                <IconButton
                    icon="x"
                    size={16}
                    label={t('members.remove', { name: username })}
                    onClick={() => remove(id)}
                />
            )}
        </li>
    );
}

function AddMember({ members, add }: { members: readonly Member[]; add: (person: Person, role: Role) => void }) {
    const [text, setText] = useState('');
    const [role, setRole] = useState<Role>('editor');
    const [found, setFound] = useState<Person[]>([]);
    const list = useId();
    useEffect(() => {
        const stop = new AbortController();
        const look = (): void =>
            void people(text.trim(), stop.signal).then(
                (answer) => setFound(answer.items),
                () => undefined, // no suggestions
            );
        const timer = setTimeout(look, typingPause);
        return () => {
            clearTimeout(timer);
            stop.abort();
        };
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
            <UsernameField
                label={t('members.add')}
                first
                value={text}
                onText={setText}
                list={list}
                autocomplete="off"
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
