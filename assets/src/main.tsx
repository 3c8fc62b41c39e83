import { render } from 'preact';
import './styles/app.css';

render(<main>bodega</main>, document.getElementById('app')!);
