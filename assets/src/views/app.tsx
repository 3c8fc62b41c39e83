// Chooses the page, by the route and by the signed-in user.
import { useEffect } from 'preact/hooks';
import { openEntry } from '../api/entries';
import { language, t } from '../i18n/language';
import { explain } from '../model/error-text';
import { route } from '../model/route';
import { me } from '../model/session';
import { personal, spaceById, spaces } from '../model/spaces';
import { Dialogs } from '../components/dialogs';
import { MenuLayer } from '../components/menu';
import { Failed } from '../components/empty';
import { Skeleton } from '../components/skeleton';
import { Toaster } from '../components/toaster';
import { Audit } from './admin/audit';
import { Nodes } from './admin/nodes';
import { Spaces } from './admin/spaces';
import { Users } from './admin/users';
import { FolderView } from './folder/folder';
import { Layout } from './layout';
import { Setup, SignIn } from './sign-in';
import { useLoaded } from './use-loaded';
import { Page } from './page';
import { Profile } from './profile/profile';
import { SearchView } from './search';
import { TrashView } from './trash';

export function App() {
    const spoken = language.value;
    useEffect(() => {
        document.documentElement.lang = spoken;
    }, [spoken]);
    return (
        <>
            <Body />
            <Dialogs />
            <MenuLayer />
            <Toaster />
        </>
    );
}

function Body() {
    const now = route.value;
    if (now.page === 'setup') return <Setup />;
    if (now.page === 'sign-in') return <SignIn />;
    if (!me.value) return null; // not known yet, or redirecting to the sign-in page
    return (
        <Layout key={me.value.id}>
            <Inside />
        </Layout>
    );
}

function Inside() {
    const now = route.value;
    switch (now.page) {
        case 'home':
            return personal.value ? <FolderView id={personal.value.root_id} /> : <Waiting />;
        case 'space':
            return <SpaceView id={now.id} />;
        case 'folder':
            return <FolderView id={now.id} />;
        case 'file':
            return <FileView id={now.id} />;
        case 'trash':
            return <TrashView key={now.id} id={now.id} />;
        case 'search':
            return <SearchView />;
        case 'profile':
            return <Profile />;
        case 'users':
        case 'spaces':
        case 'audit':
        case 'nodes':
            return <Administration page={now.page} />;
        default:
            return <Nothing text={t('page.none')} />;
    }
}

const Waiting = () => (
    <Page title="">
        <Skeleton rows={8} />
    </Page>
);
const Nothing = ({ text }: { text: string }) => (
    <Page title={t('failed.title')}>
        <Failed text={text} untitled />
    </Page>
);

function SpaceView({ id }: { id: string }) {
    if (!spaces.value) return <Waiting />;
    const space = spaceById(id);
    return space ? <FolderView id={space.root_id} /> : <Nothing text={t('space.none')} />;
}

function FileView({ id }: { id: string }) {
    const { value, error } = useLoaded((signal) => openEntry(id, signal), id);
    if (error) return <Nothing text={error} />;
    if (value?.id === id)
        return (
            <FolderView
                id={value.kind === 'folder' ? value.id : value.parent_id!}
                reveal={value.kind === 'file' ? value : null}
            />
        );
    return <Waiting />;
}

const administration = { users: Users, spaces: Spaces, audit: Audit, nodes: Nodes };

function Administration({ page }: { page: keyof typeof administration }) {
    const Chosen = administration[page];
    return me.value?.role === 'admin' ? <Chosen /> : <Nothing text={t('page.admin')} />;
}

export const fatal = (error: unknown) => <Failed text={explain(error)} retry={() => location.reload()} />;
