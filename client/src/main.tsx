import './styles/index.css';
import { render } from 'solid-js/web';
import { makeTransport } from './api/gateway.ts';
import { App } from './app.tsx';

const root = document.querySelector('#app');
if (root !== null) render(() => <App transport={makeTransport()} />, root);
