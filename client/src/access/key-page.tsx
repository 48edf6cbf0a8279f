import { createEffect, on, onMount } from 'solid-js';
import { useApp } from '../app-state.ts';
import { texts } from '../texts.ts';

/** Asks for the key that the server wants. It stands in place of the page, which goes on where it was. */
export function KeyPage() {
  const { access } = useApp();
  let input!: HTMLInputElement;
  let remember!: HTMLInputElement;
  onMount(() => input.focus());
  createEffect(
    on(
      access.problem,
      (problem) => {
        if (problem === '') return;
        input.focus();
        input.select();
      },
      { defer: true },
    ),
  );
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!access.isTrying()) void access.enter(input.value.trim(), remember.checked);
  };

  return (
    <section class="page key-page">
      <form class="panel" onSubmit={submit}>
        <h1>{texts.key.title}</h1>
        <p class="quiet">{texts.key.hint}</p>
        <div class="field">
          <label for="key">{texts.key.label}</label>
          <input
            ref={input}
            id="key"
            type="password"
            required
            autocomplete="off"
            spellcheck={false}
            aria-invalid={access.problem() !== ''}
            aria-describedby="key-problem"
          />
        </div>
        <p id="key-problem" role="alert">
          {access.problem()}
        </p>
        <label class="check">
          <input ref={remember} type="checkbox" />
          {texts.key.remember}
        </label>
        <button type="submit" class="button button-primary" aria-disabled={access.isTrying()}>
          {access.isTrying() ? texts.key.trying : texts.key.enter}
        </button>
      </form>
    </section>
  );
}
