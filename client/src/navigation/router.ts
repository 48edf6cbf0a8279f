import { type Accessor, createSignal, onCleanup } from 'solid-js';
import { rememberOrigin } from './origin.ts';
import { parseRoute, type Route } from './route.ts';

/** The route of the address bar. */
export function createRoute(): Accessor<Route> {
  const [route, setRoute] = createSignal(parseRoute(location.hash));
  rememberOrigin('');
  const follow = ({ oldURL }: HashChangeEvent) => {
    rememberOrigin(new URL(oldURL).hash);
    setRoute(parseRoute(location.hash));
  };
  addEventListener('hashchange', follow);
  onCleanup(() => removeEventListener('hashchange', follow));
  return route;
}
