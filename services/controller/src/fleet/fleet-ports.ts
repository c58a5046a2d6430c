import type { Result } from '@kittiwake/base';
import type { HandoverAnswer, HandoverError, HandoverRequest } from '../gateways/handover.ts';
import type { Fleet, Gateway } from './fleet.ts';

/** What everybody calls who does something about the gateways. */
export type FleetPorts = {
  /** The gateways of this moment. */
  fleet(): Fleet;
  /** [R3] Asked before each write, and before a gateway is told anything. */
  holdsLease(): boolean;
  /** Says what was decided: as a Kubernetes Event about that object, in the log, and in the status. */
  announce(reason: string, note: string, about?: Subject): void;
};

/** What tells gateways to hand over. */
export type HandoverPort = {
  handOver(gateway: Gateway, request: HandoverRequest): Promise<Result<HandoverAnswer, HandoverError>>;
};

/** What an announcement is about. */
export type Subject = {
  readonly kind: 'Pod' | 'Deployment';
  readonly name: string;
  readonly uid: string;
};
