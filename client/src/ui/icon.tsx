const paths = {
  back: 'M12.5 5 7.5 10l5 5',
  bell: 'M5 14h10l-1.2-1.8V9a3.8 3.8 0 0 0-7.6 0v3.2zM8.6 16.2a1.5 1.5 0 0 0 2.8 0',
  check: 'm4.5 10.5 3.5 3.5 7.5-8',
  close: 'm5.5 5.5 9 9m0-9-9 9',
  compare: 'M4 7h11m-3-3 3 3-3 3M16 13.500H5m3 3-3-3 3-3',
  copy: 'M7 7V4.5h8.5V13H13M4.5 7H13v8.5H4.5z',
  download: 'M10 4v8m-3.5-3 3.5 3.5 3.5-3.5M4.5 15.5h11',
  folder: 'M3.5 15.500v-11h4.500l2 2.500h6.500v8.500z',
  file: 'M5.5 3.5h6l3.5 3.5v9.5h-9.5zM11 3.5V7.5h4',
  forward: 'M7.5 5l5 5-5 5',
  info: 'M10 9v5M10 6.2v.1M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14z',
  plus: 'M10 4.500v11M4.500 10h11',
  retry: 'M15.5 10a5.5 5.5 0 1 1-1.8-4.1M15.5 3.5v3h-3',
  search: 'M9 14A5 5 0 1 0 9 4a5 5 0 0 0 0 10zM13 13l3.5 3.5',
  settings:
    'M3.5 6.5h6m5 0h2M3.5 13.5h2m5 0h6M12 8.500a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM8 15.500a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  trash: 'M4.5 6h11M8 6V4h4v2M6 6l.600 10h6.8L14 6M8.5 9v4.5M11.5 9v4.5',
  upload: 'M10 13V5m-3.5 3L10 4.5 13.5 8M4.5 15.5h11',
  warning: 'M10 8.5v3.5M10 14.3v.1M10 3.5l7 12.5H3z',
} as const;

/** The name of an {@link Icon}. */
export type IconName = keyof typeof paths;

/** A line drawing beside a word. It says nothing to a screen reader: the word does. */
export function Icon(props: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path d={paths[props.name]} />
    </svg>
  );
}

/** The mark of the product: a tally of five. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M9 9v14M13.7 9v14M18.3 9v14M23 9v14M6 20.5 26 11.5" />
    </svg>
  );
}
