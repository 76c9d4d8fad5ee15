/** Runs tests that wait more than they work side by side. */

type Case = readonly [name: string, run: () => Promise<void>];

/**
 * Registers tests that wait more than they work: a few run at once, begun by the first that is asked
 * for; each has its own verdict.
 */
export function together(
  test: (name: string, run: () => Promise<void>) => void,
  cases: readonly Case[],
  atOnce = 6,
): void {
  let verdicts: ReadonlyMap<string, Promise<void>> | null = null;
  const begin = () => {
    const waiting = cases.map(([name, run]) => {
      let settle: (verdict: Promise<void>) => void = () => undefined;
      const verdict = new Promise<void>((resolve) => {
        settle = resolve;
      });
      verdict.catch(() => undefined);
      return { name, run, verdict, settle };
    });
    const queue = [...waiting];
    const worker = async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const running = next.run();
        next.settle(running);
        await running.catch(() => undefined);
      }
    };
    for (let n = 0; n < atOnce; n++) void worker();
    return new Map(waiting.map(({ name, verdict }) => [name, verdict]));
  };
  for (const [name] of cases) {
    test(name, async () => {
      verdicts ??= begin();
      await verdicts.get(name);
    });
  }
}
