import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@kittiwake/base';
import { detect, sizeOf } from './detect.ts';
import { type Image, planImages, type Step } from './plan.ts';

/** `npm run images`: builds and tags both images, loads them where KUBECONFIG points, and says what it did. */
const tag = process.env['KITTIWAKE_IMAGE_TAG'] ?? 'dev';
const images: readonly Image[] = ['gateway', 'controller'].map(service => ({
  tag: `kittiwake/${service}:${tag}`,
  dockerfile: `infra/docker/${service}.Dockerfile`,
}));

const HELP = `Builds the images of gateway and controller, and loads them where KUBECONFIG points: kind, k3d, minikube or the test cluster.

  npm run images                               kittiwake/gateway:dev and kittiwake/controller:dev
  KITTIWAKE_IMAGE_TAG=1.2.3 npm run images     with another tag

Builds with docker, buildah or podman, whichever is there.`;

if (process.argv.includes('--help')) {
  console.log(HELP);
  process.exit(0);
}
process.chdir(new URL('../..', import.meta.url).pathname);
const detected = detect(process.env['KUBECONFIG']);
const directory = mkdtempSync(join(tmpdir(), 'kittiwake-images-'));
const plan = planImages(images, detected, directory);
if (plan.kind === 'impossible') {
  console.error(plan.why);
  process.exitCode = 1;
} else {
  const done = runAll(plan.steps);
  if (done) report();
  if (plan.note !== undefined) console.log(plan.note);
  process.exitCode = done ? 0 : 1;
}
rmSync(directory, { recursive: true, force: true });

/** Runs steps until one fails; each is a line of the table. */
function runAll(steps: readonly Step[]): boolean {
  for (const { what, command } of steps) {
    const [program = '', ...args] = command;
    const startedAtMs = systemClock.monotonicMs();
    const run = spawnSync(program, args, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
    const seconds = ((systemClock.monotonicMs() - startedAtMs) / 1_000).toFixed(1);
    console.log(`${run.status === 0 ? 'done  ' : 'failed'} ${seconds.padStart(6)} s  ${what}`);
    if (run.status === 0) continue;
    console.error(`${command.join(' ')}\n${run.stderr ?? ''}${run.error?.message ?? ''}`);
    return false;
  }
  return true;
}

function report(): void {
  // The test cluster builds with buildah, whatever else is installed.
  const builder = detected.cluster.kind === 'test' ? 'buildah' : detected.builders[0];
  for (const image of images) {
    const bytes = builder === undefined ? undefined : sizeOf(builder, image.tag);
    console.log(
      `image  ${bytes === undefined ? 'size unknown' : `${Math.round(bytes / 1e6)} MB`.padStart(8)}  ${image.tag}`,
    );
  }
}
