import { render } from 'preact';
import './styles/app.css';
import { watch_dragging } from './model/dragging';
import { apply_theme } from './model/preferences';
import { follow_history } from './model/route';
import { start } from './model/session';
import { show_title } from './model/title';
import { guard_leaving, watch_network } from './model/uploads/uploads';
import { show_controls } from './components/bidi-controls';
import { watch_modality } from './components/modality';
import { App, fatal } from './views/app';
import { take_setup_token } from './views/sign-in';
import { share_uploads } from './views/tray/mirrored';

const root = document.getElementById('app')!;

show_controls();
apply_theme();
take_setup_token();
follow_history();
watch_dragging();
watch_modality();
watch_network();
share_uploads();
show_title();
guard_leaving();
render(<App />, root);
start().catch((error: unknown) => render(fatal(error), root));
