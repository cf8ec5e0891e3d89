import { computed, signal } from '@preact/signals';
import { clock, second } from './clock';
import { signalRHub } from './hub';
import { LiveLink } from './link';
import { LiveStore } from './store';

/** The page's one store, one link and the beat at which views redraw. */
export const store = new LiveStore();

const drawEveryMs = 250;
const drawn = signal(0);
let pending = false;
let drawnAt = 0;

/** Counts redraws: a view that reads it is drawn again at most four times a second. */
export const frame = computed(() => drawn.value);

/** Marks the picture as changed; also after an answer that changed an alarm. */
export function changed(): void {
  if (pending) return;
  pending = true;
  setTimeout(
    () => {
      pending = false;
      drawnAt = performance.now();
      drawn.value++;
    },
    Math.max(0, drawnAt + drawEveryMs - performance.now()),
  );
}

export const link = new LiveLink({ store, clock, changed, connect: signalRHub });

/** Actions need a living link: they are disabled, never queued. */
export const canAct = computed(() => link.state.value === 'live');

/** Seconds without a message, for the bar. */
export const silenceSeconds = computed(() => {
  void second.value;
  return Math.floor(link.silence() / 1000);
});

/** True once a first snapshot has come. */
export const loaded = computed(() => {
  void frame.value;
  return store.build !== '';
});

let firstBuild = '';

/** True when the server was replaced since this page was loaded. */
export const newBuild = computed(() => {
  void frame.value;
  if (firstBuild === '') firstBuild = store.build;
  return store.build !== firstBuild;
});

export function startLive(): void {
  link.step();
  setInterval(() => link.step(), 250);
}
