import type { JSX } from 'solid-js';

/** The types that the file dialog offers first; anything else can still be chosen there. */
const accepted = '.csv,.tsv,.tab,.txt,.gz,text/csv,text/tab-separated-values,text/plain,application/gzip';

/** A file input that looks like its label. The input itself stays focusable. */
export function FileButton(props: {
  label: string;
  class: string;
  multiple?: boolean;
  onFiles: (files: File[]) => void;
  children: JSX.Element;
}) {
  return (
    <label class={props.class}>
      <input
        class="visually-hidden"
        type="file"
        aria-label={props.label}
        accept={accepted}
        multiple={props.multiple ?? false}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          // So that choosing the same file once more is a change again.
          event.currentTarget.value = '';
          if (files.length > 0) props.onFiles(files);
        }}
      />
      {props.children}
    </label>
  );
}
