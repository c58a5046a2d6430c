import { inNamespace } from '../../cluster/lib/kubectl.ts';
import { type Act, act } from '../act.ts';
import { untilSize } from '../cluster/size.ts';
import { lineOf, storyOf } from '../figures/story.ts';
import { LIMITS } from '../limits.ts';
import type { Rehearsal } from '../rehearsal.ts';
import type { Stage } from '../stage.ts';

const GATEWAYS = 3;
const ROLLED_MS = 300_000;
const AFTER_MS = 8_000;

/** Rolls all gateways, again and again, while clients go on. */
export const deploy: Rehearsal = {
  introduction:
    'Every gateway is replaced by a new one (`kubectl rollout restart deployment/gateway`), again and again, while clients go on publishing and reading through the ingress.',
  gateways: GATEWAYS,
  crowd: { busyEveryMs: 50 },
  async play(stage, { quiet, options, say }) {
    const acts: Act[] = [];
    for (let number = 1; number <= options.times; number += 1) {
      const name = `deploy ${number}`;
      const done = await act(stage, { name, kind: 'deploy', run: () => rollOut(stage), afterMs: AFTER_MS });
      acts.push(done);
      say(lineOf(stage, done));
    }
    const { movesPerClientAndDeploy: movesPerClient, ...limits } = LIMITS.deploy;
    const figures = storyOf(stage, { quiet, acts }, { movesPerClient, ...limits });
    return { acts, figures: [{ what: 'deploys', value: acts.length }, ...figures] };
  },
};

/** Replaces every gateway, and waits until the last old one is gone. */
async function rollOut({ cluster }: Stage): Promise<void> {
  await inNamespace('rollout', 'restart', 'deployment/gateway');
  await inNamespace('rollout', 'status', 'deployment/gateway', `--timeout=${ROLLED_MS / 1_000}s`);
  await untilSize(cluster.watch, GATEWAYS, ROLLED_MS);
}
