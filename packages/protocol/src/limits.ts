/** Bounds of everything that crosses the wire. A gateway may be stricter; `connected` tells the client the ones that matter to it. */
export const LIMITS = {
  /** One message of a client, encoded. */
  messageBytesMax: 65_536,
  /** One message of a gateway, encoded: a publication is larger than the `publish` it came from, a presence list larger still. */
  serverMessageBytesMax: 4_194_304,
  /** Nesting of arrays and objects, checked before the text is parsed. */
  jsonDepthMax: 32,
  /** Keys of one object. */
  objectKeysMax: 256,
  /** Elements of one array. */
  arrayLengthMax: 10_000,
  channelNameBytesMax: 200,
  eventNameBytesMax: 128,
  idempotencyKeyBytesMax: 128,
  tokenBytesMax: 8_192,
  clientNameBytesMax: 128,
  /** Close reason, RFC 6455 §5.5: 125 bytes less the code. */
  closeReasonBytesMax: 123,
} as const;
