import type { CrowdPlan } from './crowd.ts';
import type { GatewayAddress } from './gateway-picker.ts';

/** What the drill asks of a process of clients, one at a time. */
export type CrowdCommand =
  | {
      readonly do: 'start';
      readonly plan: CrowdPlan;
      readonly journal: string;
      readonly signingKey: string;
      /** What clients are told; its host goes into the request, its path as well. */
      readonly url: string;
      readonly gateways: readonly GatewayAddress[];
      /** Writes down when things come as well (`pulse.ts`). */
      readonly pulse?: boolean;
    }
  | { readonly do: 'gateways'; readonly gateways: readonly GatewayAddress[] }
  | { readonly do: 'publish'; readonly on: boolean }
  | { readonly do: 'behind'; readonly heads: { readonly [channel: string]: number } }
  /** Ends the open window of the pulse, and begins the next one where it has a name. */
  | { readonly do: 'window'; readonly name?: string }
  | { readonly do: 'mark'; readonly round: number }
  | { readonly do: 'measure' };

/** The process itself: memory in bytes, time on a core in microseconds. */
export type ProcessMeasure = { readonly rssBytes: number; readonly cpuMicros: number };

/** What is asked, and under which number the answer is awaited. */
export type CrowdQuestion = { readonly ask: number; readonly command: CrowdCommand };

/** The answer: a count for `behind`, a measure for `measure`, nothing else for the rest. */
export type CrowdAnswer =
  | { readonly answer: number; readonly value?: number | ProcessMeasure }
  | { readonly answer: number; readonly failed: string };
