import type { ComponentChildren } from 'preact';

/** A titled panel. */
export function DataBox({
  title,
  class: name,
  children,
}: {
  title: string;
  class: string;
  children: ComponentChildren;
}) {
  return (
    <section class={`panel ${name}`} aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
