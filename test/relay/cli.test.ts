/** The `pim` command as people type it. @time-limit 60 */

import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { RelayOptions } from '../../relay/index.js';
import { isPimError } from '../../sdk/base/errors.js';
import type { CommandHost } from '../../sdk/node/command-host.js';
import { runCommandLine } from '../../sdk/node/command-line.js';
import { envName, parseFlags } from '../../sdk/node/flags.js';
import { withHostility } from '../../sdk/node/relay-evil.js';
import { RELAY_SETTINGS } from '../../sdk/node/relay-settings.js';
import { decodeTurn } from '../../sdk/protocol/turn.js';
import { RelayClient } from '../support/relay-client.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { version } = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8'));

interface Run {
  code: number;
  out: string;
  err: string;
}

interface Given {
  env?: Record<string, string>;
  files?: Record<string, string>;
  isTerminal?: boolean;
  /** IP addresses of this machine. */
  lan?: string[];
  /** Gets what SIGHUP would call. */
  onReload?: (reload: () => void) => void;
  /** Called with the port once the relay is up; it is stopped when this is done. */
  whileUp?: (port: number) => Promise<void>;
}

/** Runs `pim` in this process. */
async function pim(args: string[], given: Given = {}): Promise<Run> {
  const run: Run = { code: -1, out: '', err: '' };
  let isUp = (_port: number): void => undefined;
  const up = new Promise<number>((resolve) => {
    isUp = resolve;
  });
  const host: CommandHost = {
    env: given.env ?? {},
    isTerminal: given.isTerminal ?? false,
    out: (text) => {
      run.out += `${text}\n`;
      const port = /:(\d+)\/$/.exec(text)?.[1];
      if (port !== undefined) isUp(Number(port));
    },
    err: (text) => {
      run.err += `${text}\n`;
    },
    readFile: (path) => {
      const text = given.files?.[path];
      if (text === undefined) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
      return text;
    },
    lanAddresses: () => given.lan ?? [],
    onReload: (reload) => {
      given.onReload?.(reload);
    },
    untilStopped: async () => given.whileUp?.(await up),
  };
  run.code = await runCommandLine(args, host);
  return run;
}

