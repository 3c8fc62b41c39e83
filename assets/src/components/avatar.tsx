// Who and where, at a glance: a person is a circle, a group a rounded square, a space an arch; each with its initial and a tint of its own.
interface AvatarProps {
    of: 'person' | 'group' | 'space';
    name: string;
    small?: boolean;
}

export function Avatar({ of, name, small }: AvatarProps) {
    const tint = [...name].reduce((sum, letter) => sum + letter.codePointAt(0)!, 0) % 6;
    return (
        <span class={`avatar avatar-${of} tint-${tint} ${small ? 'small' : ''}`} aria-hidden="true">
            {[...name][0]?.toUpperCase() ?? '?'}
        </span>
    );
}
