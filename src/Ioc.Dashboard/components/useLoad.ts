import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../api/request';
import { Backoff } from '../live/backoff';

export interface Loaded<T> {
  data: T | null;
  error: ApiError | null;
  /** True while no answer has come for the present question. */
  loading: boolean;
  again: () => void;
}

/**
 * Asks the server and keeps the last answer while asking again; a failed question is repeated with back-off.
 * @param key a new key is a new question: its predecessor is cancelled
 * @param everyMs asks again this long after each answer
 */
export function useLoad<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  everyMs: number | null = null,
): Loaded<T> {
  const [state, setState] = useState<{ key: string; data: T | null; error: ApiError | null }>({
    key: '',
    data: null,
    error: null,
  });
  const [round, setRound] = useState(0);
  const backoff = useRef(new Backoff());

  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      try {
        const data = await load(stop.signal);
        if (stop.signal.aborted) return;
        backoff.current.reset();
        setState({ key, data, error: null });
        if (everyMs !== null) timer = setTimeout(ask, everyMs);
      } catch (error) {
        if (stop.signal.aborted) return;
        if (!(error instanceof ApiError)) throw error;
        setState((before) => ({ key, data: before.key === key ? before.data : null, error }));
        timer = setTimeout(ask, Math.max(1000, backoff.current.nextMs()));
      }
    };
    void ask();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
    // The key says everything the question depends on.
  }, [key, everyMs, round]);

  const current = state.key === key;
  return {
    data: state.data,
    error: current ? state.error : null,
    loading: !current,
    again: () => setRound((before) => before + 1),
  };
}
