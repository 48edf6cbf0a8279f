import { type Accessor, createSignal, onCleanup } from 'solid-js';
import { parseRoute, type Route } from './route.ts';

/** The route of the address bar. */
export function createRoute(): Accessor<Route> {
  const [route, setRoute] = createSignal(parseRoute(location.hash));
  const follow = () => setRoute(parseRoute(location.hash));
  addEventListener('hashchange', follow);
  onCleanup(() => removeEventListener('hashchange', follow));
  return route;
}
