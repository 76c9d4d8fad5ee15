/**
 * Where the time of `connect` goes: each step on the way from a cold page to the message shown, in
 * the order of the critical path, as medians over visits. Traced, so a little slower than untraced.
 */

import { keep } from '../results.js';
import { quantile } from '../statistics.js';
import { ms, table } from '../table.js';
import { CHAINS, type Milestone } from './chains.js';
import { measure } from './connect.js';
import type { SenderRole, Timing, Visit } from './sample.js';

interface Interval {
  readonly label: string;
  readonly medianMs: number;
  readonly q1: number;
  readonly q3: number;
  readonly n: number;
}

/** When each milestone was reached; null from the one on that was not. */
function reached(timing: Timing, chain: readonly Milestone[]): (number | null)[] {
  let at = 0;
  const used = new Set<unknown>();
  return chain.map(({ side, step, edge }) => {
    const found = timing.steps
      .filter((each) => each.side === side && each.name === step && !used.has(each))
      .map((each) => ({ each, time: edge === 'end' ? each.at + (each.took ?? 0) : each.at }))
      .sort((a, b) => a.time - b.time)
      .find(({ time }) => time >= at);
    if (found === undefined) return null;
    used.add(found.each);
    at = found.time;
    return at;
  });
}

function intervals(timings: readonly Timing[], chain: readonly Milestone[]): Interval[] {
  const all = timings.map((timing) => reached(timing, chain));
  return chain.map(({ label }, i) => {
    const lengths = all.flatMap((times) => {
      const [from, to] = [i === 0 ? 0 : times[i - 1], times[i]];
      return from == null || to == null ? [] : [to - from];
    });
    return {
      label,
      medianMs: quantile(lengths, 0.5),
      q1: quantile(lengths, 0.25),
      q3: quantile(lengths, 0.75),
      n: lengths.length,
    };
  });
}

function print(title: string, total: number, rows: readonly Interval[]): void {
  let sum = 0;
  const lines = rows.map(({ label, medianMs, q1, q3, n }) => {
    sum += Number.isFinite(medianMs) ? medianMs : 0;
    return [label, ms(medianMs), `${ms(q1)}–${ms(q3)}`, ms(sum), String(n)];
  });
  console.log(`\n${title}: median ${ms(total)} ms from navigation to shown\n`);
  console.log(table(['until', 'ms', 'quartiles', 'so far', 'n'], lines));
}

/** Calls of the browser's cryptography by either side, and how long they took one by one. */
function cryptoCalls(timings: readonly Timing[]): { calls: number; ms: number }[] {
  return (['sender', 'answerer'] as const).map((side) => {
    const each = timings.map(({ steps, fromNavigation }) =>
      steps.filter(
        (step) =>
          step.side === side && step.at <= fromNavigation && step.name.startsWith('crypto '),
      ),
    );
    const took = each.map((steps) => steps.reduce((sum, step) => sum + (step.took ?? 0), 0));
    return {
      calls: quantile(
        each.map((steps) => steps.length),
        0.5,
      ),
      ms: quantile(took, 0.5),
    };
  });
}

export async function profile(rounds: number): Promise<void> {
  const measured = await measure({ rounds, only: ['bare', 'pim'], isTraced: true });
  const kept: object[] = [];
  for (const { contestant, visit, role, chain } of CHAINS) {
    const timings = measured.rounds
      .filter((round) => role === null || round.role === role)
      .flatMap(({ samples }) => samples[contestant] ?? [])
      .filter((timing) => timing.visit === visit);
    if (timings.length === 0) continue;
    const total = quantile(
      timings.map((timing) => timing.fromNavigation),
      0.5,
    );
    const rows = intervals(timings, chain);
    print(titleOf(contestant, visit, role), total, rows);
    const crypto = cryptoCalls(timings);
    if (contestant === 'pim') {
      const [sender, answerer] = crypto;
      console.log(
        `\ncryptography: sender ${sender?.calls} calls, ${ms(sender?.ms ?? Number.NaN)} ms; ` +
          `answerer ${answerer?.calls} calls, ${ms(answerer?.ms ?? Number.NaN)} ms`,
      );
    }
    kept.push({ contestant, visit, role, total, intervals: rows, crypto });
  }
  keep('profile', { at: new Date().toISOString(), browser: measured.browser, profiles: kept });
}

function titleOf(contestant: string, visit: Visit, role: SenderRole | null): string {
  const key = role === null ? '' : `, sender has the ${role === 'low' ? 'lower' : 'higher'} key`;
  return `${contestant}, ${visit} visit${key}`;
}
