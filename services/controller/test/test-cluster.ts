import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { systemClock } from '@kittiwake/base';
import { parseJson, textAt } from '../src/decode/json-view.ts';
import { type ClusterAccess, openAccess } from '../src/kube/cluster-access.ts';
import { type Call, KubeClient } from '../src/kube/kube-client.ts';
import { rbacObjects } from './rbac-objects.ts';

/** Whether there is a cluster to test on; suites that need one are skipped otherwise. */
export const SKIP =
  process.env['KUBECONFIG'] === undefined ? 'KUBECONFIG is not set: no cluster to test on' : false;

/** A namespace of a real cluster, with the very rights of RBAC.md, and processes that act with them. */
export class TestCluster {
  readonly namespace: string;
  readonly admin: KubeClient;
  readonly #access: ClusterAccess;
  readonly #processes = new Set<TestProcess>();
  readonly #clusterScoped: string[] = [];
  #folder = '';

  private constructor(namespace: string, access: ClusterAccess) {
    this.namespace = namespace;
    this.#access = access;
    this.admin = new KubeClient(access, systemClock);
  }

  /** Makes the namespace and both ServiceAccounts with their rights. */
  static async open(name: string): Promise<TestCluster> {
    const cluster = new TestCluster(name, await openAccess({ kind: 'kubeconfig' }, systemClock));
    cluster.#folder = await mkdtemp(join(tmpdir(), 'kittiwake-'));
    await cluster.make('/api/v1/namespaces', { metadata: { name } });
    for (const { path, object, isClusterScoped } of rbacObjects(name)) {
      await cluster.make(path, object);
      if (isClusterScoped) cluster.#clusterScoped.push(`${path}/${textAt(object, 'metadata', 'name')}`);
    }
    return cluster;
  }

  /** Ends the processes and removes everything again. */
  async close(): Promise<void> {
    for (const process of this.#processes) await process.kill('SIGKILL');
    for (const path of this.#clusterScoped.reverse()) await this.admin.call({ method: 'DELETE', path });
    await this.admin.call({ method: 'DELETE', path: `/api/v1/namespaces/${this.namespace}` });
    this.admin.stop();
    await rm(this.#folder, { recursive: true });
  }

  /** Sends a call as the cluster's administrator and expects it to work. */
  async call(call: Call): Promise<unknown> {
    const answer = await this.admin.call(call);
    assert.ok(answer.ok, `${call.method} ${call.path}: ${answer.ok ? '' : answer.error.message}`);
    return answer.value;
  }

  make(path: string, body: unknown): Promise<unknown> {
    return this.call({ method: 'POST', path, body });
  }

  /** Something outside the namespace, removed by `close`. */
  async makeClusterScoped(collection: string, body: unknown): Promise<void> {
    this.#clusterScoped.push(`${collection}/${textAt(body, 'metadata', 'name')}`);
    await this.make(collection, body);
  }

  /** Starts an entry of this service as a ServiceAccount of the namespace. */
  async start(
    entry: string,
    account: string,
    variables: Readonly<Record<string, string>>,
  ): Promise<TestProcess> {
    const kubeconfig = await this.#kubeconfigOf(account);
    const child = spawn(process.execPath, [join(import.meta.dirname, '../src', entry)], {
      env: { PATH: process.env['PATH'], KUBECONFIG: kubeconfig, POD_NAMESPACE: this.namespace, ...variables },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const started = new TestProcess(child);
    this.#processes.add(started);
    return started;
  }

  async #kubeconfigOf(account: string): Promise<string> {
    const path = `/api/v1/namespaces/${this.namespace}/serviceaccounts/${account}/token`;
    const token = textAt(await this.make(path, { spec: { expirationSeconds: 3_600 } }), 'status', 'token');
    const authority = Buffer.from(String(this.#access.tls.ca)).toString('base64');
    const file = join(this.#folder, `${account}.kubeconfig`);
    const cluster = {
      server: this.#access.server.href.replace(/\/$/, ''),
      'certificate-authority-data': authority,
    };
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'test', cluster }],
      users: [{ name: account, user: { token } }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: account } }],
      'current-context': 'test',
    };
    await writeFile(file, JSON.stringify(config));
    return file;
  }
}

/** A process of ours whose log lines can be waited for. */
export class TestProcess {
  readonly lines: unknown[] = [];
  readonly #child: ChildProcess;
  readonly #waiting = new Set<() => void>();

  constructor(child: ChildProcess) {
    this.#child = child;
    assert.ok(child.stdout);
    createInterface({ input: child.stdout }).on('line', line => {
      this.lines.push(parseJson(line));
      for (const look of this.#waiting) look();
    });
  }

  /** Resolves to the first line, past or future, of that event that `matches`. */
  event(name: string, matches: (line: unknown) => boolean = () => true): Promise<unknown> {
    const find = (): unknown => this.lines.find(line => textAt(line, 'event') === name && matches(line));
    const found = find();
    if (found !== undefined) return Promise.resolve(found);
    return new Promise(resolve => {
      const look = (): void => {
        const line = find();
        if (line === undefined) return;
        this.#waiting.delete(look);
        resolve(line);
      };
      this.#waiting.add(look);
    });
  }

  /** Sends a signal and resolves to the exit code; `null` after a kill. */
  async kill(signal: NodeJS.Signals): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const exited = once(this.#child, 'exit');
      this.#child.kill(signal);
      await exited;
    }
    return this.#child.exitCode;
  }

  /** Resolves to the exit code once it ended by itself. */
  async ended(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
    return this.#child.exitCode;
  }
}

/** A TCP port that was free a moment ago; for processes that another one must find at a known port. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}
