import type { ParentProps } from 'solid-js';
import { Icon } from '../ui/icon.tsx';
import { returnTo } from './origin.ts';

/** The link from a page to the one that it belongs to; see {@link returnTo}. */
export function BackLink(props: ParentProps<{ href: string }>) {
  return (
    <a
      class="back"
      href={props.href}
      onClick={(event) => {
        // With a key that opens another tab, it is a link like any other.
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        returnTo(props.href);
      }}
    >
      <Icon name="back" />
      {props.children}
    </a>
  );
}
