// A link in the sidebar.
import type { ComponentChildren } from 'preact';

interface LinkProps {
    href: string;
    mark: ComponentChildren;
    text: string;
    on?: boolean;
    drop?: { id: string; name: string } | false;
}

export const NavLink = ({ href, mark, text, on, drop }: LinkProps) => (
    <li>
        <a
            href={href}
            class="nav-link"
            aria-current={on ? 'page' : undefined}
            data-drop={drop ? drop.id : undefined}
            data-drop-name={drop ? drop.name : undefined}
            data-tip={text}
        >
            {mark}
            <span>
                <bdi>{text}</bdi>
            </span>
        </a>
    </li>
);
