/** Coming back from the inbox: with a backup one becomes its person here. */

import type { Backup } from '../../sdk/index.js';
import type { Ui } from '../panel/ui.js';
import { RestoreForm } from './restore-form.js';
import { ScreenFrame } from './screen.js';

export function RestoreScreen({ ui }: { ui: Ui }) {
  const take = async (backup: Backup, replace: boolean): Promise<string | null> => {
    let code: string | null = null;
    await ui.dispatch({
      ask: 'restore',
      backup,
      replace,
      got: (answer) => {
        code = answer;
      },
    });
    // Another person begins here: the whole page does.
    if (code === null) location.reload();
    return code;
  };
  return (
    <ScreenFrame ui={ui} title={ui.words('restore.title')}>
      <RestoreForm ui={ui} take={take} />
    </ScreenFrame>
  );
}
