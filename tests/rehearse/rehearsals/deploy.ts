import { type Act, act } from '../act.ts';
import { rollOut } from '../cluster/rollout.ts';
import { lineOf, storyOf } from '../figures/story.ts';
import { LIMITS } from '../limits.ts';
import type { Rehearsal } from '../rehearsal.ts';

const GATEWAYS = 3;
const ROLLED_MS = 300_000;
const AFTER_MS = 8_000;

/** Rolls all gateways, again and again, while clients go on. */
export const deploy: Rehearsal = {
  introduction:
    'Every gateway is replaced by a new one (what `kubectl rollout restart deployment/gateway` does), again and again, while clients go on publishing and reading through the ingress.',
  gateways: GATEWAYS,
  crowd: { busyEveryMs: 50 },
  async play(stage, { quiet, options, say }) {
    const acts: Act[] = [];
    for (let number = 1; number <= options.times; number += 1) {
      const name = `deploy ${number}`;
      const run = (): Promise<void> => rollOut(stage.cluster, GATEWAYS, ROLLED_MS);
      const done = await act(stage, { name, kind: 'deploy', run, afterMs: AFTER_MS });
      acts.push(done);
      say(lineOf(stage, done));
    }
    const { movesPerClientAndDeploy: movesPerClient, ...limits } = LIMITS.deploy;
    const figures = storyOf(stage, { quiet, acts }, { movesPerClient, ...limits });
    return { acts, figures: [{ what: 'deploys', value: acts.length }, ...figures] };
  },
};
