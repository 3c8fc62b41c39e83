import { render } from 'preact';
import './styles/app.css';
import { watchDragging } from './model/dragging';
import { applyTheme } from './model/preferences';
import { followHistory } from './model/route';
import { start } from './model/session';
import { showTitle } from './model/title';
import { guardLeaving, watchNetwork } from './model/uploads/uploads';
import { watchBidiControls } from './components/bidi-controls';
import { watchModality } from './components/modality';
import { App, fatal } from './views/app';
import { takeSetupToken } from './views/sign-in';
import { shareUploads } from './views/tray/mirrored';

const root = document.getElementById('app')!;

watchBidiControls();
applyTheme();
takeSetupToken();
followHistory();
watchDragging();
watchModality();
watchNetwork();
shareUploads();
showTitle();
guardLeaving();
render(<App />, root);
start().catch((error: unknown) => render(fatal(error), root));