/** Starts `pim` as a process of its own. */
function start(...args: string[]): {
  child: ChildProcess;
  ended: Promise<Run>;
  line: Promise<string>;
} {
  const command = ['--import', 'tsx', 'sdk/node/cli.ts', ...args];
  const child = spawn(process.execPath, command, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const run: Run = { code: -1, out: '', err: '' };
  for (const [name, stream] of Object.entries({ out: child.stdout, err: child.stderr })) {
    stream!.setEncoding('utf8').on('data', (text: string) => {
      run[name as 'out' | 'err'] += text;
    });
  }
  const line = once(createInterface(child.stdout!), 'line').then(([first]) => String(first));
  const ended = once(child, 'close').then(([code, signal]) => ({ ...run, code: code ?? signal }));
  return { child, ended, line };
}

test('explains itself', async () => {
  for (const args of [[], ['--help'], ['-h']]) {
    const { code, err, out } = await pim(args);
    assert.equal([code, err], [0, '']);
    assert.match(out, 'Usage: pim <command>');
    assert.match(out, /^ {2}relay {2}/m);
  }
  for (const args of [
    ['relay', '--help'],
    ['relay', '-h', '--port', '1'],
  ]) {
    const { code, out } = await pim(args);
    assert.is(code, 0);
    for (const flag of [...Object.keys(RELAY_SETTINGS), 'config', 'evil']) {
      assert.match(out, new RegExp(`--${flag} .*\\[${envName(flag)}\\]`));
    }
  }
});

test('tells its version', async () => {
  for (const args of [['--version'], ['-v'], ['relay', '--version']]) {
    assert.equal(await pim(args), { code: 0, out: `${version}\n`, err: '' });
  }
});

test('refuses what does not exist, with the nearest name and exit code 2', async () => {
  const cases: [string[], RegExp][] = [
    [['rely'], /no command “rely”\. Did you mean “relay”\?/],
    [['relay', '--prot', '1'], /no flag “--prot”\. Did you mean “--port”\?/],
    [['relay', '--origins=wss://a'], /Did you mean “--origin”\?/],
    [['relay', '-p', '1'], /no flag “-p”/],
    [['relay', 'now'], /no argument “now”/],
    [['relay', '--port'], /“--port” should be followed by <number>/],
    [['relay', '--port', '--host', 'a'], /“--port” should be followed by <number>/],
    [['relay', '--port='], /“--port” should be followed by <number>/],
    [['relay', '--port', '1', '--port', '2'], /“--port” should be given once/],
    [['relay', '--port', '80x'], /“port” should be a whole number/],
    [['relay', '--port', '65536'], /“port” should be a whole number/],
    [['relay', '--origin', 'relay.example'], /“origins” should be a list of origins/],
    [['relay', '--allow-origin', 'wss://a'], /“allowOrigins” should be/],
  ];
  for (const [args, expected] of cases) {
    const { code, err, out } = await pim(args);
    assert.equal([code, out], [2, ''], args.join(' '));
    assert.match(err, expected);
    assert.not.match(err, /\n\s+at /);
  }
});

test('runs a relay: by flags, by environment, by file, in this order', async () => {
  const config = JSON.stringify({
    port: 1,
    host: '127.0.0.1',
    origins: ['wss://file.example'],
    limits: { socketsPerKey: 1 },
  });
  const files = { 'relay.json': config };
  const env = {
    PIM_PORT: '0',
    PIM_CONFIG: 'relay.json',
    PIM_ORIGIN: 'wss://a.example, wss://b.example',
  };
  const accepted: string[] = [];
  const whileUp = async (port: number) => {
    for (const origin of ['wss://flag.example', 'wss://b.example', 'wss://file.example']) {
      await RelayClient.login(`ws://127.0.0.1:${port}`, { origin }).then(
        () => accepted.push(origin),
        () => undefined,
      );
    }
  };
  const fileOnly = { PIM_PORT: '0', PIM_CONFIG: 'relay.json' };
  await pim(['relay'], { env: fileOnly, files, whileUp });
  await pim(['relay'], { env, files, whileUp });
  await pim(['relay', '--origin', 'wss://flag.example', '--origin', 'ws://x'], {
    env,
    files,
    whileUp,
  });
  assert.equal(accepted, ['wss://file.example', 'wss://b.example', 'wss://flag.example']);
});

test('single limits are set beside those of the file', async () => {
  const files = { 'relay.json': '{"port": 0, "limits": {"sockets": 5, "socketsPerKey": 1}}' };
  const args = ['relay', '--config', 'relay.json', '--limit', 'sockets=1'];
  await pim(args, {
    files,
    whileUp: async (port) => {
      const url = `ws://127.0.0.1:${port}`;
      const first = await RelayClient.login(url);
      assert.is(await RelayClient.open(url).catch(({ status }) => status), 503);
      await first.close();
    },
  });
  for (const limit of ['sockets', 'sockets=', 'sockets=0x5', 'sockts=5', '__proto__=5']) {
    const { code, err } = await pim(['relay', '--limit', limit]);
    assert.is(code, 2, limit);
    assert.match(err, /limits\.(sock|__proto)/);
  }
});

test('a switch takes no value, and 1 or 0 in the environment', () => {
  const table = { loud: { help: 'Says more.' } };
  const loud = (args: string[], set?: string) => {
    const parsed = parseFlags(table, args, { PIM_LOUD: set });
    return parsed.asked === null ? parsed.values.loud : null;
  };
  assert.equal(loud([]), []);
  assert.equal(loud(['--loud']), ['true']);
  assert.equal(loud(['--loud'], '0'), ['true'], 'a flag wins');
  for (const on of ['1', 'true', 'Yes', ' on ']) assert.equal(loud([], on), ['true']);
  for (const off of ['0', 'false', 'no', 'OFF']) assert.equal(loud([], off), ['false']);
  assert.throws(() => loud(['--loud=yes']), /given without a value/);
  assert.throws(() => loud([], 'perhaps'), /“PIM_LOUD” should be 1 or 0/);
});

test('every setting is in docs/relay.md, with its variable and its key', () => {
  const text = readFileSync(`${ROOT}/docs/relay.md`, 'utf8');
  for (const [flag, { option }] of Object.entries(RELAY_SETTINGS)) {
    const row = text.split('\n').find((line) => line.startsWith(`| \`--${flag}`));
    assert.ok(row, flag);
    assert.match(row, `\`${envName(flag)}\``);
    assert.match(row, `\`${option}\``);
  }
});

test('refuses a config file that is none, or that sets what no operator may', async () => {
  const files = {
    list: '[]',
    broken: '{',
    unknown: '{"prt": 1}',
    seams: '{"seams": {}}',
    limits: '{"limits": {"socketsPerIP": 5}}',
    proto: '{"__proto__": {"port": 1}}',
  };
  for (const [name, expected] of Object.entries({
    list: 'should be a file with a JSON object',
    unknown: 'no setting “prt”. Did you mean “port”?',
    seams: 'no setting “seams”',
    limits: 'Did you mean “limits.socketsPerIp”?',
    proto: 'no setting “__proto__”',
  })) {
    const { code, err } = await pim(['relay', '--config', name], { files });
    assert.is(code, 2, name);
    assert.match(err, expected);
  }
  for (const name of ['broken', 'missing']) {
    const { code, err } = await pim(['relay', '--config', name], { files });
    assert.is(code, 1, name);
    assert.match(err, `${name} is not`);
  }
});

test('an evil relay warns at its start and on its pages, and listens here alone', async () => {
  const whileUp = async (port: number) => {
    const page = await (await fetch(`http://127.0.0.1:${port}/`)).text();
    assert.match(
      page,
      /<body>\n<p class="evil-warning" role="alert">This relay attacks .*\(drop, wrong-clock\)/,
    );
    const client = await RelayClient.open(`ws://127.0.0.1:${port}`);
    const { serverTime } = await client.next('challenge');
    assert.ok(serverTime > Date.now() + 9 * 365 * 86_400_000);
    await client.close();
  };
  const args = ['relay', '--port', '0', '--evil', 'drop', '--evil', 'wrong-clock'];
  const { code, err } = await pim([...args, '--origin', 'wss://evil.example'], { whileUp });
  assert.is(code, 0, err);
  assert.match(err, 'This relay is EVIL: it attacks everybody who connects (drop, wrong-clock).');
  for (const host of ['0.0.0.0', '::']) assert.not.match(err, host);
});

test('an evil relay is refused where it would be anybody’s in earnest', async () => {
  for (const attack of ['drpo', 'drop@lunch', 'delay=x']) {
    const { code, err } = await pim(['relay', '--evil', attack]);
    assert.is(code, 2, err);
    assert.match(
      err,
      /^pim: (?:There is no attack “drpo”\. Did you mean “drop”\?|Option “evil” should be )/,
    );
  }
  for (const flags of [['--tls-self-signed'], ['--nats', 'nats://127.0.0.1']]) {
    const { code, err } = await pim(['relay', '--evil', 'drop', ...flags]);
    assert.is(code, 2, err);
    assert.match(err, /^pim: “--evil” should be used without “(?:tls|nats)”/);
  }
  const host = { err: () => undefined } as unknown as CommandHost;
  for (const option of ['tls', 'tlsCert', 'tlsSelfSigned', 'nats', 'natsUser', 'turnSecret']) {
    const options = { [option]: 'x' } as RelayOptions;
    const fault = await withHostility(options, ['drop'], host).catch((each: unknown) => each);
    assert.ok(isPimError(fault, 'options/invalid'), option);
    assert.match(fault.message, `used without “${option}”`);
  }
});

test('the demo’s attacks are there for this machine alone', async () => {
  const has = async (...args: string[]) => {
    let status = 0;
    const whileUp = async (port: number) => {
      ({ status } = await fetch(`http://127.0.0.1:${port}/evil/attacks.json`));
    };
    await pim(['relay', '--port', '0', ...args], { whileUp });
    return status;
  };
  assert.is(await has(), 200);
  assert.is(await has('--host', '127.0.0.1'), 200);
  assert.is(await has('--host', '0.0.0.0'), 404);
  assert.is(await has('--origin', 'wss://relay.example'), 404);
  assert.is(await has('--evil', 'drop'), 404);
});

test('says in one sentence that the port is taken, and what to do', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  const { code, err, out } = await pim(['relay', '--port', String(port)]);
  other.close();
  assert.equal([code, out], [1, '']);
  assert.is(
    err,
    `pim: Port ${port} is taken by another program. ` +
      `Choose another one: pim relay --port ${port + 1}\n`,
  );
});

