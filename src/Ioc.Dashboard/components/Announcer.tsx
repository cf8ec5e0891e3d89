import { useEffect, useRef, useState } from 'preact/hooks';
import { frame, loaded, store } from '../live/session';
import { messageText } from './alarmText';

const pauseMs = 5_000;

/** Tells who cannot see it that a critical alarm came: one sentence, at most every five seconds. */
export function Announcer() {
  void frame.value;
  const known = useRef<Set<number> | null>(null);
  const spokenAt = useRef(Number.NEGATIVE_INFINITY);
  const [sentence, setSentence] = useState('');

  useEffect(() => {
    if (!loaded.value) return;
    const critical = [...store.alarms.values()].filter(
      ({ priority, state }) => priority === 1 && state === 'activeUnacknowledged',
    );
    const before = known.current;
    const fresh = critical.find(({ id }) => before !== null && !before.has(id));
    if (fresh !== undefined && performance.now() - spokenAt.current < pauseMs) return;
    // What was there when the page opened is not news.
    known.current = new Set(critical.map(({ id }) => id));
    if (fresh === undefined) return;
    spokenAt.current = performance.now();
    setSentence(`${messageText(fresh)}, ${fresh.deviceName}`);
  });

  return (
    <p class="hidden" role="alert">
      {sentence}
    </p>
  );
}
