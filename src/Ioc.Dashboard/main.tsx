import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/layout.css';
import './styles/components.css';
import { render } from 'preact';
import { startSettings } from './components/settings';
import { startClock } from './live/clock';
import { startLive } from './live/session';
import { App } from './views/App';
import { startRouter } from './views/router';

startSettings();
startRouter();
startClock();
render(<App />, document.getElementById('app')!);
startLive();