test('writes logs as JSON lines without keys, addresses or IPs; at a terminal only warnings', async () => {
  const whileUp = async (port: number) => {
    await RelayClient.login(`ws://127.0.0.1:${port}`);
  };
  const env = { PIM_PORT: '0' };
  const { code, err } = await pim(['relay'], { env, whileUp });
  assert.is(code, 0);
  const lines = err
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const events = lines.map(({ event }) => event).filter((event) => event !== 'widget-not-built');
  assert.equal(events, ['listening', 'closing', 'closed']);
  for (const line of lines) assert.match(line.time, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  assert.not.match(err, /127\.0\.0\.1|::1|pim1/);
  const terminal = await pim(['relay'], { env, isTerminal: true, whileUp: async () => undefined });
  assert.not.match(terminal.err, '"level":"info"');
  assert.match(terminal.out, /^The relay is up: http:\/\/localhost:\d+\/\n$/);
});

test('as a process: prints the address of its page, and ends well on SIGTERM and SIGINT', async () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const { child, ended, line } = start('relay', '--port', '0');
    const url = /^The relay is up: (http:\/\/localhost:(\d+)\/)$/.exec(await line);
    assert.ok(url);
    const health = await fetch(`http://127.0.0.1:${url[2]}/healthz`);
    assert.is(await health.text(), 'ok\n');
    const client = await RelayClient.login(`ws://127.0.0.1:${url[2]}`);
    child.kill(signal);
    assert.is((await client.next('bye')).reason, 'restarting');
    assert.is((await client.closed).code, 1012);
    const { code, err } = await ended;
    assert.is(code, 0, err);
  }
});

