/** Two soft notes, made here: no file to fetch. */

/** Hertz, and seconds after the beginning. */
const NOTES = [
  [659.26, 0],
  [880, 0.11],
] as const;
const LOUDNESS = 0.08;
const LENGTH_S = 0.35;
/** Milliseconds from one sound to the next: a talkative person is one sound, not a rattle. */
const REST_MS = 4_000;

let context: AudioContext | null = null;
let playedAt = Number.NEGATIVE_INFINITY;

/** Silent before the person has pressed anything on this page: browsers refuse it, and rightly. */
export function play(now: number): void {
  const hasPressed = navigator.userActivation?.hasBeenActive ?? true;
  if (!hasPressed || typeof AudioContext === 'undefined' || now - playedAt < REST_MS) return;
  playedAt = now;
  context ??= new AudioContext();
  void context.resume();
  for (const [frequency, after] of NOTES) {
    const start = context.currentTime + after;
    const loudness = context.createGain();
    loudness.gain.setValueAtTime(0, start);
    loudness.gain.linearRampToValueAtTime(LOUDNESS, start + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.0001, start + LENGTH_S);
    const tone = new OscillatorNode(context, { frequency, type: 'sine' });
    tone.connect(loudness).connect(context.destination);
    tone.start(start);
    tone.stop(start + LENGTH_S);
  }
}
