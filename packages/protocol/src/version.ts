/** The one protocol version that this build speaks. Change the wire → change this, and record the new lock. */
export const PROTOCOL_VERSION = 1;

/** Subprotocols of the WebSocket handshake (RFC 6455 §1.9), the gateway's order of preference. */
export const SUBPROTOCOL = { json: 'kittiwake.v1', msgpack: 'kittiwake.v1.msgpack' } as const;

/** A client that cannot send headers may offer its token as one more subprotocol: this prefix and the JWT. It is never echoed. */
export const TOKEN_SUBPROTOCOL_PREFIX = 'kittiwake.token.';

/**
 * A client that has a session to continue offers this as one more subprotocol, so that it is let in before new ones while a
 * storm is on (SPEC L7). It is never echoed, and gateways that do not know it ignore it.
 */
export const RESUME_SUBPROTOCOL = 'kittiwake.resume';

/**
 * A client that cannot see why a handshake was refused offers this as one more subprotocol, so that it is let in to be told when
 * to come back (SPEC L8). It is never echoed, and gateways that do not know it ignore it.
 */
export const TELL_SUBPROTOCOL = 'kittiwake.tell';

/** Path of the WebSocket endpoint. */
export const ENDPOINT_PATH = '/v1/ws';

/** How messages are written: JSON in text frames, or MessagePack in binary frames. */
export type Format = keyof typeof SUBPROTOCOL;