test('as a process: a misspelt flag ends with exit code 2', async () => {
  const { code, err } = await start('relay', '--orign', 'wss://a.example').ended;
  assert.is(code, 2);
  assert.match(err, 'Did you mean “--origin”?');
});

test('takes the TURN secret from a variable or a file, and never tells it', async () => {
  const secret = 'northern-lights';
  const logins: string[] = [];
  const whileUp = async (port: number) => {
    const client = await RelayClient.login(`ws://127.0.0.1:${port}`);
    const { body } = await client.next('note');
    const { password, username } = decodeTurn(body);
    assert.is(password, createHmac('sha1', secret).update(username).digest('base64'));
    logins.push(username);
    await client.close();
  };
  const args = ['relay', '--port', '0', '--turn-url', 'turn:turn.example', '--log-level', 'debug'];
  const runs = [
    await pim([...args, '--turn-secret', secret], { whileUp }),
    await pim(args, { env: { PIM_TURN_SECRET: secret }, whileUp }),
    await pim([...args, '--turn-secret-file', 's'], { files: { s: `${secret}\n` }, whileUp }),
    await pim(['relay'], {
      env: { PIM_CONFIG: 'c', PIM_PORT: '0' },
      files: { c: JSON.stringify({ turnUrls: ['turn:turn.example'], turnSecret: secret }) },
      whileUp,
    }),
  ];
  assert.is(logins.length, runs.length);
  runs.push(
    await pim([...args, '--turn-secret', secret, '--turn-secret-file', 's']),
    await pim([...args, '--turn-secret-file', 'missing'], { env: {} }),
    await pim([...args, '--turn-url', 'turn:a:22', '--turn-secret', secret]),
    await pim(['relay', '--help'], { env: { PIM_TURN_SECRET: secret } }),
  );
  assert.equal(
    runs.map(({ code }) => code),
    [0, 0, 0, 0, 2, 1, 2, 0],
  );
  for (const { err, out } of runs) assert.not.match(out + err, secret);
});

test.run();
