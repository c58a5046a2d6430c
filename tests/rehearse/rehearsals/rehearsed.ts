import type { Rehearsal } from '../rehearsal.ts';
import type { RehearsalName } from '../rehearse-options.ts';
import { brokerDown } from './broker-down.ts';
import { deploy } from './deploy.ts';
import { nodeLoss } from './node-loss.ts';
import { scaleIn } from './scale-in.ts';
import { scaleOut } from './scale-out.ts';
import { slowReaders } from './slow-readers.ts';
import { storm } from './storm.ts';

/** Every rehearsal, by its name. */
export const REHEARSED: { readonly [N in RehearsalName]: Rehearsal } = {
  deploy,
  'scale-out': scaleOut,
  'scale-in': scaleIn,
  storm,
  'node-loss': nodeLoss,
  'broker-down': brokerDown,
  'slow-readers': slowReaders,
};
