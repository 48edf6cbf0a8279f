import './styles/index.css';
import { render } from 'solid-js/web';
import { createAccess } from './access/access.ts';
import { makeTransport } from './api/gateway.ts';
import { App } from './app.tsx';

const root = document.querySelector('#app');
const access = createAccess();
if (root !== null) render(() => <App transport={makeTransport(access)} access={access} />, root);
