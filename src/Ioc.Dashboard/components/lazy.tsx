import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Loading } from './DataState';

/** A component whose code is fetched when it is first drawn (map and chart libraries are most of the page's weight). */
export function lazy<P extends object>(fetchCode: () => Promise<ComponentType<P>>): ComponentType<P> {
  let code: ComponentType<P> | null = null;
  let fetching: Promise<void> | null = null;
  return function Lazy(props: P) {
    const [, redraw] = useState(0);
    useEffect(() => {
      if (code !== null) return;
      fetching ??= fetchCode().then((loaded) => void (code = loaded));
      void fetching.then(() => redraw(1));
    }, []);
    const Code = code;
    return Code === null ? <Loading /> : <Code {...props} />;
  };
}
