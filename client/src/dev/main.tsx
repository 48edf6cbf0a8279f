// Shows every state of the page without a server: `vite client`, then /states.html?scene=all. Not part of the build.
import '../styles/index.css';
import { render } from 'solid-js/web';
import { createAccess } from '../access/access.ts';
import { App } from '../app.tsx';
import type { UploadPhase } from '../jobs/job-phase.ts';
import type { Uploads } from '../upload/uploads.ts';
import { makeSampleTransport, type Scene } from './sample-gateway.ts';

const phases: Record<string, UploadPhase> = { 1: 'sending', 8: 'retrying' };

const uploads: Uploads = {
  find: (id) =>
    phases[id] ? { phase: phases[id], sentBytes: 0, error: '', canResume: true, isDoubtful: false } : undefined,
  isBusy: () => false,
  start: () => {},
  pause: () => false,
  resume: () => {},
  stop: () => {},
  stopAll: () => {},
  hurry: () => {},
};

const scene = (new URLSearchParams(location.search).get('scene') ?? 'all') as Scene;
const access = createAccess();
const root = document.querySelector('#app');
if (root !== null) render(() => <App transport={makeSampleTransport(scene)} access={access} uploads={uploads} />, root);
