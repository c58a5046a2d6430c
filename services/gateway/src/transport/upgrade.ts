import {
  type Format,
  RESUME_SUBPROTOCOL,
  SUBPROTOCOL,
  TELL_SUBPROTOCOL,
  TOKEN_SUBPROTOCOL_PREFIX,
} from '@kittiwake/protocol';
import type { Lane } from '../limits/admission.ts';
import type { QuotaVerdict } from '../limits/connection-quota.ts';

/** What a handshake asks for (RFC 6455 §4.1), as its headers say it. */
export type UpgradeRequest = {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly upgrade: string | undefined;
  readonly key: string | undefined;
  readonly version: string | undefined;
  readonly origin: string | undefined;
  readonly protocols: string | undefined;
};

/** What the gateway knows besides. */
export type UpgradeRules = {
  readonly path: string;
  readonly origins: readonly string[];
  readonly withoutOrigin: boolean;
  readonly draining: boolean;
  readonly quota: QuotaVerdict;
};

/** Why a handshake is refused: the answer's stable `kind`, its status, and the `result` it is counted under. */
export const REFUSALS = {
  draining: { status: 503, result: 'draining' },
  storm: { status: 503, result: 'storm' },
  gateway_full: { status: 503, result: 'too_many_connections' },
  address_full: { status: 429, result: 'too_many_connections_of_address' },
  forbidden_origin: { status: 403, result: 'forbidden_origin' },
  unsupported_protocol: { status: 400, result: 'unsupported_protocol' },
  unsupported_version: { status: 426, result: 'unsupported_protocol' },
  not_found: { status: 404, result: 'bad_request' },
  not_a_websocket: { status: 400, result: 'bad_request' },
  malformed_request: { status: 400, result: 'bad_request' },
  headers_too_large: { status: 431, result: 'header_too_large' },
  handshake_timeout: { status: 408, result: 'timeout' },
} as const;
export type RefusalKind = keyof typeof REFUSALS;

/** The outcome. `subprotocol` is what the answer names; `token` was offered as a subprotocol and is never answered. */
export type UpgradeDecision =
  | {
      readonly verdict: 'accept';
      readonly format: Format;
      readonly subprotocol: string | undefined;
      readonly token: string | undefined;
    }
  | { readonly verdict: 'reject'; readonly kind: RefusalKind };

/** A subprotocol per version and format, a token, and room for versions to come. */
const OFFERS_MAX = 16;
const KEY = /^[+/0-9A-Za-z]{22}==$/;
const OFFER = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Decides on a handshake (rules T1, T2). Pure; the cheapest questions come first, because a storm is refused by them. */
export function decideUpgrade(request: UpgradeRequest, rules: UpgradeRules): UpgradeDecision {
  if (rules.draining) return reject('draining');
  if (request.url?.split('?', 1)[0] !== rules.path) return reject('not_found');
  if (request.method !== 'GET' || request.upgrade?.toLowerCase() !== 'websocket')
    return reject('not_a_websocket');
  if (request.key === undefined || !KEY.test(request.key)) return reject('not_a_websocket');
  if (request.version !== '13') return reject('unsupported_version');
  if (!mayComeFrom(request.origin, rules)) return reject('forbidden_origin');
  const offers = readOffers(request.protocols);
  const choice = offers === undefined ? undefined : chooseSubprotocol(offers);
  if (offers === undefined || choice === undefined) return reject('unsupported_protocol');
  if (rules.quota !== 'admitted') return reject(rules.quota);
  const offered = offers.find(offer => offer.startsWith(TOKEN_SUBPROTOCOL_PREFIX));
  return { verdict: 'accept', ...choice, token: offered?.slice(TOKEN_SUBPROTOCOL_PREFIX.length) };
}

/**
 * The format to speak, in the gateway's order of preference. Who offers nothing gets JSON, and no subprotocol in the
 * answer; who offers only others gets nothing, because a client must fail where the answer names none of its offers.
 */
export function chooseSubprotocol(
  offers: readonly string[],
): { readonly format: Format; readonly subprotocol: string | undefined } | undefined {
  if (offers.length === 0) return { format: 'json', subprotocol: undefined };
  for (const format of ['json', 'msgpack'] as const) {
    if (offers.includes(SUBPROTOCOL[format])) return { format, subprotocol: SUBPROTOCOL[format] };
  }
  return undefined;
}

/**
 * Whether a client says that it has a session to continue (SPEC L7). Asked before anything is checked, and believed for
 * nothing but its place in the queue: so the text is searched, not parsed.
 */
export function laneOf(protocols: string | undefined): Lane {
  return protocols?.includes(RESUME_SUBPROTOCOL) === true ? 'resume' : 'new';
}

/** Whether a client would not see why it is refused: a browser, or one that says so (SPEC L8). Believed, as the lane is. */
export function mustBeTold(origin: string | undefined, protocols: string | undefined): boolean {
  return origin !== undefined || protocols?.includes(TELL_SUBPROTOCOL) === true;
}

function reject(kind: RefusalKind): UpgradeDecision {
  return { verdict: 'reject', kind };
}

function mayComeFrom(origin: string | undefined, rules: UpgradeRules): boolean {
  if (origin === undefined) return rules.withoutOrigin;
  return rules.origins.includes(origin) || rules.origins.includes('*');
}

/** The offered subprotocols; `undefined` where the header is malformed, repeats one, or offers too many. */
function readOffers(header: string | undefined): readonly string[] | undefined {
  if (header === undefined) return [];
  const offers = header.split(',', OFFERS_MAX + 1).map(offer => offer.trim());
  const valid = offers.length <= OFFERS_MAX && offers.every(offer => OFFER.test(offer));
  return valid && new Set(offers).size === offers.length ? offers : undefined;
}
