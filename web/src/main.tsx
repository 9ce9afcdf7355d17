// SPDX-License-Identifier: LGPL-2.1-or-later
import './ui/tokens.css';

import { render } from 'preact';

import { App } from './app';

const place = document.getElementById('app');
if (place) render(<App />, place);
