// The layout of signed-in pages: sidebar, stage, details, and what floats over them.
import { useEffect } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { t } from '../i18n/language';
import { detailsOpen } from '../model/details';
import { currentFolder } from '../model/current-folder';
import { narrow } from '../model/screen';
import { reportError } from '../model/report-error';
import { refreshSpaces } from '../model/spaces';
import { recallJobs } from '../model/jobs';
import { recallUploads } from '../model/uploads/uploads';
import { focusHome } from '../components/home-focus';
import { Details } from './details/details';
import { DropPill } from './drop-pill';
import { PhoneBar } from './phone-bar';
import { Preview } from './preview/preview';
import { SearchField } from './search-field';
import { watchShortcuts } from './shortcuts';
import { Sidebar } from './sidebar';
import { Tray } from './tray/tray';

export function Layout({ children }: { children: ComponentChildren }) {
    useEffect(() => {
        refreshSpaces();
        recallUploads().catch(reportError);
        recallJobs().catch(reportError);
        return watchShortcuts();
    }, []);
    const details = detailsOpen.value && currentFolder.value !== null;
    return (
        <div class="layout">
            <a class="skip" href="#main" onClick={(event) => (event.preventDefault(), focusHome())}>
                {t('nav.skip')}
            </a>
            <Sidebar />
            <div class={`stage ${details && !narrow.value ? 'with-details' : ''}`}>
                <SearchField />
                {children}
                {details && currentFolder.value && <Details list={currentFolder.value.list} />}
            </div>
            {narrow.value && <PhoneBar />}
            <Tray />
            <DropPill />
            <Preview />
        </div>
    );
}
