/**
 * A view that remembers something between two drawings, or has to know when it is on the page.
 */

import type { Child } from './jsx-runtime.js';

export abstract class Component<Props, State = object> {
  props: Props;
  state: State = {} as State;
  /** Set while the component is drawn: asks for a drawing. */
  redraw: () => void = () => undefined;

  constructor(props: Props) {
    this.props = props;
  }

  /** The change is there at once, and drawn a little later, together with others. */
  setState(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    this.redraw();
  }

  abstract render(props: Props, state: State): Child;

  componentDidMount?(): void;
  componentWillUnmount?(): void;
  /** False leaves everything as it is drawn; `this` still has the former props and state. */
  shouldComponentUpdate?(props: Props, state: State): boolean;
  /** Called before anything on the page changes; the result goes to `componentDidUpdate`. */
  getSnapshotBeforeUpdate?(props: Props, state: State): unknown;
  /** @param props and `state`: the former ones */
  componentDidUpdate?(props: Props, state: State, snapshot: never): void;
}

export function createRef<Node>(): { current: Node | null } {
  return { current: null };
}
