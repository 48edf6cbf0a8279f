import { homeHref } from '../navigation/route.ts';
import { texts } from '../texts.ts';

/** Says that there is nothing here, and where to go. */
export function MissingPage(props: { title: string; hint: string }) {
  return (
    <section class="page missing">
      <h1 tabindex={-1}>{props.title}</h1>
      <p class="lead">{props.hint}</p>
      <a class="button button-primary" href={homeHref}>
        {texts.missing.home}
      </a>
    </section>
  );
}
