/** What a state of the widget is set up by. */

import type { PimChat } from '../../../widget/define.js';
import type { FakePim } from '../fake-pim.js';

export interface Scene {
  /** `small`: a phone; `wide`: a whole window. Default: a page with a bubble. */
  readonly size?: 'small' | 'wide';
  /** Of the page around it. */
  readonly lang?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  /** Runs before the element is there. */
  prepare?(pim: FakePim): Promise<void> | void;
  /** Runs once it is drawn. */
  act?(chat: PimChat): Promise<void> | void;
}
