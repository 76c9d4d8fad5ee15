/** What is open now, in the order of its opening, and the moment when nothing is any more. */

export class OpenSet<T> extends Set<T> {
  #waiting: (() => void)[] = [];

  override delete(member: T): boolean {
    const was = super.delete(member);
    if (this.size === 0) for (const settle of this.#waiting.splice(0)) settle();
    return was;
  }

  emptied(): Promise<void> {
    if (this.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
